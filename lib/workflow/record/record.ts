import type { AnyEvent } from '../../../ingest/contract/event'
import { appendEvents } from '../../../ingest/log/accept'
import { run, type Transaction } from '../../db/client'
import { ahead, inOrder } from '../../db/line'
import { upsertRows, upsertVersions } from '../../db/rows'
import { caseException, returnCost, returnUnit, rma, settlement, supplierClaim } from '../../db/schema'
import { statement } from '../../db/statement'
import { failpoint, failpointAfter } from '../../failpoint'
import type { CaseEvent } from '../../returns/case-event'
import { auditAll } from './audit-all'
import { moveStock } from './books'
import { changeFacts } from './change-facts'
import { changeUnits } from './change-units'
import { eventsOfUnits, isOfCase, keepEvents, subjectsOf } from './events'
import { lockFamilies, unitsOfOrders } from './family'
import { recomputePayments } from './payments'
import { postAll } from './post-all'
import { foreseeCases, rmaRows } from './rma-row'
import { takeSales } from './sales'
import { issueStoreCredit } from './store-credit'
import { type Surroundings, surroundings } from './surroundings'
import type { Change, Recorded, Recording, UnitRow } from './types'

const OUTSIDE = statement(`SELECT set_config('backhaul.outside', $1, true)`)

/**
 * The one way in which a case changes. Keeps the events, folds every unit, settlement, claim and exception that they touch from all of its
 * events, and writes the difference: rows, stock movements, journal entries, audit entries. Commands and outside events come the same way,
 * in one transaction of the caller's, and in any order to the same end.
 */
export async function record(tx: Transaction, recording: Recording): Promise<Recorded> {
  const [recorded] = await recordInTurn(tx, [recording])
  if (!recorded) throw new Error('A recording came to nothing')
  return recorded
}

/**
 * The same for several recordings of one command, each by whoever did it, as if one were made after the other: what the later ones begin with is
 * what the earlier ones made, without asking the database for it.
 */
export async function recordInTurn(tx: Transaction, recordings: readonly Recording[]): Promise<Recorded[]> {
  const all = recordings.flatMap(({ events }) => events)
  const orders = await takeSales(tx, all)
  const again = recordings.flatMap((each) => each.again ?? [])
  const { news, before } = await take(tx, all, recordings[0]?.commandId, orders, again)
  failpoint('after_case_events')
  const around = surroundings(tx)
  for (const { lines = [], products = [] } of recordings) {
    for (const line of lines) around.lines.put(line.id, line)
    for (const product of products) around.products.put(product.sku, product)
  }
  // Read when the rows are locked: of two that write to one unit, the second sees the events of the first.
  const known = eventsOfUnits(tx, [...before.keys()])
  foresee(around, recordings, news, before)
  const events = await known
  const written: Promise<unknown>[] = []
  const made: Recorded[] = []
  for (const [turn, recording] of recordings.entries()) {
    const later = new Set(recordings.slice(turn + 1).flatMap((each) => each.events.map(identity)))
    const sofar = new Map([...events].map(([id, list]) => [id, list.filter((event) => !later.has(identity(event)))]))
    const own = new Set(recording.events.map(identity))
    const change = await changes(
      tx,
      recording,
      before,
      later.size === 0 ? events : sofar,
      recordings.length === 1 ? news : news.filter((event) => own.has(identity(event))),
      around,
    )
    written.push(...(await write(tx, recording, change, turn === 0 ? orders : [])))
    for (const [id, { after }] of change.recorded.units) before.set(id, after)
    made.push(change.recorded)
  }
  await inOrder(written)
  return made
}

const identity = ({ source, id }: { source: string; id: string }): string => `${source}\0${id}`

/** What a recording changes. */
async function changes(
  tx: Transaction,
  recording: Recording,
  before: ReadonlyMap<string, UnitRow | undefined>,
  events: Map<string, CaseEvent[]>,
  news: readonly AnyEvent[],
  around: Surroundings,
) {
  const units = await changeUnits(tx, recording, before, events, around)
  const unitOf = (id: string): UnitRow | undefined => units.changes.get(id)?.after ?? units.before.get(id)
  const facts = await changeFacts(tx, recording, [...events.values()].flat(), news, unitOf)
  const rmas = await rmaRows(around, units.changes, facts.settlements, units.folds, recording.rmas ?? new Map())
  const recorded: Recorded = { units: units.changes, ...facts, rmas }
  return { recorded, unitOf }
}

