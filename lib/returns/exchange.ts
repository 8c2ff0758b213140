import { allocate, larger, smaller, type Units, units } from '../money'
import type { Entitlement } from './entitlement'

/** States of a replacement: the shop sends it once it is ordered, and what is shipped is no longer cancelled. */
export const REPLACEMENT_STATES = ['reserved', 'ordered', 'shipped', 'cancelled'] as const
export type ReplacementState = (typeof REPLACEMENT_STATES)[number]

/** How what a customer was due pays for the other piece; amounts in 1/10,000, tax included unless said. */
export interface Exchange {
  /** What the replacement costs: all pieces. */
  readonly value: Units
  /** What of the credit goes into it, with the tax in that. `value` = applied + due. */
  readonly applied: Units
  readonly appliedTax: Units
  /** What is left of the credit and is refunded, with the tax in it and in the fee that was kept. */
  readonly amount: Units
  readonly taxOfAmount: Units
  /** What the customer pays on top. */
  readonly due: Units
}

/**
 * An exchange is the goods for the credit: the replacement takes what it costs, and only the difference is money. Refund and what goes into the
 * replacement are together exactly what the customer was due, so that both draw on what was captured, and never on more.
 */
export function exchangeOf(credit: Entitlement, value: bigint, step: bigint): Exchange {
  const applied = smaller(credit.amount, value)
  const amount = credit.amount - applied
  const [paidTax = 0n, appliedTax = 0n] = allocate(credit.taxOfAmount / step, [amount + credit.fee, applied])
  return {
    value: units(value),
    applied: units(applied),
    appliedTax: units(appliedTax * step),
    amount: units(amount),
    taxOfAmount: units(paidTax * step),
    due: units(value - applied),
  }
}

/**
 * What a shipped replacement carries beyond the money that its sale tells, of what was given back for it: so that a replacement that comes back
 * itself is worth what it was taken for. A sender that tells the whole price as sold leaves nothing to be carried.
 */
export const carriedBy = (exchange: { readonly value: bigint; readonly applied: bigint }, sold: bigint): Units =>
  units(larger(0n, smaller(exchange.applied, exchange.value - sold)))
