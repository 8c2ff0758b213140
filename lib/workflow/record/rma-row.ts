import { caseStatus } from '../../returns/case-status'
import type { Status } from '../../returns/codes'
import type { UnitFold } from '../../returns/fold-unit'
import type { Surroundings, UnitOfCase } from './surroundings'
import type { Change, RmaRow, SettlementRow, UnitRow } from './types'

/** The rows of cases whose units or settlements changed, from all of their units and settlements. */
export async function rmaRows(
  around: Surroundings,
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
  // The case first, since its lock is what makes the others true.
  foreseeCases(around, wanted)
  const before = await around.cases.get(wanted)
  const unitsOf = group([...(await around.units.get(wanted)).values()].flat(), units, (row) => row.rmaId ?? '')
  const moneyOf = group([...(await around.settlements.get(wanted)).values()].flat(), settlements, (row) => row.rmaId)
  const changes = new Map<string, Change<RmaRow>>()
  for (const id of wanted) {
    const rows = unitsOf.get(id) ?? []
    if (rows.length === 0) continue
    const after = { ...rmaRow(id, rows, moneyOf.get(id) ?? [], folds, before.get(id)), ...patches.get(id) }
    changes.set(id, { before: before.get(id), after })
    // For who comes after it in this recording.
    around.cases.put(id, after)
    around.units.put(id, rows)
    around.settlements.put(id, moneyOf.get(id) ?? [])
  }
  return changes
}

/** Asks for cases with all that they are judged by. */
export function foreseeCases(around: Surroundings, ids: readonly string[]): void {
  around.cases.foresee(ids)
  around.units.foresee(ids)
  around.settlements.foresee(ids)
}

/** Rows by case, those of the database replaced by what they have just become. */
function group<Row extends { id: string }, Changed extends Row>(
  stored: readonly Row[],
  changed: ReadonlyMap<string, Change<Changed>>,
  caseOf: (row: Row) => string,
): Map<string, Row[]> {
  const rows = new Map<string, Row>(stored.map((row) => [row.id, row]))
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
  units: readonly UnitOfCase[],
  settlements: readonly SettlementRow[],
  folds: ReadonlyMap<string, UnitFold>,
  before: RmaRow | undefined,
): RmaRow {
  const said = <K extends keyof UnitOfCase>(field: K): UnitOfCase[K] | undefined =>
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
function decisionOf(units: readonly UnitOfCase[]): RmaRow['decision'] {
  if (units.every((unit) => unit.cancelledAt)) return 'cancelled'
  if (units.every((unit) => unit.rejectedAt ?? unit.cancelledAt)) return 'rejected'
  return units.some((unit) => unit.authorizedAt) ? 'authorized' : null
}
