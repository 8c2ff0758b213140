import type { Pool } from 'pg'
import { env } from '../../lib/env'

const FRESH_MS = 5000

/**
 * The currencies that can be converted: the reporting currency and every one with an exchange rate. An event in another one would make a
 * number that nobody can check, so it waits in quarantine until its rate is there.
 */
export class Currencies {
  #known: ReadonlySet<string> | undefined
  #at = 0
  #reading: Promise<ReadonlySet<string>> | undefined

  constructor(readonly pool: Pool) {}

  /** As of at most a few seconds ago. Rejects when Postgres cannot answer and never did. */
  async known(): Promise<ReadonlySet<string>> {
    if (this.#known && Date.now() - this.#at < FRESH_MS) return this.#known
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    if (!this.#known) return this.#reading
    this.#reading.catch(() => undefined)
    return this.#known
  }

  async #read(): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<{ currency: string }>('SELECT DISTINCT currency FROM fx_rate')
    this.#known = new Set([env().BACKHAUL_CURRENCY, ...rows.map(({ currency }) => currency)])
    this.#at = Date.now()
    return this.#known
  }
}