/** Writes what a recording changed. None of it needs another's answer: it goes out together, in this order, and is not waited for here. */
async function write(
  tx: Transaction,
  recording: Recording,
  { recorded, unitOf }: Awaited<ReturnType<typeof changes>>,
  orders: readonly string[],
): Promise<Promise<unknown>[]> {
  const ours = recording.commandId !== undefined
  const rows = [
    upsertVersions(tx, rma, afters(recorded.rmas)),
    // What outside systems did is a fact, also where our own commands would be refused.
    ...(ours ? [] : [run(tx, OUTSIDE, ['on'])]),
    upsertVersions(tx, returnUnit, afters(recorded.units)),
    ...(ours ? [] : [run(tx, OUTSIDE, ['off'])]),
    upsertRows(tx, settlement, afters(recorded.settlements), ['id']),
    upsertRows(tx, supplierClaim, afters(recorded.claims), ['id']),
    upsertRows(tx, returnCost, afters(recorded.costs), ['id']),
    upsertRows(tx, caseException, afters(recorded.exceptions), ['id']),
  ].map((each) => ahead<unknown>(each))
  const paid = [...orders, ...afters(recorded.settlements).map(({ orderId }) => orderId)]
  if (paid.length > 0) {
    await inOrder(rows)
    await recomputePayments(tx, paid, ours)
  }
  const { doer, at } = recording
  await issueStoreCredit(tx, recorded, unitOf, { who: doer.id, at })
  await failpointAfter('after_case_rows', rows)
  const books = [
    ahead<unknown>(
      moveStock(tx, recorded.units.values(), { who: doer.id, at, archive: recording.archive !== undefined }),
    ),
    ahead<unknown>(postAll(tx, recording, recorded, unitOf)),
  ]
  await failpointAfter('after_case_books', [...rows, ...books])
  const written = [...rows, ...books, ahead<unknown>(auditAll(tx, recording, recorded))]
  await failpointAfter('after_case_audit', written)
  return written
}

/** Keeps the events, in the log too when they are ours, and locks the units that they are about, with their rows as they were. */
async function take(
  tx: Transaction,
  events: readonly AnyEvent[],
  commandId: string | undefined,
  orders: readonly string[],
  again: readonly string[],
) {
  const ofCases = events.filter((event) => isOfCase(event.type))
  const kept = ahead(keepEvents(tx, ofCases, commandId))
  const named = (of: readonly AnyEvent[]) => of.map((event) => subjectsOf(event.data).unitId)
  const besides = [...again, ...(await unitsOfOrders(tx, orders))]
  if (commandId === undefined) {
    const news = await kept
    return { news, before: await lockFamilies(tx, [...named(news), ...besides]) }
  }
  // Ours are new, so that nothing is to be waited for.
  const before = lockFamilies(tx, [...named(ofCases), ...besides])
  await inOrder([kept, before, appendEvents(tx, events)])
  return { news: await kept, before: await before }
}

/** What changes a case, by the type of an event. */
const OF_A_CASE = /^(return|shipment|unit|settlement)\./

/** Asks for what most probably stands around the units, on the same way as their events. */
function foresee(
  around: Surroundings,
  recordings: readonly Recording[],
  news: readonly AnyEvent[],
  before: ReadonlyMap<string, UnitRow | undefined>,
): void {
  const rows = [...before.values()].filter((row) => row !== undefined)
  const said = (name: string) =>
    news.map(({ data }) => {
      const value = (data as Readonly<Record<string, unknown>>)[name]
      return typeof value === 'string' ? value : ''
    })
  around.lines.foresee([...rows.map(({ orderLineId }) => orderLineId), ...said('order_line_id')])
  around.products.foresee([...rows.map(({ sku }) => sku), ...said('sku')])
  const patched = recordings.flatMap(({ rmas }) => [...(rmas?.keys() ?? [])])
  if (patched.length > 0 || recordings.some((each) => each.again) || news.some(({ type }) => OF_A_CASE.test(type)))
    foreseeCases(around, [...rows.map(({ rmaId }) => rmaId ?? ''), ...said('rma_id'), ...patched])
}

const afters = <Row>(changes: ReadonlyMap<string, Change<Row>>): Row[] =>
  [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { after }]) => after)
