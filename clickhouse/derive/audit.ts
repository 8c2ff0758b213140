import { count, type Derivation, rateBounds, rows } from './context'
import { gather } from './gather'
import { LINES, publishQueuedSales, publishQueuedUnits, UNITS } from './publish'
import { queueSlice, writeLineage } from './queue'
import { touchedMonths } from './rollups'
import { deriveSales } from './sales'
import { deriveUnits } from './units'

export interface Stale {
  units: string[]
  lines: string[]
}

/** Keys whose served row is missing, doubled, in excess, or other than what its facts imply. */
const differing = (derived: string, table: string, key: string, queued: string) =>
  `SELECT key FROM (
     SELECT ${key} AS key, content FROM (${derived}) UNION ALL SELECT ${key}, content FROM ${table} FINAL WHERE ${key} IN (${queued})
   ) GROUP BY key HAVING count() != 2 OR uniqExact(content) != 1`

/** Compares one slice of what the facts imply with what is served, row by row. The caller holds the publisher's lock. */
export async function checkSlice(
  d: Derivation,
  slice: number,
  slices: number,
): Promise<{ checked: number; stale: Stale }> {
  const generation = await d.nextGeneration()
  const parameters = { ...(await rateBounds(d)), generation }
  await queueSlice(d, generation, 'unit', slice, slices)
  await queueSlice(d, generation, 'line', slice, slices)
  await writeLineage(d, generation)
  const gathered = await gather(d, parameters)
  const checked = await count(d, 'SELECT count() AS n FROM publish_queue WHERE generation = {generation:UInt64}', {
    generation,
  })
  const units = await rows<{ key: string }>(d, differing(deriveUnits, 'units', 'unit_id', UNITS), {
    ...parameters,
    gathered,
  })
  const lines = await rows<{ key: string }>(
    d,
    differing(deriveSales(LINES), 'sales', 'order_line_id', LINES),
    parameters,
  )
  return { checked, stale: { units: units.map(({ key }) => key), lines: lines.map(({ key }) => key) } }
}

/** Checks one slice and publishes what differs. A lasting number above zero means that a publisher lost a change. */
export async function auditSlice(
  d: Derivation,
  slice: number,
  slices: number,
): Promise<{ checked: number; repaired: number; months: number[] }> {
  const { checked, stale } = await checkSlice(d, slice, slices)
  const queued = [...stale.units.map((ref) => ['unit', ref]), ...stale.lines.map((ref) => ['line', ref])]
  if (queued.length === 0) return { checked, repaired: 0, months: [] }
  const generation = await d.nextGeneration()
  await d.client.insert({
    table: 'publish_queue',
    columns: ['generation', 'kind', 'ref'],
    values: queued.map(([kind, ref]) => [generation.toString(), kind, ref]),
    format: 'JSONCompactEachRow',
  })
  const parameters = { ...(await rateBounds(d)), generation }
  if (stale.lines.length > 0) await publishQueuedSales(d, parameters)
  const months = stale.lines.length > 0 ? await touchedMonths(d, generation) : []
  if (stale.units.length > 0) await publishQueuedUnits(d, parameters)
  return { checked, repaired: queued.length, months }
}
