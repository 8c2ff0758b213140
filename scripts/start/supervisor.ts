import type { Exit } from '../servers/child'
import { sleep } from '../servers/child'

/** A started server or process, as `Supervisor` needs it. */
export interface Running {
  readonly pid: number
  readonly exited: Promise<Exit>
  /** Its last lines, for the reason when it fails. */
  readonly tail: () => string
  readonly stop: () => Promise<unknown>
}

export interface Service<R extends Running = Running> {
  readonly name: string
  /**
   * Resolves when it serves; rejects with the reason when it does not come up. Called again after each death. Should
   * stop waiting when `stopping` is aborted.
   */
  readonly start: (stopping: AbortSignal) => Promise<R>
}

interface Options {
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void
  /** Called once when a service cannot be kept running; the reason names it and ends with its last words. */
  readonly onGiveUp: (reason: string) => void
  /** Called after each start with the process ids by name. */
  readonly onChange?: (pids: Readonly<Record<string, number>>) => void
}

interface Entry {
  readonly name: string
  running: Running | undefined
  /** The first start, then the loop that keeps it running. */
  settled: Promise<void>
}

/** How often a service may fail before it ran for STEADY_MS; then it is broken, not unlucky. */
const FAILURES = 5
const STEADY_MS = 10_000
const backoff = (failures: number) => Math.min(5_000, 100 * 2 ** failures)

/**
 * Keeps services running: one that dies is started again, at once when it was killed from outside, after growing pauses
 * when it fails by itself. `stop` ends them in the reverse order of their start and waits for each.
 */
export class Supervisor {
  private readonly services: Entry[] = []
  private readonly abort = new AbortController()
  private stopping: Promise<void> | undefined

  constructor(private readonly options: Options) {}

  /** Starts a service and keeps it running. Rejects when the first start fails. */
  async run<R extends Running>(service: Service<R>): Promise<R> {
    if (this.stopping) throw new Error('Backhaul is stopping.')
    const starting = service.start(this.abort.signal)
    const entry: Entry = { name: service.name, running: undefined, settled: Promise.resolve() }
    // Its place in the order of stopping is that of this call, not of the moment when it serves.
    this.services.push(entry)
    entry.settled = starting.then(
      (first) => {
        entry.running = first
      },
      () => undefined,
    )
    const first = await starting
    await entry.settled
    if (this.stopping) throw new Error('Backhaul is stopping.')
    entry.settled = this.keep(service, entry, first)
    this.changed()
    return first
  }

  /** Ends every service, last started first. Safe to call more than once. */
  stop(): Promise<void> {
    this.abort.abort()
    this.stopping ??= (async () => {
      for (const entry of [...this.services].reverse()) {
        if (!entry.running) await entry.settled
        await entry.running?.stop()
        await entry.settled
      }
    })()
    return this.stopping
  }

  private changed() {
    const pids = this.services.flatMap(({ name, running }) => (running ? [[name, running.pid] as const] : []))
    this.options.onChange?.(Object.fromEntries(pids))
  }

  private async keep(service: Service, entry: Entry, first: Running) {
    let failures = 0
    for (let running: Running | undefined = first; running; ) {
      const since = Date.now()
      const exit: Exit = await running.exited
      const lastWords = running.tail()
      entry.running = undefined
      if (this.stopping) return
      if (exit.signal !== null || Date.now() - since > STEADY_MS) failures = 0
      else failures++
      this.options.say(`${service.name} ended (${howItEnded(exit)}); starting it again`)
      running = await this.again(service, failures, lastWords)
      entry.running = running
      if (!running) return
      if (this.stopping) {
        await running.stop()
        return
      }
      this.options.say(`${service.name} is back`)
      this.changed()
    }
  }

  /** Starts it until it serves, or gives up. Undefined when given up or stopping. */
  private async again(service: Service, before: number, lastWords: string): Promise<Running | undefined> {
    let reason = lastWords
    for (let failures = before; failures < FAILURES; failures++) {
      await sleep(failures === 0 ? 0 : backoff(failures))
      if (this.stopping) return undefined
      try {
        return await service.start(this.abort.signal)
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error)
      }
    }
    if (!this.stopping) this.options.onGiveUp(`${service.name} does not stay up. Its last words:\n${reason}`)
    return undefined
  }
}

const howItEnded = ({ code, signal }: Exit) => (signal ? `killed by ${signal}` : `exit code ${code}`)
