import type { Pool } from 'pg'
import type { Vocabulary } from '../contract/validate'
import { knownVocabulary } from '../log/vocabulary'

const FRESH_MS = 5000

/** Convertible currencies and mapped codes as of at most a few seconds ago: they are asked for with every request. */
export class RecentVocabulary {
  #known: Vocabulary | undefined
  #at = 0
  #reading: Promise<Vocabulary> | undefined

  constructor(readonly pool: Pool) {}

  /** Rejects when Postgres cannot answer and never did. */
  async known(): Promise<Vocabulary> {
    if (this.#known && Date.now() - this.#at < FRESH_MS) return this.#known
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    if (!this.#known) return await this.#reading
    this.#reading.catch(() => undefined)
    return this.#known
  }

  async #read(): Promise<Vocabulary> {
    this.#known = await knownVocabulary((text) => this.pool.query(text))
    this.#at = Date.now()
    return this.#known
  }
}
