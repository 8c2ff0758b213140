import type { Reason, SettlementKind } from '../../lib/returns/codes'
import { share } from './cents'
import { PRICE_FACTOR } from './channels'
import type { UnitCase } from './unit-case'

/** What a customer may have for a unit, in cents of the order's currency, tax included. */
export interface Entitlement {
  kind: SettlementKind
  /** Before fee and deductions. */
  entitled: number
  /** Of policy, for return freight or restocking; and for the state that the goods came back in. */
  feeDue: number
  deductionDue: number
}

/** Reasons that lie with us, the supplier or the carrier: no fee is due for them. */
const OURS: ReadonlySet<Reason> = new Set<Reason>([
  'not_as_described',
  'defective',
  'damaged_in_transit',
  'wrong_item',
  'missing_part',
  'arrived_late',
  'quality',
  'allergic_reaction',
  'undeliverable',
  'refused',
  'warranty',
  'recall',
])

/** `seen` = the goods were inspected before the money goes, so that their state can be held against the customer. */
export function entitlementOf(self: UnitCase, seen: boolean): Entitlement {
  const { unit, random } = self
  const { line } = unit
  const gross = Math.floor(((line.net + line.tax) * self.quantity) / line.quantity)
  const factor = PRICE_FACTOR[self.currency] ?? 1
  if (unit.type === 'exchange') {
    const difference = random.chance(0.7) ? 0 : Math.round(random.between(1, 12) * factor) * 100
    return { kind: 'exchange', entitled: Math.min(gross, difference), feeDue: 0, deductionDue: 0 }
  }
  const kind = unit.type === 'store_credit' ? 'store_credit' : unit.type === 'wholesale' ? 'partial_credit' : 'refund'
  const feeDue = Math.min(gross, feeOf(self, gross))
  const worn = seen && (self.finding === 'used' || self.finding === 'customer_damage')
  const percent = !worn ? 0 : self.condition === 'D' || self.condition === 'E' ? 35 : self.condition === 'C' ? 18 : 0
  return { kind, entitled: gross, feeDue, deductionDue: Math.min(gross - feeDue, share(gross, percent, 100)) }
}

/** One return-shipping fee a parcel in the shops (none in the EU since returns are free); restocking for trade. */
function feeOf(self: UnitCase, gross: number): number {
  const { unit } = self
  if (OURS.has(unit.reason)) return 0
  switch (unit.policyRow) {
    case 'trade-terms-v3':
      return share(gross, 12, 100)
    case 'us-standard-v4':
      return unit.index === 0 ? 695 : 0
    case 'eu-standard-v1':
      return unit.index === 0 ? (self.currency === 'PLN' ? 1990 : 495) : 0
    default:
      return 0
  }
}
