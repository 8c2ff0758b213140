import { and, eq, gt, sql } from 'drizzle-orm'
import { stockCount } from '../../db/schema'
import type { Status } from '../../returns/codes'
import { isReturnZone } from '../../returns/reconciliation'
import { type Recorder, raise, resolveByMachine } from '../exceptions'
import { audit } from '../record/audit'
import type { Doer } from '../record/types'
import { carriedAtPlace, expectedAt, type Place, placeKey } from './places'

export interface Counted extends Place {
  readonly id: string
  readonly counted: number
  readonly actor: string
  readonly at: Date
}

export interface KeptCount {
  readonly countId: string
  readonly expected: number
  readonly difference: number
  readonly exceptionId: string | null
}

/**
 * Keeps a count beside what the stock ledger says of that place at that moment. A difference in a return zone is an exception, once; a later
 * count that agrees ends it. The same count again changes nothing; a corrected one (a later time) takes its place.
 */
export async function keepCount(
  recorder: Recorder,
  count: Counted,
  { raises = true, counter = recorder.doer }: { readonly raises?: boolean; readonly counter?: Doer } = {},
): Promise<KeptCount | undefined> {
  const { tx } = recorder
  const [known] = await tx.select().from(stockCount).where(eq(stockCount.id, count.id)).for('update')
  if (known && known.at >= count.at) return undefined
  const expected = await expectedAt(tx, count, count.at)
  const { id, facility, location, sku, status, counted, actor, at } = count
  const row = { id, facility, location, sku, status, counted, expected, actor, at, settled: counted === expected }
  await tx.insert(stockCount).values(row).onConflictDoUpdate({ target: stockCount.id, set: row })
  await audit(tx, counter, recorder.at, [
    {
      action: known ? 'stock.count_corrected' : 'stock.counted',
      objectType: 'stock_count',
      objectId: id,
      diff: { place: [null, placeKey(count)], expected: [null, expected], counted: [known?.counted ?? null, counted] },
    },
  ])
  const difference = counted - expected
  const kept = { countId: id, expected, difference, exceptionId: null }
  // An older count says nothing about how it is now, and other zones are other systems' business.
  if (!raises || !isReturnZone(status) || (await countedSince(recorder, count))) return kept
  const subject = placeKey(count)
  if (difference === 0) {
    await settleEarlier(recorder, count)
    await resolveByMachine(recorder, {
      kind: 'stock_difference',
      unitId: '',
      subject,
      resolution: 'recounted',
      note: `Counted again: ${counted}, as booked.`,
    })
    return kept
  }
  const [carried] = await carriedAtPlace(tx, count)
  const size = BigInt(difference < 0 ? -difference : difference)
  const exceptionId = await raise(recorder, {
    kind: 'stock_difference',
    subject,
    ...(carried ? { value: carried.unitValue * size, currency: carried.currency, entity: carried.entity } : {}),
    facility,
    message: `${sku} at ${facility}, ${location || 'no location'}, ${(status as Status).replaceAll('_', ' ')}: counted ${counted}, booked ${expected}.`,
    detail: { countId: id, ...placeOf(count), counted, expected },
  })
  return { ...kept, exceptionId }
}

const placeOf = ({ facility, location, sku, status }: Place) => ({ facility, location, sku, status })

const samePlace = (place: Place) =>
  and(
    eq(stockCount.facility, place.facility),
    eq(stockCount.location, place.location),
    eq(stockCount.sku, place.sku),
    eq(stockCount.status, place.status),
  )

async function countedSince({ tx }: Recorder, count: Counted): Promise<boolean> {
  const [later] = await tx
    .select({ id: stockCount.id })
    .from(stockCount)
    .where(and(samePlace(count), gt(stockCount.at, count.at)))
    .limit(1)
  return later !== undefined
}

/** Earlier differences of the place are over with a count that agrees. */
async function settleEarlier({ tx }: Recorder, count: Counted): Promise<void> {
  await tx
    .update(stockCount)
    .set({ settled: true })
    .where(
      and(
        samePlace(count),
        eq(stockCount.settled, false),
        sql`${stockCount.at} <= ${count.at.toISOString()}::timestamptz`,
      ),
    )
}
