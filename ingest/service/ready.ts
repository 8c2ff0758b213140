import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'

const JOURNAL = join(import.meta.dirname, '../../lib/db/migrations/meta/_journal.json')
const FRESH_MS = 1000
const PATIENCE_MS = 2000

/** What keeps this process from taking events; `undefined` when nothing does. Asked at most once a second. */
export class Readiness {
  #answer: string | undefined = 'starting'
  #at = 0
  #asking: Promise<string | undefined> | undefined

  constructor(readonly pool: Pool) {}

  async missing(): Promise<string | undefined> {
    if (Date.now() - this.#at < FRESH_MS) return this.#answer
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<string | undefined> {
    this.#answer = await Promise.race([
      this.#schema(),
      new Promise<string>((resolve) => setTimeout(resolve, PATIENCE_MS, 'PostgreSQL does not answer').unref()),
    ])
    this.#at = Date.now()
    return this.#answer
  }

  /** Whether the database has this version's schema, or a later one. */
  async #schema(): Promise<string | undefined> {
    try {
      const journal: { entries: { when: number }[] } = JSON.parse(await readFile(JOURNAL, 'utf8'))
      const newest = Math.max(...journal.entries.map(({ when }) => when))
      const { rows } = await this.pool.query<{ at: bigint | null }>(
        'SELECT max(created_at) AS at FROM drizzle.__drizzle_migrations',
      )
      return Number(rows[0]?.at ?? 0) >= newest ? undefined : 'PostgreSQL is not migrated to this version'
    } catch (error) {
      const unknown = error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000')
      return unknown ? 'PostgreSQL is not migrated' : 'PostgreSQL does not answer'
    }
  }
}
