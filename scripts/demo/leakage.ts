import { DAY } from './calendar'
import { amountText, share, taxInside } from './cents'
import { PRICE_FACTOR } from './channels'
import type { Entitlement } from './entitlement'
import { raise } from './exceptions'
import { type Credit, settleAtOnce } from './payment'
import type { Release } from './release'
import type { UnitCase } from './unit-case'

/** What goes wrong in one settlement, in cents. Most have nothing. */
export interface Slip {
  /** Somebody approved the deviation. */
  approved: boolean
  waiveFee: boolean
  skipDeduction: boolean
  /** Paid beyond the entitlement. */
  over: number
  /** A promotion's threshold was missed by the return, and its discount not taken back. */
  clawback: number
  /** Shipping or tax refunded though kept by policy. */
  discrepancy: number
  /** Refunded at the day's rate and not at the rate of the sale. */
  currency: number
}

/**
 * Draws the mistakes of one settlement. Leakage of each category L1–L13 occurs: here L6–L11 and L13; L1, L2 and L12 in `afterwards`;
 * L3, L4 and L5 come of parcels that never arrive, short receipts and false contents that were paid for.
 */
export function slipOf(self: UnitCase, due: Entitlement, release: Release): Slip {
  const { random, unit } = self
  const factor = PRICE_FACTOR[self.currency] ?? 1
  const slip: Slip = {
    approved: false,
    waiveFee: false,
    skipDeduction: false,
    over: 0,
    clawback: 0,
    discrepancy: 0,
    currency: 0,
  }
  if (!unit.inPolicy) slip.approved = random.chance(0.62)
  else if (due.feeDue > 0) {
    const draw = random.next()
    slip.waiveFee = draw < 0.075
    slip.approved = draw < 0.04
  }
  if (due.deductionDue > 0 && random.chance(0.2)) slip.skipDeduction = true
  if (due.kind === 'exchange' || due.entitled === 0) return slip
  const draw = random.next()
  if (draw < 0.005) slip.over = share(due.entitled, random.int(4, 18), 100)
  else if (draw < 0.012)
    slip.clawback = Math.min(share(due.entitled, 1, 2), Math.round(random.between(5, 15) * factor) * 100)
  else if (draw < 0.019) slip.discrepancy = Math.round(random.of([395, 495, 690]) * factor)
  else if (self.currency !== 'EUR' && draw < 0.034) slip.currency = share(due.entitled, random.int(4, 22), 1000)
  if (slip.over > 0 && random.chance(0.3)) raise(self, 'over_credit', release.at + random.between(0.5, 6) * DAY)
  return slip
}

/** What comes after the money has gone, or instead of it: a second refund, a dispute, a gift to calm somebody. */
export function afterwards(self: UnitCase, first: { credit: Credit; paidAt: number } | undefined): void {
  const { random, unit } = self
  const { line } = unit
  const factor = PRICE_FACTOR[self.currency] ?? 1
  const draw = random.next()
  const rate = line.order.country.tax
  if (!first) {
    const asked = self.journey.cancelledAt
    // Kept by the customer, with something off, in place of a return.
    if (asked && draw < 0.1)
      credit(self, 'goodwill', share(line.net + line.tax, random.int(15, 30), 100), asked, 'keep_item')
    return
  }
  const full =
    first.credit.fee === 0 &&
    first.credit.amount > 0 &&
    first.credit.more.entitled_amount === amountText(first.credit.amount)
  const crediting = first.credit.kind === 'refund'
  if (full && crediting && draw < 0.0035) {
    const at = first.paidAt + random.between(0.02, 9) * DAY
    settleAtOnce(self, { ...first.credit, id: `${first.credit.id}-2`, cause: 'provider_retry' }, at)
    if (random.chance(0.5)) raise(self, 'duplicate_credit', at + random.between(1, 12) * DAY)
  } else if (crediting && draw > 0.9975 && line.order.channel.id.startsWith('web'))
    credit(self, 'chargeback', first.credit.amount, first.paidAt + random.between(8, 45) * DAY, 'dispute_lost')
  else if (draw > 0.5 && draw < 0.509)
    credit(
      self,
      'goodwill',
      Math.round(random.of([5, 10, 10, 15]) * factor) * 100,
      first.paidAt + random.between(0.3, 5) * DAY,
      'late_refund',
    )

  function credit(to: UnitCase, kind: 'goodwill' | 'chargeback', amount: number, at: number, cause: string): void {
    if (amount === 0) return
    const suffix = kind === 'goodwill' ? 'g' : 'cb'
    settleAtOnce(
      to,
      { id: `S-${to.id}-${suffix}`, kind, amount, tax: taxInside(amount, rate), fee: 0, cause, more: {} },
      at,
    )
  }
}
