import { type Derivation, rows, run } from './context'

/** Served tables that are read with FINAL. */
const SERVED = ['units', 'sales'] as const

/** A partition as small as this is put together whenever it lies in pieces; a larger one when enough of it is outside its largest piece. */
const SMALL_ROWS = 400_000
const OUTSIDE_SHARE = 0.02

interface Scattered {
  table: string
  partition: string
}

/**
 * Puts the pieces of served partitions together, those with most of them first, `most` at a time. What is read does not change; how fast it is
 * read does: a partition in one piece needs no merging while it is read, which is a third to a fifth of the time. Needs no lock. Returns how
 * many it put together.
 */
export async function compact(d: Derivation, most = Number.POSITIVE_INFINITY): Promise<number> {
  const scattered = await rows<Scattered>(
    d,
    `SELECT table, partition_id AS partition FROM system.parts
     WHERE active AND database = currentDatabase() AND table IN ('${SERVED.join("', '")}')
     GROUP BY table, partition_id
     HAVING (count() > 1 OR max(level) = 0) AND (sum(rows) <= ${SMALL_ROWS} OR sum(rows) - max(rows) >= ${OUTSIDE_SHARE} * sum(rows))
     ORDER BY count() DESC`,
  )
  const chosen = scattered.slice(0, most)
  for (const { table, partition } of chosen) {
    if (!SERVED.some((each) => each === table) || !/^[\w-]+$/.test(partition)) continue
    await run(d, `OPTIMIZE TABLE ${table} PARTITION ID '${partition}' FINAL`)
  }
  return chosen.length
}
