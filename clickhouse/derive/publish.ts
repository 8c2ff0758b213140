import { compact } from './compact'
import { count, type Derivation, type Parameters, rateBounds, rows, run } from './context'
import { gather } from './gather'
import { countCarrying, queueBatches, queueCarrying, queueSlice, type SourceCode, writeLineage } from './queue'
import { allMonths, rebuildRollups, touchedMonths } from './rollups'
import { deriveSales, SALE_COLUMNS } from './sales'
import { deriveUnits, UNIT_COLUMNS } from './units'

/**
 * Up to so many units, working on the plan of the derivation takes longer than what it saves: it reads one small table that is in memory
 * anyway. Without it a lone unit is derived in about half the time.
 */
const FEW = 1_000
const AS_WRITTEN = { query_plan_enable_optimizations: 0, max_threads: 1 } as const

/** How many units or order lines one statement derives at a time: bounds its memory. */
const SLICE = 60_000

export const LINES = "SELECT ref FROM publish_queue WHERE generation = {generation:UInt64} AND kind = 'line'"
export const UNITS = "SELECT ref FROM publish_queue WHERE generation = {generation:UInt64} AND kind = 'unit'"
const names = (columns: readonly string[]) => columns.map((name) => `\`${name}\``).join(', ')

/** `units`: about how many are queued. */
export async function publishQueuedUnits(
  d: Derivation,
  parameters: Parameters & { generation: bigint },
  units: number,
): Promise<void> {
  await writeLineage(d, parameters.generation)
  const gathered = await gather(d, parameters)
  await run(
    d,
    `INSERT INTO units (${names(UNIT_COLUMNS)}, version) SELECT ${names(UNIT_COLUMNS)}, {generation:UInt64} FROM (${deriveUnits})`,
    { ...parameters, gathered },
    units <= FEW ? AS_WRITTEN : {},
  )
  await run(
    d,
    `INSERT INTO units (cohort_day, unit_id, version, is_deleted)
     SELECT cohort_day, unit_id, {generation:UInt64}, 1 FROM unit_home FINAL WHERE unit_id IN (${UNITS}) AND generation < {generation:UInt64}`,
    parameters,
  )
}

export async function publishQueuedSales(
  d: Derivation,
  parameters: Parameters & { generation: bigint },
): Promise<void> {
  await run(
    d,
    `INSERT INTO sales (${names(SALE_COLUMNS)}, version) SELECT ${names(SALE_COLUMNS)}, {generation:UInt64} FROM (${deriveSales(LINES)})`,
    parameters,
  )
  await run(
    d,
    `INSERT INTO sales (sold_day, order_line_id, version, is_deleted)
     SELECT sold_day, order_line_id, {generation:UInt64}, 1 FROM sale_home FINAL WHERE order_line_id IN (${LINES}) AND generation < {generation:UInt64}`,
    parameters,
  )
}

/**
 * Publishes everything that the batches touched. Returns the months whose rollups are now behind, for `rebuildRollups`. The caller holds
 * the publisher's lock.
 */
export async function publishBatches(
  d: Derivation,
  batches: readonly bigint[],
): Promise<{ units: number; lines: number; months: number[] }> {
  if (batches.length === 0) return { units: 0, lines: 0, months: [] }
  const generation = await d.nextGeneration()
  const parameters = { ...(await rateBounds(d)), generation }
  await queueBatches(d, generation, batches)
  const [sizes] = await rows<{ units: string; lines: string }>(
    d,
    "SELECT countIf(kind = 'unit') AS units, countIf(kind = 'line') AS lines FROM publish_queue WHERE generation = {generation:UInt64}",
    { generation },
  )
  const units = Number(sizes?.units ?? 0)
  const lines = Number(sizes?.lines ?? 0)
  if (lines > 0) await publishQueuedSales(d, parameters)
  const months = lines > 0 ? await touchedMonths(d, generation) : []
  if (units > 0) await publishQueuedUnits(d, parameters, units)
  return { units, lines, months }
}

/** Derives the units anew that carry one of these codes: their meaning has changed. Returns how many carry one themselves. */
export async function publishCodes(d: Derivation, codes: readonly SourceCode[]): Promise<number> {
  const units = codes.length === 0 ? 0 : await countCarrying(d, codes)
  const bounds = await rateBounds(d)
  for (const { slice, slices } of slicesOf('unit', units)) {
    const generation = await d.nextGeneration()
    await queueCarrying(d, generation, codes, slice, slices)
    await publishQueuedUnits(d, { ...bounds, generation }, units)
  }
  return units
}

/** Derives everything anew, slice by slice, and every rollup. `onProgress` gets the share done, 0 to 1. */
export async function publishAll(
  d: Derivation,
  onProgress?: (share: number) => void,
): Promise<{ units: number; lines: number }> {
  const bounds = await rateBounds(d)
  const lines = await count(d, 'SELECT uniqExact(order_line_id) AS n FROM sale_events')
  const units = await count(
    d,
    'SELECT uniqExact(unit_id) AS n FROM (SELECT unit_id FROM unit_events UNION ALL SELECT unit_id FROM unit_refs)',
  )
  const steps = [
    ...slicesOf('line', lines).map((slice) => ({ ...slice, publish: publishQueuedSales })),
    ...slicesOf('unit', units).map((slice) => ({ ...slice, publish: publishQueuedUnits })),
  ]
  for (const [done, { kind, slice, slices, publish }] of steps.entries()) {
    const generation = await d.nextGeneration()
    await queueSlice(d, generation, kind, slice, slices)
    await publish(d, { ...bounds, generation }, kind === 'unit' ? units : lines)
    onProgress?.((done + 1) / (steps.length + 1))
  }
  await rebuildRollups(d, await allMonths(d))
  await compact(d)
  onProgress?.(1)
  return { units, lines }
}

function slicesOf(kind: 'unit' | 'line', size: number): { kind: 'unit' | 'line'; slice: number; slices: number }[] {
  const slices = Math.ceil(size / (kind === 'line' ? SLICE * 5 : SLICE))
  return Array.from({ length: slices }, (_, slice) => ({ kind, slice, slices }))
}
