import type { EventData } from '../../ingest/contract/types'
import type { SettlementKind } from '../../lib/returns/codes'
import { MINUTE } from './calendar'
import { amountText, share } from './cents'
import { WORKFLOW } from './emitter'
import { ACCOUNT, type Posting, post } from './journal'
import { actor, cost, type UnitCase } from './unit-case'

/** What is agreed and paid, in cents of the order's currency, tax included. */
export interface Credit {
  id: string
  kind: SettlementKind
  amount: number
  tax: number
  fee: number
  cause: string
  /** Further fields of the event, as text. */
  more: Partial<EventData<'settlement.paid.v1'>>
}

type SettlementEvent =
  | 'settlement.proposed.v1'
  | 'settlement.approved.v1'
  | 'settlement.paid.v1'
  | 'settlement.rejected.v1'

export function tell(
  self: UnitCase,
  type: SettlementEvent,
  credit: Credit,
  at: number,
  who: string,
  suffix: string,
): void {
  const { channel } = self.unit.line.order
  const paid = type === 'settlement.paid.v1'
  self.out.put(type, paid ? channel.payments : WORKFLOW, `${credit.id}-${suffix}`, at, self.id, {
    settlement_id: credit.id,
    unit_id: self.id,
    kind: credit.kind,
    amount: amountText(credit.amount),
    currency: self.currency,
    tax_amount: amountText(credit.tax),
    fee_amount: amountText(credit.fee),
    ...credit.more,
    ...(paid ? { external_ref: `re_${credit.id}` } : {}),
    cause: credit.cause,
    policy_row: self.unit.policyRow,
    actor: who,
  })
}

export function propose(self: UnitCase, credit: Credit, at: number): void {
  tell(self, 'settlement.proposed.v1', credit, at, 'system', 'p')
}

export function approve(self: UnitCase, credit: Credit, at: number, large: boolean): void {
  tell(self, 'settlement.approved.v1', credit, at, large ? actor(self, 'fin') : 'system', 'a')
  const owed = credit.kind === 'store_credit' ? ACCOUNT.storeCredit : ACCOUNT.refunds
  const lines: Posting[] = [
    [ACCOUNT.returns, credit.amount + credit.fee - credit.tax],
    [ACCOUNT.tax, credit.tax],
    [owed, -(credit.amount + credit.fee)],
    [owed, credit.fee],
    [ACCOUNT.fees, -credit.fee],
  ]
  post(self.out, { id: `${credit.id}-approved`, at, unit: self.id, entity: self.entity }, self.currency, lines)
}

/** Pays, and books what the provider or the marketplace keeps. Store credit is spent later and elsewhere. */
export function pay(self: UnitCase, credit: Credit, at: number): void {
  const { channel } = self.unit.line.order
  tell(self, 'settlement.paid.v1', credit, at, 'system', 'd')
  if (credit.kind === 'store_credit' || credit.amount === 0) return
  post(self.out, { id: `${credit.id}-paid`, at, unit: self.id, entity: self.entity }, self.currency, [
    [ACCOUNT.refunds, credit.amount],
    [ACCOUNT.cash, -credit.amount],
  ])
  if (credit.kind === 'exchange' || credit.kind === 'partial_credit') return
  if (channel.id !== 'amazon-de') {
    cost(self, 'payment_fee', 25 + share(credit.amount, 14, 1000), self.currency, channel.payments, at + MINUTE)
    return
  }
  // The marketplace gives its referral fee back and keeps a fifth of it, at most 5.00, for the trouble.
  const referral = share(credit.amount - credit.tax, 15, 100)
  cost(self, 'marketplace_fee', -referral, self.currency, channel.source, at + MINUTE)
  cost(self, 'marketplace_fee', Math.min(500, share(referral, 20, 100)), self.currency, channel.source, at + 2 * MINUTE)
}

/** A credit without the usual steps: proposed, approved and paid by one hand within the hour. */
export function settleAtOnce(self: UnitCase, credit: Credit, at: number): void {
  propose(self, credit, at - 40 * MINUTE)
  approve(self, credit, at - 20 * MINUTE, true)
  pay(self, credit, at)
}
