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
  /** The smallest amount of the currency that can be paid: everything that is given or kept is a whole number of it. */
  readonly step: bigint
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
 * exactly (to its whole steps), and each is within one step of its exact part: an allocation that does not depend on the order.
 */
export function shareOf(total: bigint, pieces: number, from: number, quantity: number, step = 1n): Units {
  if (pieces <= 0) return units(0n)
  const upTo = (n: number) => (((total / step) * BigInt(Math.min(n, pieces))) / BigInt(pieces)) * step
  return units(upTo(from + quantity) - upTo(from))
}

/** A percentage with at most two decimals of an amount, rounded half to even to whole steps. */
const percent = (amount: bigint, of: number, step: bigint): bigint =>
  divideHalfEven(amount * BigInt(Math.round(of * 100)), 10_000n * step) * step

/** What a customer gets for a unit, with every step (domain.md row 8): never more than was captured and is left. */
export function entitlementOf(facts: EntitlementFacts): Entitlement {
  const goods = shareOf(facts.lineNet, facts.lineQuantity, facts.creditedQuantity, facts.quantity, facts.step)
  const tax = shareOf(facts.lineTax, facts.lineQuantity, facts.creditedQuantity, facts.quantity, facts.step)
  const entitled = goods + tax
  const deductionDue = smaller(entitled, percent(entitled, facts.deductionPercent, facts.step))
  const feeDue = smaller(
    entitled - deductionDue,
    percent(entitled, facts.feePercent, facts.step) + (facts.labelFee / facts.step) * facts.step,
  )
  const fee = facts.waiveFee ? 0n : feeDue
  const deduction = facts.waiveDeduction ? 0n : deductionDue
  const due = entitled - fee - deduction
  const left = facts.capturedLeft > 0n ? (facts.capturedLeft / facts.step) * facts.step : 0n
  const amount = smaller(due, left)
  // What is kept as a fee was part of the sale too: its tax is given back with it, and charged again with the fee.
  const [taxSteps = 0n] = allocate((amount + fee) / facts.step, [tax, goods])
  const taxOfAmount = units(taxSteps * facts.step)
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
