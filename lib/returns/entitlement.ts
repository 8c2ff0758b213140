import { allocate, divideHalfEven, smaller, type Units, units } from '../money'

/** What an entitlement is reckoned from; amounts in 1/10,000 of the order's currency, tax included unless said. */
export interface EntitlementFacts {
  /** Of the whole order line. */
  readonly lineNet: bigint
  readonly lineTax: bigint
  readonly lineQuantity: number
  /** Pieces of the line that were credited before, and what for: what this unit gets begins behind them. */
  readonly creditedQuantity: number
  readonly quantity: number
  /** What is left of what was captured for the order. */
  readonly capturedLeft: bigint
  readonly feePercent: number
  readonly labelFee: bigint
  /** Per cent kept back for the condition that was found; 0 before an inspection. */
  readonly deductionPercent: number
  readonly waiveFee: boolean
  readonly waiveDeduction: boolean
}

/** Component by component, how an amount came about. `amount` = goods + tax − fee − deduction − withheld, never below zero. */
export interface Entitlement {
  readonly goods: Units
  readonly tax: Units
  readonly entitled: Units
  readonly feeDue: Units
  readonly fee: Units
  readonly deductionDue: Units
  readonly deduction: Units
  /** What could not be given because less was left of the capture. */
  readonly withheld: Units
  readonly amount: Units
  /** The tax inside what is given and the fee together. */
  readonly taxOfAmount: Units
}

/**
 * The share of `total` that pieces `from` to `from + quantity` of `pieces` have. Shares of any division of the pieces add up to the total
 * exactly, and each is within one smallest step of its exact part: an allocation by largest remainder that does not depend on the order.
 */
export function shareOf(total: bigint, pieces: number, from: number, quantity: number): Units {
  if (pieces <= 0) return units(0n)
  const upTo = (n: number) => (total * BigInt(Math.min(n, pieces))) / BigInt(pieces)
  return units(upTo(from + quantity) - upTo(from))
}

/** A percentage with at most two decimals of an amount, rounded half to even. */
const percent = (amount: bigint, of: number): bigint => divideHalfEven(amount * BigInt(Math.round(of * 100)), 10_000n)

/** What a customer gets for a unit, with every step (domain.md row 8): never more than was captured and is left. */
export function entitlementOf(facts: EntitlementFacts): Entitlement {
  const goods = shareOf(facts.lineNet, facts.lineQuantity, facts.creditedQuantity, facts.quantity)
  const tax = shareOf(facts.lineTax, facts.lineQuantity, facts.creditedQuantity, facts.quantity)
  const entitled = goods + tax
  const deductionDue = smaller(entitled, percent(entitled, facts.deductionPercent))
  const feeDue = smaller(entitled - deductionDue, percent(entitled, facts.feePercent) + facts.labelFee)
  const fee = facts.waiveFee ? 0n : feeDue
  const deduction = facts.waiveDeduction ? 0n : deductionDue
  const due = entitled - fee - deduction
  const amount = smaller(due, facts.capturedLeft > 0n ? facts.capturedLeft : 0n)
  // What is kept as a fee was part of the sale too: its tax is given back with it, and charged again with the fee.
  const [taxOfAmount = units(0n)] = allocate(amount + fee, [tax, goods])
  return {
    goods,
    tax,
    entitled: units(entitled),
    feeDue: units(feeDue),
    fee: units(fee),
    deductionDue: units(deductionDue),
    deduction: units(deduction),
    withheld: units(due - amount),
    amount: units(amount),
    taxOfAmount: entitled === 0n ? units(0n) : taxOfAmount,
  }
}
