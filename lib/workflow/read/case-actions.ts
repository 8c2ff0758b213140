import { type Actor, can } from '../../auth/actor'
import { PERMISSIONS, rolesWith } from '../../auth/permissions'
import { DUTY_CONFLICTS, type Duty } from '../../returns/duties'
import { transitionsOf, whyClosed } from '../../returns/lifecycle'
import type { UnitRow } from '../record/types'
import { COMMANDS } from '../registry'
import type { CaseAction } from './cases-types'

export interface DoneDuty {
  readonly duty: string
  readonly unitId: string
  readonly person: string
}

/** Commands on the whole return, and on single units, in the order of the stages. */
const OF_CASE = ['return.authorize', 'return.reject', 'return.label', 'return.cancel'] as const
const OF_UNIT = [
  'unit.receive',
  'unit.inspect',
  'unit.dispose',
  'unit.override',
  'unit.move',
  'settlement.propose',
] as const
const DUTY_OF: Readonly<Partial<Record<string, Duty>>> = {
  'unit.receive': 'receive',
  'unit.inspect': 'inspect',
  'unit.dispose': 'dispose',
  'unit.override': 'dispose',
}

const words = (duty: string): string => duty.replaceAll('_', ' ')

/** What this person may do with a case now, and for everything else, why not: role, state, or what they have done themselves. */
export function actionsOf(
  actor: Actor,
  units: readonly UnitRow[],
  settled: ReadonlySet<string>,
  done: readonly DoneDuty[],
): CaseAction[] {
  const open = units.filter((unit) => unit.quantity > 0 && unit.splitAt === null)
  const [first] = open
  const actions: CaseAction[] = []
  if (first)
    for (const name of OF_CASE) {
      const closed = open.map((unit) => whyClosed(name, unit))
      const state =
        name === 'return.cancel' || name === 'return.label'
          ? closed.every(Boolean)
            ? closed[0]
            : undefined
          : closed.find(Boolean)
      actions.push({ command: name, title: titleOf(name), unitId: null, why: roleWhy(actor, name) ?? state ?? null })
    }
  for (const unit of open)
    for (const name of OF_UNIT) {
      const state = name === 'settlement.propose' ? settlementWhy(unit, settled) : whyClosed(name, unit)
      actions.push({
        command: name,
        title: titleOf(name),
        unitId: unit.id,
        why: roleWhy(actor, name) ?? state ?? dutyWhy(actor, unit, name, done) ?? null,
      })
    }
  return actions
}

const definitionOf = (name: string) => COMMANDS.find((each) => each.name === name)
const titleOf = (name: string): string => definitionOf(name)?.title ?? transitionsOf(name)[0]?.title ?? name

function roleWhy(actor: Actor, name: string): string | undefined {
  const permission = definitionOf(name)?.permission
  if (!permission) return 'Not built into this installation.'
  if (can(actor, permission)) return undefined
  return `Your role may not ${PERMISSIONS[permission]}: ${rolesWith(permission).join(', ')} may.`
}

function settlementWhy(unit: UnitRow, settled: ReadonlySet<string>): string | undefined {
  if (settled.has(unit.id)) return 'It has a settlement already.'
  if (unit.rejectedAt || unit.cancelledAt) return 'It was rejected or cancelled.'
  return unit.authorizedAt || unit.receivedAt ? undefined : 'The return has not been authorized yet.'
}

function dutyWhy(actor: Actor, unit: UnitRow, name: string, done: readonly DoneDuty[]): string | undefined {
  const duty = DUTY_OF[name]
  if (!duty) return undefined
  for (const [a, b, scope] of DUTY_CONFLICTS) {
    const other = a === duty ? b : b === duty ? a : undefined
    if (!other) continue
    const mine = done.some(
      (each) =>
        each.person === actor.userId &&
        each.duty === other &&
        (scope === 'rma' || each.unitId === unit.id || each.unitId === ''),
    )
    if (mine) return `You did ${words(other)} it: a second person must ${words(duty)} it.`
  }
  return undefined
}
