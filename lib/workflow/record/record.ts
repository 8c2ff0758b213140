import { sql } from 'drizzle-orm'
import { appendEvents } from '../../../ingest/log/accept'
import type { Transaction } from '../../db/client'
import { selectRows, upsertRows, upsertVersions } from '../../db/rows'
import {
  caseException,
  orderLine,
  product,
  returnCost,
  returnUnit,
  rma,
  settlement,
  supplierClaim,
} from '../../db/schema'
import { failpoint } from '../../failpoint'
import type { CaseEvent } from '../../returns/case-event'
import type { UnitFold } from '../../returns/fold-unit'
import { difference } from '../../returns/positions'
import { type Audited, audit, differenceOf } from './audit'
import { moveStock, onBooks, type Posting, post, texts } from './books'
import { eventsOfUnits, isOfCase, keepEvents, subjectsOf } from './events'
import {
  byField,
  claimRow,
  costRow,
  exceptionRow,
  loadClaims,
  loadCosts,
  loadExceptions,
  loadSettlements,
  positionOfClaim,
  positionOfCost,
  positionOfSettlement,
  settlementRow,
} from './facts'
import { foldUnits } from './fold'
import { postOpening } from './opening'
import { recomputePayments } from './payments'
import { rmaRows } from './rma-row'
import { takeSales } from './sales'
import { issueStoreCredit } from './store-credit'
import type { Change, ClaimRow, CostRow, ExceptionRow, Recorded, Recording, SettlementRow, UnitRow } from './types'
import { positionOf, takenBack, unitRow } from './unit-row'

/**
 * The one way in which a case changes. Keeps the events, folds every unit, settlement, claim and exception that they touch from all of its
 * events, and writes the difference: rows, stock movements, journal entries, audit entries. Commands and outside events come the same way,
 * in one transaction of the caller's, and in any order to the same end.
 */
export async function record(tx: Transaction, recording: Recording): Promise<Recorded> {
  const ours = recording.commandId !== undefined
  if (ours) await appendEvents(tx, recording.events)
  const orders = await takeSales(tx, recording.events)
  const news = await keepEvents(
    tx,
    recording.events.filter((event) => isOfCase(event.type)),
    recording.commandId,
  )
  failpoint('after_case_events')
  const before = await touched(
    tx,
    [...news.map((event) => subjectsOf(event.data).unitId), ...(recording.again ?? [])],
    orders,
  )
  // Read when the rows are locked: of two that write to one unit, the second sees the events of the first.
  const events = await eventsOfUnits(tx, [...before.keys()])
  const units = await changeUnits(tx, recording, before, events)
  const unitOf = (id: string): UnitRow | undefined => units.changes.get(id)?.after ?? units.before.get(id)
  const flat = [...events.values()].flat()
  const named = new Set(news.map((event) => `${event.type.split('.')[0]}:${idOf(event.data, event.type)}`))

  const settlements = await changeFacts<SettlementRow>(
    [...byField(flat, 'settlement.', 'settlement_id')].filter(
      ([id]) => named.has(`settlement:${id}`) || recording.settlements?.has(id),
    ),
    (all) => loadSettlements(tx, all),
    (group, before) => settlementRow(group, unitOf(String(group[0]?.data.unit_id)), before),
    recording.settlements,
  )
  const claims = await changeFacts<ClaimRow>(
    [...byField(flat, 'claim.', 'claim_id')].filter(([id]) => named.has(`claim:${id}`) || recording.claims?.has(id)),
    (all) => loadClaims(tx, all),
    (group, before) => claimRow(group, unitOf(String(group[0]?.data.unit_id)), before),
    recording.claims,
  )
  const costs = await changeFacts<CostRow>(
    [...byField(flat, 'cost.', 'cost_id')].filter(([id]) => named.has(`cost:${id}`)),
    (all) => loadCosts(tx, all),
    (group, before) => costRow(group, unitOf(String(group[0]?.data.unit_id)), before),
    undefined,
  )
  const exceptions = await changeFacts<ExceptionRow>(
    [...byField([...flat, ...(await unitless(tx, news))], 'exception.', 'exception_id')].filter(([id]) =>
      named.has(`exception:${id}`),
    ),
    (all) => loadExceptions(tx, all),
    (group, before) => exceptionRow(group, unitOf(String(group[0]?.data.unit_id)), before),
    recording.exceptions,
  )
  const rmas = await rmaRows(tx, units.changes, settlements, units.folds, recording.rmas ?? new Map())

  await upsertVersions(tx, rma, afters(rmas))
  // What outside systems did is a fact, also where our own commands would be refused.
  if (!ours) await tx.execute(sql`SELECT set_config('backhaul.outside', 'on', true)`)
  await upsertVersions(tx, returnUnit, afters(units.changes))
  if (!ours) await tx.execute(sql`SELECT set_config('backhaul.outside', 'off', true)`)
  await upsertRows(tx, settlement, afters(settlements), ['id'])
  await upsertRows(tx, supplierClaim, afters(claims), ['id'])
  await upsertRows(tx, returnCost, afters(costs), ['id'])
  await upsertRows(tx, caseException, afters(exceptions), ['id'])
  const paid = afters(settlements).map(({ orderId }) => orderId)
  await recomputePayments(tx, [...orders, ...paid], recording.commandId !== undefined)
  await issueStoreCredit(tx, { settlements, units: units.changes }, unitOf, {
    who: recording.doer.id,
    at: recording.at,
  })
  failpoint('after_case_rows')
  const recorded = { units: units.changes, settlements, claims, costs, exceptions, rmas }
  await moveStock(tx, units.changes.values(), {
    who: recording.doer.id,
    at: recording.at,
    archive: recording.archive !== undefined,
  })
  await postAll(tx, recording, recorded, unitOf)
  failpoint('after_case_books')
  await auditAll(tx, recording, recorded)
  failpoint('after_case_audit')
  return recorded
}

