import { describe, expect, it } from 'vitest'
import { launch } from '../servers/child'
import { isAlive } from '../servers/process-info'
import { type Running, type Service, Supervisor } from './supervisor'

/** A real process that runs `script` in a shell. */
const shell = (name: string, script: string): Service => ({
  name,
  start: async (): Promise<Running> => {
    const child = await launch({ command: '/bin/sh', args: ['-c', script] })
    return { ...child, stop: () => child.stop('SIGTERM', 2_000) }
  },
})

/** A supervisor that remembers what it said, and tells when a condition on the process ids holds. */
function supervisor() {
  const lines: string[] = []
  let pids: Readonly<Record<string, number>> = {}
  let wake = () => {}
  let gaveUp: (reason: string) => void = () => {}
  const givenUp = new Promise<string>((resolve) => {
    gaveUp = resolve
  })
  const made = new Supervisor({
    say: (line) => lines.push(line),
    onGiveUp: gaveUp,
    onChange: (now) => {
      pids = now
      wake()
    },
  })
  const until = async (condition: (now: typeof pids) => boolean) => {
    while (!condition(pids)) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return pids
  }
  return { made, lines, givenUp, until }
}

describe('the supervisor', () => {
  it('starts a killed service again, with a new process', async () => {
    const { made, lines, until } = supervisor()
    const first = await made.run(shell('sleeper', 'exec sleep 60'))
    process.kill(first.pid, 'SIGKILL')
    const { sleeper = 0 } = await until(({ sleeper }) => sleeper !== undefined && sleeper !== first.pid)
    expect(isAlive(sleeper)).toBe(true)
    expect(lines).toEqual(['sleeper ended (killed by SIGKILL); starting it again', 'sleeper is back'])
    await made.stop()
    expect(isAlive(sleeper)).toBe(false)
  })

  it('never tires of restarting what is killed from outside', async () => {
    const { made, until } = supervisor()
    let { pid } = await made.run(shell('sleeper', 'exec sleep 60'))
    for (let kill = 0; kill < 20; kill++) {
      process.kill(pid, 'SIGKILL')
      const last = pid
      pid = (await until(({ sleeper }) => sleeper !== undefined && sleeper !== last)).sleeper ?? 0
    }
    expect(isAlive(pid)).toBe(true)
    await made.stop()
  })

  it('gives up on a service that keeps failing, and says its last words', async () => {
    const { made, givenUp } = supervisor()
    await made.run(shell('broken', 'echo "the disk is full" >&2; exit 3'))
    expect(await givenUp).toMatch(/^broken does not stay up\. Its last words:\nthe disk is full/)
    await made.stop()
  })

  it('stops in the reverse order of starting, and waits', async () => {
    const { made } = supervisor()
    const order: string[] = []
    for (const name of ['postgres', 'clickhouse', 'worker', 'web']) {
      const service = shell(name, 'exec sleep 60')
      await made.run({
        name,
        start: async (stopping) => {
          const running = await service.start(stopping)
          void running.exited.then(() => order.push(name))
          return running
        },
      })
    }
    await made.stop()
    expect(order).toEqual(['web', 'worker', 'clickhouse', 'postgres'])
  })

  it('ends a service that is still coming up when it is told to stop', async () => {
    const { made } = supervisor()
    const service = shell('slow', 'exec sleep 60')
    let pid = 0
    const starting = made.run({
      name: 'slow',
      start: async (stopping) => {
        const running = await service.start(stopping)
        pid = running.pid
        await new Promise((resolve) => setTimeout(resolve, 200))
        return running
      },
    })
    const refused = expect(starting).rejects.toThrow('stopping')
    await made.stop()
    await refused
    expect(isAlive(pid)).toBe(false)
  })

  it('does not start anything while stopping', async () => {
    const { made } = supervisor()
    await made.stop()
    await expect(made.run(shell('late', 'exec sleep 60'))).rejects.toThrow('stopping')
  })
})
