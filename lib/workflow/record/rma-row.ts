import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { selectRows } from '../../db/rows'
import { returnUnit, rma, settlement } from '../../db/schema'
import { caseStatus } from '../../returns/case-status'
import type { Status } from '../../returns/codes'
import type { UnitFold } from '../../returns/fold-unit'
import { texts } from './books'
import type { Change, RmaRow, SettlementRow, UnitRow } from './types'

/** The rows of cases whose units or settlements changed, from all of their units and settlements. */
export async function rmaRows(
  tx: Transaction,
  units: ReadonlyMap<string, Change<UnitRow>>,
  settlements: ReadonlyMap<string, Change<SettlementRow>>,
  folds: ReadonlyMap<string, UnitFold>,
  patches: ReadonlyMap<string, Partial<RmaRow>>,
): Promise<Map<string, Change<RmaRow>>> {
  const ids = new Set<string>(patches.keys())
  for (const { before, after } of units.values()) for (const id of [before?.rmaId, after.rmaId]) if (id) ids.add(id)
  for (const { after } of settlements.values()) if (after.rmaId) ids.add(after.rmaId)
  if (ids.size === 0) return new Map()
  const wanted = [...ids].sort()
  const known = await selectRows(tx, rma, sql`WHERE id IN ${texts(wanted)} ORDER BY id FOR UPDATE`)
  const before = new Map(known.map((row) => [row.id, row]))
  const unitsOf = group(
    await selectRows(tx, returnUnit, sql`WHERE rma_id IN ${texts(wanted)}`),
    units,
    (row) => row.rmaId ?? '',
  )
  const moneyOf = group(
    await selectRows(tx, settlement, sql`WHERE rma_id IN ${texts(wanted)}`),
    settlements,
    (row) => row.rmaId,
  )
  const changes = new Map<string, Change<RmaRow>>()
  for (const id of wanted) {
    const rows = unitsOf.get(id) ?? []
    if (rows.length === 0) continue
    const after = { ...rmaRow(id, rows, moneyOf.get(id) ?? [], folds, before.get(id)), ...patches.get(id) }
    changes.set(id, { before: before.get(id), after })
  }
  return changes
}

/** Rows by case, those of the database replaced by what they have just become. */
function group<Row extends { id: string }>(
  stored: readonly Row[],
  changed: ReadonlyMap<string, Change<Row>>,
  caseOf: (row: Row) => string,
): Map<string, Row[]> {
  const rows = new Map(stored.map((row) => [row.id, row]))
  for (const [id, { after }] of changed) rows.set(id, after)
  const groups = new Map<string, Row[]>()
  for (const row of rows.values()) {
    const list = groups.get(caseOf(row))
    if (list) list.push(row)
    else groups.set(caseOf(row), [row])
  }
  return groups
}

const earliest = (dates: readonly (Date | null)[]): Date | null => {
  const times = dates.flatMap((date) => (date ? [date.getTime()] : []))
  return times.length > 0 ? new Date(Math.min(...times)) : null
}

function rmaRow(
  id: string,
  units: readonly UnitRow[],
  settlements: readonly SettlementRow[],
  folds: ReadonlyMap<string, UnitFold>,
  before: RmaRow | undefined,
): RmaRow {
  const said = <K extends keyof UnitRow>(field: K): UnitRow[K] | undefined =>
    units.map((unit) => unit[field]).find((value) => value !== '' && value !== null)
  const fold = units.map((unit) => folds.get(unit.id)).find((each) => each !== undefined)
  const decision = decisionOf(units)
  const status = caseStatus(
    decision ?? '',
    units.map((unit) => ({
      status: unit.status as Status,
      quantity: unit.splitAt ? 0 : unit.quantity,
      authorized: unit.authorizedAt !== null,
      inspected: unit.inspectedAt !== null,
      dispositioned: unit.dispositionedAt !== null,
      final: unit.finalAt !== null,
    })),
    settlements,
  )
  const lastAt = new Date(Math.max(...units.map((unit) => unit.lastAt.getTime())))
  return {
    id,
    orderId: said('orderId') ?? '',
    customerId: said('customerId') ?? '',
    channel: said('channel') ?? '',
    entity: said('entity') ?? '',
    facility: said('facility') ?? '',
    country: fold?.country || (before?.country ?? ''),
    segment: fold?.segment || (before?.segment ?? ''),
    currency: said('currency') ?? '',
    returnType: said('returnType') ?? 'refund',
    overall: status.overall,
    goods: status.goods,
    money: status.money,
    decision,
    policyVersion: fold?.policyVersion || (before?.policyVersion ?? ''),
    policyRow: fold?.policyRow || (before?.policyRow ?? ''),
    policyDecision: before?.policyDecision ?? null,
    requestedAt: earliest(units.map((unit) => unit.requestedAt)),
    closedAt: status.closed ? (before?.closedAt ?? lastAt) : null,
    lastAt,
    note: before?.note ?? '',
    version: (before?.version ?? 0) + 1,
  }
}

/** A case is rejected or cancelled when all its units are; else authorized when one is. */
function decisionOf(units: readonly UnitRow[]): RmaRow['decision'] {
  if (units.every((unit) => unit.cancelledAt)) return 'cancelled'
  if (units.every((unit) => unit.rejectedAt ?? unit.cancelledAt)) return 'rejected'
  return units.some((unit) => unit.authorizedAt) ? 'authorized' : null
}
