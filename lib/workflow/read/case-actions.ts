import { type Actor, whyNot } from '../../auth/actor'
import { DUTY_CONFLICTS, type Duty } from '../../returns/duties'
import { transitionsOf, whyClosed } from '../../returns/lifecycle'
import { concerns, SETTLEMENT_ACTIONS, type SettlementState, whyMoneyClosed } from '../../returns/settlement-lifecycle'
import type { SettlementRow, UnitRow } from '../record/types'
import { COMMANDS } from '../registry'
import { CREDITING } from '../settlements/propose'
import type { CaseAction } from './case-types'

export interface DoneDuty {
  readonly duty: string
  readonly unitId: string
  readonly person: string
}

/** Commands on the whole return and on single units, in the order of the stages; those on settlements are in their own table. */
const OF_CASE = ['return.authorize', 'return.reject', 'return.label', 'return.cancel'] as const
const OF_UNIT = [
  'unit.receive',
  'unit.match',
  'unit.inspect',
  'unit.regrade',
  'unit.split',
  'unit.dispose',
  'unit.override',
  'unit.release',
  'unit.move',
  'settlement.propose',
] as const
const DUTY_OF: Readonly<Partial<Record<string, Duty>>> = {
  'unit.receive': 'receive',
  'unit.inspect': 'inspect',
  'unit.regrade': 'inspect',
  'unit.dispose': 'dispose',
  'unit.override': 'dispose',
  'unit.release': 'dispose',
  'settlement.retry': 'pay',
  'chargeback.accept': 'pay',
  'chargeback.dispute': 'pay',
}

const DID: Readonly<Record<string, string>> = {
  request: 'asked for it',
  receive: 'received it',
  inspect: 'inspected it',
  dispose: 'decided what becomes of it',
  approve_refund: 'approved its refund',
  pay: 'worked its payment',
}
const DO: Readonly<Record<string, string>> = {
  receive: 'receive it',
  inspect: 'inspect it',
  dispose: 'decide what becomes of it',
  pay: 'work its payment',
}

/** What a person may do with a case now, and for everything else, why not: role, state, or what they have done themselves. */
export function actionsOf(
  actor: Actor,
  units: readonly UnitRow[],
  settlements: readonly SettlementRow[],
  money: ReadonlyMap<string, SettlementState>,
  done: readonly DoneDuty[],
): CaseAction[] {
  const open = units.filter((unit) => unit.quantity > 0 && unit.splitAt === null)
  const settled = new Set(
    settlements
      .filter(({ state, kind }) => state !== 'rejected' && CREDITING.some((each) => each === kind))
      .map(({ unitId }) => unitId),
  )
  const actions: CaseAction[] = []
  if (open.some(({ rmaId }) => rmaId !== null))
    for (const name of OF_CASE)
      actions.push({
        command: name,
        title: titleOf(name),
        subject: null,
        why: roleWhy(actor, name) ?? caseWhy(name, open) ?? null,
      })
  for (const name of OF_UNIT)
    for (const unit of open) {
      if (name === 'unit.match' && unit.rmaId !== null) continue
      if (name === 'unit.split' && unit.quantity < 2) continue
      const state = name === 'settlement.propose' ? settlementWhy(unit, settled) : whyClosed(name, unit)
      actions.push({
        command: name,
        title: titleOf(name),
        subject: { type: 'unit', id: unit.id },
        why: roleWhy(actor, name) ?? state ?? dutyWhy(actor, unit.id, name, done) ?? null,
      })
    }
  for (const settlement of settlements) {
    const state = money.get(settlement.id)
    for (const action of SETTLEMENT_ACTIONS) {
      if (!state || !concerns(action, state)) continue
      const name = action.command
      actions.push({
        command: name,
        title: titleOf(name),
        subject: { type: 'settlement', id: settlement.id },
        why:
          roleWhy(actor, name) ?? whyMoneyClosed(name, state) ?? dutyWhy(actor, settlement.unitId, name, done) ?? null,
      })
    }
  }
  return actions
}

const definitionOf = (name: string) => COMMANDS.find((each) => each.name === name)
const titleOf = (name: string): string => definitionOf(name)?.title ?? transitionsOf(name)[0]?.title ?? name

function roleWhy(actor: Actor, name: string): string | undefined {
  const permission = definitionOf(name)?.permission
  if (!permission) return 'Not built into this installation.'
  return whyNot(actor, permission) || undefined
}

/** A label or a cancellation is of whatever can still have one; a decision is on all of it. */
function caseWhy(name: string, units: readonly UnitRow[]): string | undefined {
  const closed = units.map((unit) => whyClosed(name, unit))
  if (name === 'return.cancel' || name === 'return.label') return closed.every(Boolean) ? closed[0] : undefined
  return closed.find(Boolean)
}

function settlementWhy(unit: UnitRow, settled: ReadonlySet<string>): string | undefined {
  if (unit.rmaId === null) return 'It belongs to no return yet: match it first.'
  if (settled.has(unit.id)) return 'It has a settlement already.'
  if (unit.rejectedAt || unit.cancelledAt) return 'It was rejected or cancelled.'
  return unit.authorizedAt || unit.receivedAt ? undefined : 'The return has not been authorized yet.'
}

function dutyWhy(actor: Actor, unitId: string, name: string, done: readonly DoneDuty[]): string | undefined {
  const duty = DUTY_OF[name]
  if (!duty) return undefined
  for (const [a, b, scope] of DUTY_CONFLICTS) {
    const other = a === duty ? b : b === duty ? a : undefined
    if (!other) continue
    const mine = done.some(
      (each) =>
        each.person === actor.userId &&
        each.duty === other &&
        (scope === 'rma' || each.unitId === unitId || each.unitId === ''),
    )
    if (mine) return `You ${DID[other] ?? `did ${other}`}: a second person must ${DO[duty] ?? duty}.`
  }
  return undefined
}
