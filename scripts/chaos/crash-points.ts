import { spawn, spawnSync } from 'node:child_process'
import { sleep } from '../servers/child'
import type { Stack } from './stack'

/** System calls at which ClickHouse is killed while it takes an insert: before a part is in its place, and before it has answered. */
export const CRASH_POINTS = ['rename,renameat,renameat2', 'fdatasync,fsync', 'sendto'] as const

/**
 * Installs strace when it is not there. Answers with what to do when it cannot be had, or when it may not look at other processes; with nothing
 * when it may.
 */
export function withoutStrace(say: (line: string) => void): string | undefined {
  const has = () => spawnSync('strace', ['-V']).status === 0
  const attempts = [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'strace'],
  ]
  for (const args of has() ? [] : attempts) {
    say(`Installing strace: apt-get ${args.join(' ')}`)
    const { error, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: 120_000 })
    const trouble = error?.message ?? stderr
    if (trouble) say(trouble.trim())
  }
  if (!has()) {
    return (
      'ClickHouse cannot be killed between the steps of an insert without strace, and it could not be installed (see above). ' +
      'Install it, for example: apt-get install strace'
    )
  }
  const { status, stderr } = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  if (status === 0) return undefined
  return (
    `strace is here but may not trace (${stderr.trim()}), so ClickHouse cannot be killed between the steps of an insert. ` +
    'Allow it, for example in a container: docker run --cap-add SYS_PTRACE'
  )
}

/**
 * Kills ClickHouse at the `when`-th of the named system calls from now on. Resolves to whether it happened within five seconds of `trigger`,
 * which should make ClickHouse work.
 */
export async function killAt(
  stack: Stack,
  calls: string,
  when: number,
  trigger: () => Promise<void>,
): Promise<boolean> {
  const pid = stack.pid('ClickHouse')
  if (pid === undefined) return false
  const tracer = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-p',
      String(pid),
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${calls}:signal=SIGKILL:when=${when}`,
    ],
    {
      stdio: 'ignore',
    },
  )
  let ended = false
  tracer.once('exit', () => {
    ended = true
  })
  await sleep(300)
  await trigger()
  for (const deadline = Date.now() + 5_000; Date.now() < deadline && !ended && stack.pid('ClickHouse') === pid; )
    await sleep(50)
  const killed = stack.pid('ClickHouse') !== pid || ended
  tracer.kill('SIGKILL')
  return killed
}
