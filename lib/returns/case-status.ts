import type { Status } from './codes'
import { ON_BOOKS } from './positions'

/** What of a unit the statuses of its case need. */
interface UnitState {
  readonly status: Status
  readonly quantity: number
  readonly authorized: boolean
  readonly inspected: boolean
  readonly dispositioned: boolean
  readonly final: boolean
}

export const OVERALL = [
  'requested',
  'authorized',
  'inbound',
  'received',
  'inspected',
  'settling',
  'closed',
  'rejected',
  'cancelled',
] as const
export const GOODS = [
  'none',
  'expected',
  'in_transit',
  'part_received',
  'received',
  'inspected',
  'dispositioned',
  'done',
  'lost',
] as const
export const MONEY = ['nothing', 'proposed', 'approved', 'part_paid', 'paid', 'rejected', 'problem'] as const
export type Overall = (typeof OVERALL)[number]
export type Goods = (typeof GOODS)[number]
export type Money = (typeof MONEY)[number]

/** The three statuses of a case: where it stands as a whole, where its goods are, and how far its money is. */
export interface CaseStatus {
  overall: Overall
  goods: Goods
  money: Money
  closed: boolean
}

const HERE = new Set<string>([
  ...ON_BOOKS,
  'liquidated',
  'scrapped',
  'donated',
  'returned_to_vendor',
  'returned_to_customer',
])

export function caseStatus(
  decision: 'authorized' | 'rejected' | 'cancelled' | '',
  all: readonly UnitState[],
  settlements: readonly { readonly state: string }[],
): CaseStatus {
  const units = all.filter((unit) => unit.quantity > 0)
  const goods = goodsOf(units)
  const money = moneyOf(settlements)
  if (decision === 'rejected' || decision === 'cancelled') return { overall: decision, goods, money, closed: true }
  const paid = money === 'paid' || money === 'rejected'
  if (paid && (goods === 'done' || goods === 'lost')) return { overall: 'closed', goods, money, closed: true }
  return { overall: overallOf(decision, goods), goods, money, closed: false }
}

function overallOf(decision: string, goods: Goods): Overall {
  switch (goods) {
    case 'done':
    case 'dispositioned':
    case 'lost':
      return 'settling'
    case 'inspected':
      return 'inspected'
    case 'received':
    case 'part_received':
      return 'received'
    case 'in_transit':
      return 'inbound'
    default:
      return decision === 'authorized' ? 'authorized' : 'requested'
  }
}

function goodsOf(units: readonly UnitState[]): Goods {
  const [first] = units
  if (!first) return 'none'
  if (units.every((unit) => unit.status === 'lost')) return 'lost'
  if (units.every((unit) => unit.final)) return 'done'
  const here = units.filter((unit) => HERE.has(unit.status) || unit.final)
  if (here.length === 0) return units.some((unit) => unit.status === 'in_transit') ? 'in_transit' : 'expected'
  if (here.length < units.length) return 'part_received'
  if (units.every((unit) => unit.dispositioned || unit.final)) return 'dispositioned'
  return units.every((unit) => unit.inspected || unit.final) ? 'inspected' : 'received'
}

function moneyOf(settlements: readonly { readonly state: string }[]): Money {
  const states = settlements.map(({ state }) => state)
  if (states.length === 0) return 'nothing'
  if (states.some((state) => state === 'failed' || state === 'unknown')) return 'problem'
  const paid = states.filter((state) => state === 'paid').length
  const open = states.filter((state) => state !== 'paid' && state !== 'rejected')
  if (open.length === 0) return paid > 0 ? 'paid' : 'rejected'
  if (paid > 0) return 'part_paid'
  return open.some((state) => state !== 'proposed') ? 'approved' : 'proposed'
}