const afters = <Row>(changes: ReadonlyMap<string, Change<Row>>): Row[] =>
  [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { after }]) => after)

function idOf(data: Readonly<Record<string, unknown>>, type: string): string {
  const { settlementId, claimId, exceptionId } = subjectsOf(data)
  if (type.startsWith('cost.')) return String(data.cost_id)
  return type.startsWith('settlement.') ? settlementId : type.startsWith('claim.') ? claimId : exceptionId
}

/**
 * Units to be folded again, with their rows as they are (undefined for new ones), locked: those named, their ancestors and their descendants, and
 * those whose sale has just come or changed.
 */
async function touched(
  tx: Transaction,
  named: readonly string[],
  orders: readonly string[],
): Promise<Map<string, UnitRow | undefined>> {
  const ids = [...new Set(named)].filter(Boolean)
  const rows = await selectRows(
    tx,
    returnUnit,
    sql`JOIN (
      WITH RECURSIVE seed AS (
        SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS id
        UNION SELECT u.id FROM return_unit u WHERE u.order_line_id <> '' AND u.order_line_id IN
          (SELECT l.id FROM order_line l WHERE l.order_id IN ${texts(orders)})
      ), up AS (
        SELECT id, 0 AS depth FROM seed
        UNION SELECT u.parent_id, up.depth + 1 FROM up JOIN return_unit u ON u.id = up.id WHERE u.parent_id IS NOT NULL AND up.depth < 8
      ), down AS (
        SELECT id, 0 AS depth FROM up
        UNION SELECT u.id, down.depth + 1 FROM down JOIN return_unit u ON u.parent_id = down.id WHERE down.depth < 8
      ) SELECT DISTINCT id FROM down) family ON family.id = return_unit.id
      ORDER BY return_unit.id FOR UPDATE OF return_unit`,
  )
  const found = new Map<string, UnitRow | undefined>(rows.map((row) => [row.id, row]))
  for (const id of ids) if (!found.has(id)) found.set(id, undefined)
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function changeUnits(
  tx: Transaction,
  recording: Recording,
  known: ReadonlyMap<string, UnitRow | undefined>,
  events: Map<string, CaseEvent[]>,
) {
  const before = new Map([...known].flatMap(([id, row]) => (row ? [[id, row] as const] : [])))
  const folds = await foldWithChildren(tx, before, events)
  const further = [...folds.keys()].filter((id) => !known.has(id)).sort()
  if (further.length > 0)
    for (const row of await selectRows(tx, returnUnit, sql`WHERE id IN ${texts(further)} ORDER BY id FOR UPDATE`))
      before.set(row.id, row)
  const list = [...folds.values()]
  const lines = await linesOf(tx, list)
  const products = await productsOf(tx, list, lines)
  const handled = recording.commandId !== undefined && recording.doer.kind === 'person'
  const changes = new Map<string, Change<UnitRow>>()
  for (const fold of list) {
    const line = lines.get(fold.orderLineId)
    const old = before.get(fold.id)
    const after = unitRow(fold, line, products.get(line?.sku || fold.sku), old, {
      handled,
      opening: recording.archive !== undefined,
    })
    if (old && Object.keys(differenceOf(old, after, ['version'])).length === 0) continue
    changes.set(fold.id, { before: old, after })
  }
  // Everything that was told of it has been taken back: the row stays, with nothing in it.
  for (const [id, old] of before)
    if (!folds.has(id) && events.has(id) && old.quantity > 0)
      changes.set(id, { before: old, after: takenBack(old, recording.at) })
  return { before, changes, folds }
}

/** Folds, and where a split names children that were not asked for, folds again with them. */
async function foldWithChildren(
  tx: Transaction,
  rows: ReadonlyMap<string, UnitRow>,
  events: Map<string, CaseEvent[]>,
): Promise<Map<string, UnitFold>> {
  const parents = new Map(
    [...rows].flatMap(([id, { parentId }]) => (parentId === null ? [] : [[id, parentId] as const])),
  )
  for (;;) {
    const folds = foldUnits(events, parents)
    const missing = [...folds.values()]
      .flatMap((fold) => fold.children.map(({ id }) => id))
      .filter((id) => !events.has(id))
    if (missing.length === 0) return folds
    for (const [id, list] of await eventsOfUnits(tx, missing)) events.set(id, list)
  }
}

async function linesOf(tx: Transaction, folds: readonly UnitFold[]) {
  const ids = [...new Set(folds.map((fold) => fold.orderLineId).filter(Boolean))]
  const rows = ids.length === 0 ? [] : await selectRows(tx, orderLine, sql`WHERE id IN ${texts(ids)}`)
  return new Map(rows.map((row) => [row.id, row]))
}

async function productsOf(tx: Transaction, folds: readonly UnitFold[], lines: ReadonlyMap<string, { sku: string }>) {
  const skus = [...new Set(folds.map((fold) => lines.get(fold.orderLineId)?.sku || fold.sku).filter(Boolean))]
  const rows = skus.length === 0 ? [] : await selectRows(tx, product, sql`WHERE sku IN ${texts(skus)}`)
  return new Map(rows.map((row) => [row.sku, row]))
}

/** Events of exceptions that are about no unit. */
async function unitless(
  tx: Transaction,
  news: readonly { type: string; data: Record<string, unknown> }[],
): Promise<CaseEvent[]> {
  if (!news.some((event) => event.type.startsWith('exception.') && subjectsOf(event.data).unitId === '')) return []
  return (await eventsOfUnits(tx, [''])).get('') ?? []
}

async function changeFacts<Row extends object>(
  groups: readonly [string, CaseEvent[]][],
  load: (ids: readonly string[]) => Promise<Map<string, Row>>,
  fold: (events: readonly CaseEvent[], before: Row | undefined) => Row | undefined,
  patches: ReadonlyMap<string, Partial<Row>> | undefined,
): Promise<Map<string, Change<Row>>> {
  const before = await load(groups.map(([id]) => id))
  const changes = new Map<string, Change<Row>>()
  for (const [id, events] of groups) {
    const old = before.get(id)
    const patch = patches?.get(id)
    const row = fold(events, patch ? ({ ...old, ...patch } as Row) : old)
    if (row) changes.set(id, { before: old, after: patch ? { ...row, ...patch } : row })
  }
  return changes
}

async function postAll(
  tx: Transaction,
  recording: Recording,
  recorded: Recorded,
  unitOf: (id: string) => UnitRow | undefined,
): Promise<void> {
  const by = { preparedBy: recording.doer.id }
  const postings: Posting[] = []
  for (const { before, after } of recorded.units.values())
    postings.push({
      ...by,
      cause: `unit:${after.id}#${after.version}`,
      template: `unit_${after.status}`,
      entity: after.entity,
      currency: after.currency,
      at: after.statusAt,
      lines: difference(positionOf(onBooks(before)), positionOf(onBooks(after))),
      unitId: after.id,
      rmaId: after.rmaId ?? '',
    })
  for (const { before, after } of recorded.settlements.values())
    postings.push({
      ...by,
      cause: `settlement:${after.id}#${after.version}`,
      template: `settlement_${after.state}`,
      entity: after.entity,
      currency: after.currency,
      at: after.paidAt ?? after.approvedAt ?? after.rejectedAt ?? recording.at,
      lines: difference(positionOfSettlement(before), positionOfSettlement(after)),
      unitId: after.unitId,
      rmaId: after.rmaId,
      approvedBy: after.approvedBy,
    })
  for (const { before, after } of recorded.claims.values())
    postings.push({
      ...by,
      cause: `claim:${after.id}#${after.version}`,
      template: `claim_${after.state}`,
      entity: after.entity,
      currency: after.currency,
      at: after.recoveredAt ?? after.answeredAt ?? after.openedAt,
      lines: difference(positionOfClaim(before), positionOfClaim(after)),
      unitId: after.unitId,
      rmaId: unitOf(after.unitId)?.rmaId ?? '',
    })
  for (const { before, after } of recorded.costs.values())
    postings.push({
      ...by,
      cause: `cost:${after.id}#${after.version}`,
      template: `cost_${after.kind}`,
      entity: after.entity,
      currency: after.currency,
      at: after.at,
      lines: difference(positionOfCost(before), positionOfCost(after)),
      unitId: after.unitId,
      rmaId: after.rmaId,
    })
  if (recording.archive === undefined) await post(tx, postings)
  else await postOpening(tx, recording.archive, postings, recording.at)
}

async function auditAll(tx: Transaction, recording: Recording, recorded: Recorded): Promise<void> {
  const { doer, at, reason, approvalId, commandId } = recording
  const about = {
    ...(reason === undefined ? {} : { reason }),
    ...(approvalId === undefined ? {} : { approvalId }),
    ...(commandId === undefined ? {} : { commandId }),
  }
  if (recording.archive !== undefined) {
    const diff = {
      events: recording.events.length,
      units: recorded.units.size,
      settlements: recorded.settlements.size,
      claims: recorded.claims.size,
    }
    await audit(
      tx,
      doer,
      at,
      [{ action: 'history.taken_over', objectType: 'batch', objectId: recording.archive, diff }],
      about,
    )
    return
  }
  const entries: Audited[] = []
  const add = (
    objectType: string,
    changes: ReadonlyMap<string, Change<object & { entity?: string; rmaId?: string | null }>>,
  ) => {
    for (const [objectId, { before, after }] of changes) {
      const diff = differenceOf(before, after)
      if (Object.keys(diff).length === 0) continue
      entries.push({
        action: `${objectType}.${before ? 'changed' : 'created'}`,
        objectType,
        objectId,
        rmaId: objectType === 'rma' ? objectId : (after.rmaId ?? ''),
        entity: after.entity ?? '',
        diff,
      })
    }
  }
  add('rma', recorded.rmas)
  add('unit', recorded.units)
  add('settlement', recorded.settlements)
  add('claim', recorded.claims)
  add('cost', recorded.costs)
  add('exception', recorded.exceptions)
  if (entries.length === 0)
    entries.push({
      action: 'events.recorded',
      objectType: 'events',
      objectId: recording.events[0]?.id ?? '',
      diff: { events: recording.events.length },
    })
  await audit(tx, doer, at, entries, about)
}
