import type { Pool } from 'pg'
import { sqlState } from '../../lib/db/client'
import type { Rejected } from '../quarantine/store'
import { acceptRows } from './accept'
import type { LogRow, Outcome } from './append'

/** One request's share: its events and what it has for quarantine, from one origin. */
export interface Share {
  readonly rows: readonly LogRow[]
  readonly rejected: readonly Rejected[]
  readonly origin: string
}

interface Waiting extends Share {
  readonly resolve: (outcomes: Outcome[]) => void
  readonly reject: (error: unknown) => void
}

/** Transactions at once. While they are under way requests gather behind them, so that a busy service commits in groups by itself. */
const LANES = 2
const MOST_ROWS = 5000
/** Data that Postgres would not take, as opposed to a server that is away: only the request that brought it may fail by it. */
const ABOUT_THE_DATA = /^(22|23|54)/

/**
 * Shares transactions between concurrent requests: one commit for many of them, and no waiting when there is nobody to wait for. A request's
 * promise resolves only after the commit that holds all of its events.
 */
export class GroupCommit {
  readonly #pool: Pool
  readonly #queue: Waiting[] = []
  #running = 0
  #idle: (() => void)[] = []

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Makes a request durable. Rejects with Postgres's failure when it could not be: then nothing of it counts as accepted. */
  submit(share: Share): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...share, resolve, reject })
      // In the next turn: what arrived together goes together.
      setImmediate(() => this.#start())
    })
  }

  /** Resolves when nothing is waiting and nothing is under way. */
  async settled(): Promise<void> {
    if (this.#running === 0 && this.#queue.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #start(): void {
    while (this.#running < LANES && this.#queue.length > 0) {
      this.#running++
      void this.#commit(this.#take()).finally(() => {
        this.#running--
        if (this.#queue.length > 0) this.#start()
        else if (this.#running === 0) for (const done of this.#idle.splice(0)) done()
      })
    }
  }

  #take(): Waiting[] {
    const group: Waiting[] = []
    for (let rows = 0; this.#queue.length > 0; ) {
      rows += this.#queue[0]!.rows.length + this.#queue[0]!.rejected.length
      if (group.length > 0 && rows > MOST_ROWS) break
      group.push(this.#queue.shift()!)
    }
    return group
  }

  async #commit(group: Waiting[]): Promise<void> {
    try {
      const origins = group.flatMap(({ rows, origin }) => rows.map(() => origin))
      const outcomes = await acceptRows(
        this.#pool,
        group.flatMap(({ rows }) => rows),
        (place) => origins[place] ?? '',
        group.flatMap(({ rejected }) => rejected),
      )
      let from = 0
      for (const { rows, resolve } of group) {
        resolve(outcomes.slice(from, from + rows.length))
        from += rows.length
      }
    } catch (error) {
      if (group.length > 1 && ABOUT_THE_DATA.test(sqlState(error) ?? '')) {
        for (const each of group) await this.#commit([each])
      } else {
        for (const { reject } of group) reject(error)
      }
    }
  }
}
