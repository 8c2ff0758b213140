import type { Pool } from 'pg'
import { knownCurrencies } from '../log/currencies'

const FRESH_MS = 5000

/** The convertible currencies as of at most a few seconds ago: they are asked for with every request. */
export class Currencies {
  #known: ReadonlySet<string> | undefined
  #at = 0
  #reading: Promise<ReadonlySet<string>> | undefined

  constructor(readonly pool: Pool) {}

  /** Rejects when Postgres cannot answer and never did. */
  async known(): Promise<ReadonlySet<string>> {
    if (this.#known && Date.now() - this.#at < FRESH_MS) return this.#known
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    if (!this.#known) return await this.#reading
    this.#reading.catch(() => undefined)
    return this.#known
  }

  async #read(): Promise<ReadonlySet<string>> {
    this.#known = await knownCurrencies(this.pool)
    this.#at = Date.now()
    return this.#known
  }
}
