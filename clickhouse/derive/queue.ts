import { count, type Derivation, type Parameters, run } from './context'

/** A split of a split of a split …: chains longer than this end there (docs/facts.md, section 4). */
const GENERATIONS = 8

const QUEUE = 'INSERT INTO publish_queue (generation, kind, ref)'
const QUEUED = "SELECT ref FROM publish_queue WHERE generation = {generation:UInt64} AND kind = 'unit'"

/** Queues what the batches touched: units, the units of touched facts and order lines, and their descendants; and order lines. */
export async function queueBatches(d: Derivation, generation: bigint, batches: readonly bigint[]): Promise<void> {
  const parameters = { generation, batches: batches.map(Number) }
  await run(
    d,
    `${QUEUE} SELECT {generation:UInt64}, 'line', ref FROM (SELECT DISTINCT ref FROM changed WHERE batch IN {batches:Array(UInt64)} AND kind = 'line')`,
    parameters,
  )
  await run(
    d,
    `${QUEUE} SELECT {generation:UInt64}, 'unit', unit_id FROM (
      SELECT ref AS unit_id FROM changed WHERE batch IN {batches:Array(UInt64)} AND kind = 'unit'
      UNION DISTINCT
      SELECT unit_id FROM ref_units WHERE (kind, ref) IN (SELECT kind, ref FROM changed WHERE batch IN {batches:Array(UInt64)} AND kind != 'unit'))`,
    parameters,
  )
  await queueDescendants(d, { generation })
}

/** Queues one slice of everything: of `slices` slices by hash, number `slice`. */
export async function queueSlice(
  d: Derivation,
  generation: bigint,
  kind: 'unit' | 'line',
  slice: number,
  slices: number,
): Promise<void> {
  const everything =
    kind === 'unit'
      ? 'SELECT unit_id AS ref FROM unit_events UNION ALL SELECT unit_id FROM unit_refs'
      : 'SELECT order_line_id AS ref FROM sale_events'
  await run(
    d,
    `${QUEUE} SELECT DISTINCT {generation:UInt64}, {kind:String}, ref FROM (${everything}) WHERE cityHash64(ref) % {slices:UInt32} = {slice:UInt32}`,
    { generation, kind, slice, slices },
  )
}

/** A code of a source, by the column of `unit_events` that holds it. */
export interface SourceCode {
  readonly source: string
  readonly list: 'reason' | 'finding' | 'condition' | 'disposition'
  readonly outside: string
}

/** The condition of the events that carry one of these codes, and its parameters. */
function carrying(codes: readonly SourceCode[]): { condition: string; parameters: Parameters } {
  const lists = [...new Set(codes.map(({ list }) => list))]
  const parameters: Record<string, readonly string[]> = {}
  const conditions = lists.map((list) => {
    const own = codes.filter((each) => each.list === list)
    parameters[`${list}_sources`] = own.map(({ source }) => source)
    parameters[`${list}_codes`] = own.map(({ outside }) => outside)
    return `has(arrayZip({${list}_sources:Array(String)}, {${list}_codes:Array(String)}), (toString(source), toString(${list})))`
  })
  return { condition: conditions.join(' OR '), parameters }
}

/** How many units carry one of these codes. */
export async function countCarrying(d: Derivation, codes: readonly SourceCode[]): Promise<number> {
  const { condition, parameters } = carrying(codes)
  return count(d, `SELECT uniqExact(unit_id) AS n FROM unit_events WHERE ${condition}`, parameters)
}

/** Queues one slice of the units that carry one of these codes, and their descendants, which begin with their past. */
export async function queueCarrying(
  d: Derivation,
  generation: bigint,
  codes: readonly SourceCode[],
  slice: number,
  slices: number,
): Promise<void> {
  const { condition, parameters } = carrying(codes)
  await run(
    d,
    `${QUEUE} SELECT DISTINCT {generation:UInt64}, 'unit', unit_id FROM unit_events WHERE cityHash64(unit_id) % {slices:UInt32} = {slice:UInt32} AND (${condition})`,
    { ...parameters, generation, slice, slices },
  )
  await queueDescendants(d, { generation })
}

async function queueDescendants(d: Derivation, parameters: Parameters): Promise<void> {
  const next = `SELECT DISTINCT unit_id FROM ref_units WHERE kind = 'parent' AND ref IN (${QUEUED}) AND unit_id NOT IN (${QUEUED})`
  for (let depth = 0; depth < GENERATIONS; depth += 1) {
    if ((await count(d, `SELECT count() AS n FROM (${next})`, parameters)) === 0) return
    await run(d, `${QUEUE} SELECT {generation:UInt64}, 'unit', unit_id FROM (${next})`, parameters)
  }
}

/**
 * Writes the lineage of the queued units: itself, its parent up to the split, the parent's parent up to the earlier of both splits, and so
 * on. The parent is the unit whose latest live split event names the child; of several, the latest such event.
 */
export async function writeLineage(d: Derivation, generation: bigint): Promise<void> {
  const parameters = { generation }
  await run(
    d,
    `INSERT INTO publish_lineage (generation, unit_id, ancestor_id, cutoff, depth, quantity)
     SELECT {generation:UInt64}, ref, ref, toDateTime64('2199-01-01 00:00:00', 3, 'UTC'), 0, 0 FROM (${QUEUED})`,
    parameters,
  )
  for (let depth = 1; depth <= GENERATIONS; depth += 1) {
    const level =
      'SELECT unit_id, ancestor_id, cutoff FROM publish_lineage WHERE generation = {generation:UInt64} AND depth = {depth:UInt8}'
    const before = { ...parameters, depth: depth - 1 }
    const candidates = `SELECT ref FROM unit_refs WHERE kind = 'parent' AND unit_id IN (SELECT ancestor_id FROM (${level}))`
    if ((await count(d, `SELECT count() AS n FROM (${candidates})`, before)) === 0) return
    await run(
      d,
      `INSERT INTO publish_lineage (generation, unit_id, ancestor_id, cutoff, depth, quantity)
       SELECT {generation:UInt64}, l.unit_id, s.parent, least(l.cutoff, s.time), {depth:UInt8} + 1, s.quantity
       FROM (${level}) AS l
       INNER JOIN (
         SELECT child, argMax((parent, time, quantity), ord) AS latest, latest.1 AS parent, latest.2 AS time, latest.3 AS quantity
         FROM (
           SELECT unit_id AS parent, split.1 AS ord, split.1.1 AS time, arrayJoin(split.2) AS piece, piece.1 AS child, piece.2 AS quantity
           FROM (
             SELECT unit_id, argMax(((time, sequence, toString(source), id), into), (time, sequence, source, id)) AS split
             FROM (SELECT * FROM unit_events FINAL WHERE unit_id IN (${candidates}) AND type = 'unit.split.v1' AND voided = 0)
             GROUP BY unit_id
           )
         )
         GROUP BY child
       ) AS s ON s.child = l.ancestor_id
       WHERE s.parent != l.unit_id
         AND (l.unit_id, s.parent) NOT IN (SELECT unit_id, ancestor_id FROM publish_lineage WHERE generation = {generation:UInt64})`,
      before,
    )
  }
}
