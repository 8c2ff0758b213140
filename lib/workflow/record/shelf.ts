import { ahead } from '../../db/line'

/**
 * Rows by key that a recording will need, each asked for once. What can be foreseen is asked for early, together with other statements; what
 * turns out to be needed besides is asked for then.
 */
export class Shelf<Row> {
  readonly #load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>
  readonly #put = new Map<string, Row>()
  readonly #asked = new Map<string, Promise<ReadonlyMap<string, Row>>>()

  constructor(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>) {
    this.#load = load
  }

  /** Asks for what has not been asked for, in the order of the keys, and does not wait. */
  foresee(keys: Iterable<string>): void {
    const fresh = [...new Set(keys)].filter((key) => key !== '' && !this.#put.has(key) && !this.#asked.has(key)).sort()
    if (fresh.length === 0) return
    const coming = ahead(this.#load(fresh))
    for (const key of fresh) this.#asked.set(key, coming)
  }

  /** Says what a row is, or has become: it is not asked for. */
  put(key: string, row: Row): void {
    this.#put.set(key, row)
  }

  async get(keys: Iterable<string>): Promise<Map<string, Row>> {
    const wanted = [...keys]
    this.foresee(wanted)
    const found = new Map<string, Row>()
    for (const key of wanted) {
      const row = this.#put.get(key) ?? (await this.#asked.get(key))?.get(key)
      if (row !== undefined) found.set(key, row)
    }
    return found
  }
}
