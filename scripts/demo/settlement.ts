import { DAY, HOUR, MINUTE, SECOND } from './calendar'
import { amountText, taxInside } from './cents'
import { entitlementOf } from './entitlement'
import { raise } from './exceptions'
import { afterwards, type Slip, slipOf } from './leakage'
import { approve, type Credit, pay, propose, tell } from './payment'
import { type Release, releaseOf } from './release'
import { actor, cost, type UnitCase } from './unit-case'

/** Stage 5: proposes, approves and pays what the customer gets, with the mistakes that real companies make. */
export function settle(self: UnitCase): void {
  const { journey, unit } = self
  if (journey.rejectedAt || (journey.blind && !journey.matchedAt)) return
  const release = releaseOf(self)
  if (!release) {
    afterwards(self, undefined)
    return
  }
  if (release.seen && refused(self, release)) return
  const credit = creditOf(self, release)
  const large = credit.amount > 25_000
  const approvedAt = release.at + (large ? self.random.between(2, 30) * HOUR : 4 * SECOND)
  const paidAt = approvedAt + self.random.lognormal(0.22, 0.7) * DAY + MINUTE
  propose(self, credit, release.at)
  approve(self, credit, approvedAt, large)
  pay(self, credit, paidAt)
  if (unit.type === 'exchange' && unit.index === 0) {
    const { facility } = unit.parcel
    cost(
      self,
      'outbound_freight',
      Math.round(facility.parcel * 0.8),
      facility.currency,
      facility.source,
      approvedAt + 5 * HOUR,
    )
  }
  afterwards(self, { credit, paidAt })
}

/** Nothing is paid for what is not ours or was ruined, where somebody looked first. */
function refused(self: UnitCase, release: Release): boolean {
  const { finding, random } = self
  const foreign =
    finding === 'wrong_item_returned' ||
    finding === 'empty_box' ||
    finding === 'counterfeit' ||
    self.serialMatch === false
  if (self.disposition !== 'return_to_customer' && !(foreign && random.chance(0.68))) return false
  const { entitled, kind } = entitlementOf(self, true)
  if (entitled === 0) return true
  const credit: Credit = {
    id: `S-${self.id}`,
    kind,
    amount: entitled,
    tax: 0,
    fee: 0,
    cause: 'inspection_failed',
    more: {},
  }
  propose(self, credit, release.at)
  tell(self, 'settlement.rejected.v1', credit, release.at + random.between(1, 40) * HOUR, actor(self, 'fin'), 'r')
  return true
}

function creditOf(self: UnitCase, release: Release): Credit {
  const { unit, random } = self
  const due = entitlementOf(self, release.seen)
  const slip = slipOf(self, due, release)
  const feeTaken = slip.waiveFee ? 0 : due.feeDue
  const deduction = slip.skipDeduction ? 0 : due.deductionDue
  const entitled = due.entitled + slip.discrepancy
  const amount = Math.max(0, entitled - feeTaken - deduction + slip.over)
  const tax = taxInside(amount + feeTaken, unit.line.order.country.tax)
  const exception = exceptionFor(self, slip, release.at)
  return {
    id: `S-${self.id}`,
    kind: due.kind,
    amount,
    tax,
    fee: feeTaken,
    cause: release.cause,
    more: {
      entitled_amount: amountText(entitled),
      fee_due_amount: amountText(due.feeDue),
      deduction_due_amount: amountText(due.deductionDue),
      deduction_amount: amountText(deduction),
      ...(slip.clawback ? { clawback_due_amount: amountText(slip.clawback) } : {}),
      ...(slip.discrepancy ? { discrepancy_amount: amountText(slip.discrepancy) } : {}),
      ...(slip.currency ? { currency_difference_amount: amountText(slip.currency) } : {}),
      in_policy: unit.inPolicy,
      ...(exception ? { exception_id: exception } : {}),
      method: due.kind === 'refund' ? random.of(['card', 'card', 'wallet', 'invoice']) : due.kind,
    },
  }
}

/** An approval on record makes a waiver or an out-of-policy return a decision; without one it is leakage. */
function exceptionFor(self: UnitCase, slip: Slip, at: number): string | undefined {
  if (!slip.approved) return undefined
  return raise(self, self.unit.inPolicy ? 'fee_waiver' : 'policy_override', at - 50 * MINUTE, at - 5 * MINUTE)
}
