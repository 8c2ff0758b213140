import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client'

export type Reader = Database | Transaction

/** What a look at an invariant found. `examples` are the first that break it, in words that name the row. */
export interface Found {
  readonly checked: bigint
  readonly broken: bigint
  readonly examples: readonly string[]
}

/** Something that is true of the books and the goods at every moment, and how it is looked at. */
export interface Invariant {
  readonly id: string
  readonly title: string
  /** What is held, in a sentence. */
  readonly says: string
  look(tx: Reader, now: Date): Promise<Found>
}

const EXAMPLES = 12

/** An invariant as two questions: of how many things, and which of them break it (a column `what` that names each). */
export const bySql =
  (checked: SQL, broken: SQL) =>
  async (tx: Reader): Promise<Found> => {
    const { rows } = await tx.execute<{ checked: string; broken: string; examples: string[] | null }>(sql`
      WITH broken AS MATERIALIZED (${broken})
      SELECT (${checked})::text AS checked, (SELECT count(*) FROM broken)::text AS broken,
        (SELECT jsonb_agg(what) FROM (SELECT what FROM broken ORDER BY what LIMIT ${EXAMPLES}) few) AS examples`)
    const [row] = rows
    return {
      checked: BigInt(row?.checked ?? 0),
      broken: BigInt(row?.broken ?? 0),
      examples: row?.examples ?? [],
    }
  }

export const firstOf = (examples: readonly string[]): readonly string[] => examples.slice(0, EXAMPLES)
