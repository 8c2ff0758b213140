import { spawn, spawnSync } from 'node:child_process'
import { sleep } from '../servers/child'
import type { Stack } from './stack'

/** System calls at which ClickHouse is killed while it takes an insert: before a part is in its place, and before it has answered. */
export const CRASH_POINTS = ['rename,renameat,renameat2', 'fdatasync,fsync', 'sendto'] as const

/** Whether this machine can inject faults into system calls; installs what it takes where it may. */
export function canInject(): boolean {
  const has = () => spawnSync('strace', ['-V']).status === 0
  if (has()) return true
  if (process.getuid?.() !== 0) return false
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'strace'], { stdio: 'ignore', timeout: 120_000 })
  return has()
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
