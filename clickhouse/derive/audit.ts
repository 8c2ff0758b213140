import { count, type Derivation, rateBounds, rows } from './context'
import { gather, type Purpose } from './gather'
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

/**
 * Compares one slice of what the facts imply with what is served, row by row. It needs no lock, but one at a time of each purpose: what is
 * being published at this moment may show as a difference, which `repair` looks at again.
 */
export async function checkSlice(
  d: Derivation,
  slice: number,
  slices: number,
  purpose: 'audit' | 'verify' = 'audit',
): Promise<{ checked: number; stale: Stale }> {
  const generation = await d.nextGeneration()
  await queueSlice(d, generation, 'unit', slice, slices)
  await queueSlice(d, generation, 'line', slice, slices)
  const checked = await count(d, 'SELECT count() AS n FROM publish_queue WHERE generation = {generation:UInt64}', {
    generation,
  })
  return { checked, stale: await compareQueued(d, generation, purpose) }
}

async function compareQueued(d: Derivation, generation: bigint, purpose: Purpose): Promise<Stale> {
  const parameters = { ...(await rateBounds(d)), generation }
  await writeLineage(d, generation)
  const gathered = await gather(d, parameters, purpose)
  const units = await rows<{ key: string }>(d, differing(deriveUnits, 'units', 'unit_id', UNITS), {
    ...parameters,
    gathered,
  })
  const lines = await rows<{ key: string }>(
    d,
    differing(deriveSales(LINES), 'sales', 'order_line_id', LINES),
    parameters,
  )
  return { units: units.map(({ key }) => key), lines: lines.map(({ key }) => key) }
}

/** Puts keys into the queue of a generation. */
export async function queueKeys(d: Derivation, generation: bigint, keys: Stale): Promise<void> {
  const queued = [...keys.units.map((ref) => ['unit', ref]), ...keys.lines.map((ref) => ['line', ref])]
  await d.client.insert({
    table: 'publish_queue',
    columns: ['generation', 'kind', 'ref'],
    values: queued.map(([kind, ref]) => [generation.toString(), kind, ref]),
    format: 'JSONCompactEachRow',
  })
}

/**
 * Looks again at keys that an audit found different, now under the publisher's lock, which the caller holds, and publishes those that still
 * differ. A lasting number above zero means that a publisher lost a change.
 */
export async function repair(d: Derivation, suspects: Stale): Promise<{ repaired: number; months: number[] }> {
  if (suspects.units.length + suspects.lines.length === 0) return { repaired: 0, months: [] }
  const look = await d.nextGeneration()
  await queueKeys(d, look, suspects)
  const stale = await compareQueued(d, look, 'publish')
  if (stale.units.length + stale.lines.length === 0) return { repaired: 0, months: [] }
  const generation = await d.nextGeneration()
  await queueKeys(d, generation, stale)
  const parameters = { ...(await rateBounds(d)), generation }
  if (stale.lines.length > 0) await publishQueuedSales(d, parameters)
  const months = stale.lines.length > 0 ? await touchedMonths(d, generation) : []
  if (stale.units.length > 0) await publishQueuedUnits(d, parameters, stale.units.length)
  return { repaired: stale.units.length + stale.lines.length, months }
}
