/**
 * The standard codes (workflow.md, "Codes"). Outside systems' own codes are mapped onto these before they become events.
 * A code is written here once; contract, database, metrics, pages and tests read it from here.
 */
export const REASONS = [
  'too_small',
  'too_large',
  'not_as_described',
  'defective',
  'damaged_in_transit',
  'wrong_item',
  'missing_part',
  'arrived_late',
  'changed_mind',
  'better_price',
  'quality',
  'allergic_reaction',
  'gift',
  'undeliverable',
  'refused',
  'warranty',
  'recall',
  'other',
] as const

export const FINDINGS = [
  'confirmed_defect',
  'no_fault_found',
  'customer_damage',
  'transit_damage',
  'used',
  'incomplete',
  'wrong_item_returned',
  'empty_box',
  'counterfeit',
  'expired',
  'packaging_only',
  'as_new',
] as const

/** A new and sealed, B open as new, C minor wear, D damaged or faulty, E unusable. */
export const CONDITIONS = ['A', 'B', 'C', 'D', 'E'] as const

export const DISPOSITIONS = [
  'restock',
  'refurbish',
  'quarantine',
  'vendor_claim',
  'liquidate',
  'scrap',
  'donate',
  'return_to_customer',
] as const

export const RETURN_TYPES = ['refund', 'exchange', 'store_credit', 'warranty', 'wholesale', 'refused'] as const

/** Inventory states of a return unit; the last eight are final. */
export const OPEN_STATUSES = [
  'expected',
  'in_transit',
  'received',
  'hold',
  'quarantine',
  'refurbish',
  'vendor',
  'sellable',
  'liquidation',
  'scrap',
] as const
export const FINAL_STATUSES = [
  'restocked',
  'liquidated',
  'returned_to_vendor',
  'scrapped',
  'donated',
  'returned_to_customer',
  'lost',
  'cancelled',
] as const
export const STATUSES = [...OPEN_STATUSES, ...FINAL_STATUSES] as const

/** Physically here or ours, and not sellable: the value in these states is trapped. */
export const TRAPPED_STATUSES = ['received', 'hold', 'quarantine', 'refurbish', 'vendor', 'liquidation'] as const

/** What the customer gets. `goodwill` is a credit without a return, `chargeback` a dispute that the provider decided. */
export const SETTLEMENT_KINDS = [
  'refund',
  'exchange',
  'store_credit',
  'partial_credit',
  'goodwill',
  'chargeback',
] as const

export const COST_KINDS = [
  'return_freight',
  'outbound_freight',
  'labor',
  'refurbishment',
  'disposal',
  'payment_fee',
  'marketplace_fee',
] as const

export type Reason = (typeof REASONS)[number]
export type Finding = (typeof FINDINGS)[number]
export type Condition = (typeof CONDITIONS)[number]
export type Disposition = (typeof DISPOSITIONS)[number]
export type ReturnType = (typeof RETURN_TYPES)[number]
export type Status = (typeof STATUSES)[number]
export type SettlementKind = (typeof SETTLEMENT_KINDS)[number]
export type CostKind = (typeof COST_KINDS)[number]

/** The status that a disposition puts a unit in when no movement says otherwise (events.md). */
export const STATUS_OF_DISPOSITION: Record<Disposition, Status> = {
  restock: 'sellable',
  refurbish: 'refurbish',
  quarantine: 'quarantine',
  vendor_claim: 'vendor',
  liquidate: 'liquidation',
  scrap: 'scrap',
  donate: 'hold',
  return_to_customer: 'hold',
}
