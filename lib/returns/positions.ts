import { larger, smaller, type Units } from '../money'
import type { Status } from './codes'

/**
 * What a thing means for the books, as balances by account: debit above zero, credit below, in 1/10,000 of its currency. Every position sums
 * to zero, and a journal entry is the difference of two positions: so every entry balances, whatever happened in whatever order, and a
 * correction posts exactly what it changes.
 */
export type Position = ReadonlyMap<string, bigint>

export const ACCOUNTS = [
  ['returns_and_allowances', 'Returns and allowances', 'income', null],
  ['tax_payable', 'Tax payable', 'liability', null],
  ['refunds_payable', 'Refunds payable', 'liability', 'refunds_payable'],
  ['store_credit_liability', 'Store credit liability', 'liability', 'store_credit'],
  ['store_credit_redeemed', 'Sales paid with store credit', 'asset', null],
  ['store_credit_breakage', 'Store credit voided and expired', 'income', null],
  ['fee_income', 'Restocking fee income', 'income', null],
  ['cash_clearing', 'Cash clearing', 'asset', 'cash'],
  ['cost_of_sales', 'Cost of sales', 'expense', null],
  ['inventory_write_down', 'Inventory write-down', 'expense', null],
  ['inventory_write_off', 'Inventory write-off', 'expense', null],
  ['inventory_adjustments', 'Inventory adjustments', 'expense', null],
  ['vendor_claims_receivable', 'Vendor claims receivable', 'asset', 'claims_receivable'],
  ['vendor_recovery', 'Vendor recovery', 'income', null],
  ['claims_written_off', 'Vendor claims written off', 'expense', null],
  ['accrued_costs', 'Accrued costs', 'liability', null],
  ['opening_balances', 'Opening balances', 'liability', null],
  ['suspense', 'Suspense', 'asset', null],
  ...(
    ['received', 'hold', 'quarantine', 'refurbish', 'vendor', 'sellable', 'liquidation', 'scrap', 'restocked'] as const
  ).map((status) => [`inventory.${status}`, `Inventory: ${status}`, 'asset', 'inventory'] as const),
  ...(
    [
      'return_freight',
      'outbound_freight',
      'labor',
      'refurbishment',
      'disposal',
      'payment_fee',
      'marketplace_fee',
    ] as const
  ).map((kind) => [`return_costs.${kind}`, `Return costs: ${kind.replace('_', ' ')}`, 'expense', null] as const),
] as const

/** Statuses in which goods are ours and on the books. */
export const ON_BOOKS: readonly Status[] = [
  'received',
  'hold',
  'quarantine',
  'refurbish',
  'vendor',
  'sellable',
  'liquidation',
  'scrap',
  'restocked',
]

const NOTHING: Position = new Map()

function position(...entries: [account: string, amount: bigint][]): Position {
  const sums = new Map<string, bigint>()
  for (const [account, amount] of entries) sums.set(account, (sums.get(account) ?? 0n) + amount)
  for (const [account, amount] of sums) if (amount === 0n) sums.delete(account)
  return sums
}

/** What a unit is for the books. `cost` and `value` are totals of the unit: cost, and what it is carried at (or was sold for). */
export function unitPosition(unit: {
  status: Status
  received: boolean
  split: boolean
  cost: bigint
  value: bigint
}): Position {
  const { status, cost } = unit
  if (unit.split || cost === 0n) return NOTHING
  const value = smaller(unit.value, cost)
  switch (status) {
    case 'expected':
    case 'in_transit':
    case 'cancelled':
    case 'returned_to_customer':
      return NOTHING
    case 'lost':
      return unit.received ? position(['inventory_write_off', cost], ['cost_of_sales', -cost]) : NOTHING
    case 'scrapped':
    case 'donated':
      return position(['inventory_write_off', cost], ['cost_of_sales', -cost])
    case 'returned_to_vendor':
      return position(['vendor_recovery', cost], ['cost_of_sales', -cost])
    case 'liquidated':
      return position(
        ['cash_clearing', unit.value],
        ['inventory_write_down', cost - unit.value],
        ['cost_of_sales', -cost],
      )
    case 'restocked':
      return position(['inventory.restocked', value], ['inventory_write_down', cost - value], ['cost_of_sales', -cost])
    default:
      return position([`inventory.${status}`, cost], ['cost_of_sales', -cost])
  }
}

/** What one piece is carried at in a status, for the stock ledger: cost while it is ours, its value when restocked, nothing when it is gone. */
export function carriedAt(status: Status | 'outside', unitCost: bigint, unitValue: bigint | undefined): bigint {
  if (status === 'outside' || !ON_BOOKS.includes(status)) return 0n
  if (status === 'restocked' && unitValue !== undefined) return smaller(unitValue, unitCost)
  return unitCost
}

/** What a settlement is for the books: owed from its approval on, paid from its payment on. */
export function settlementPosition(settlement: {
  kind: string
  /** Whether it was approved (or paid without that) and not rejected since. */
  owed: boolean
  paid: boolean
  amount: Units | bigint
  tax: Units | bigint
  fee: Units | bigint
}): Position {
  const { kind, amount, tax, fee } = settlement
  if (!settlement.owed) return NOTHING
  const payable = kind === 'store_credit' ? 'store_credit_liability' : 'refunds_payable'
  const owed: [string, bigint][] = [
    ['returns_and_allowances', amount + fee - tax],
    ['tax_payable', tax],
    ['fee_income', -fee],
    [payable, -amount],
  ]
  // Store credit stays a liability until it is spent, which is a sale.
  if (settlement.paid && kind !== 'store_credit') owed.push([payable, amount], ['cash_clearing', -amount])
  return position(...owed)
}

/** What spent or ended store credit is for the books: the debt is gone, paid for a sale or kept. `amount` is above zero. */
export const creditPosition = (kind: 'spent' | 'voided' | 'expired', amount: bigint): Position =>
  position(
    ['store_credit_liability', amount],
    [kind === 'spent' ? 'store_credit_redeemed' : 'store_credit_breakage', -amount],
  )

/** What a supplier claim is for the books: receivable from its acceptance on, less what has come and what was given up. */
export function claimPosition(claim: { accepted: bigint; recovered: bigint; writtenOff?: bigint }): Position {
  // Money that came without an acceptance is a recovery all the same.
  const earned = larger(claim.accepted, claim.recovered)
  const lost = claim.writtenOff ?? 0n
  return position(
    ['vendor_recovery', -earned],
    ['vendor_claims_receivable', earned - claim.recovered - lost],
    ['claims_written_off', lost],
    ['cash_clearing', claim.recovered],
  )
}

export const costPosition = (kind: string, amount: bigint): Position =>
  position([`return_costs.${kind}`, amount], ['accrued_costs', -amount])

/** A difference of stock found by counting, at cost. */
export const adjustmentPosition = (status: Status, change: bigint): Position =>
  ON_BOOKS.includes(status) ? position([`inventory.${status}`, change], ['inventory_adjustments', -change]) : NOTHING

/** The entry that takes the books from one position to another: what is debited (above zero) and credited, account by account. */
export function difference(before: Position, after: Position): Position {
  const entries: [string, bigint][] = [...after]
  for (const [account, amount] of before) entries.push([account, -amount])
  return position(...entries)
}

/** Several differences as one. */
export const sum = (positions: readonly Position[]): Position => position(...positions.flatMap((each) => [...each]))
