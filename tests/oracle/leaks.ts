import { divideHalfEven } from '../../lib/money'
import { CREDITING, given, money, type Settlement, text } from './facts'
import type { Unit } from './units'

export interface Leak {
  settlement: string
  category: string
  at: number
  until: number
  amount: bigint
}

const FAR = Date.UTC(2100, 0, 1)
const THIRTY_DAYS = 30 * 86_400_000

/** Section 5: each credited amount falls into at most one category, the first that matches. */
export function leaksOf(
  unit: Unit,
  requested: boolean,
  paid: readonly Settlement[],
  inReporting: (amount: bigint, currency: string, at: number) => bigint,
): Leak[] {
  const leaks: Leak[] = []
  let prior = 0n
  for (const { id, data, paidAt } of paid) {
    const kind = text(data, 'kind')
    const crediting = CREDITING.includes(kind)
    const amount = money(data, 'amount')
    const fee = money(data, 'fee_amount')
    const entitled = given(data, 'entitled_amount') ? money(data, 'entitled_amount') : undefined
    const excused = text(data, 'exception_id') !== ''
    const currency = text(data, 'currency')
    const more = (a: bigint, b: bigint) => (a > b ? a - b : 0n)
    const neverReceived = crediting && requested && unit.times.received_at === 0 && unit.codes.return_type !== 'refused'
    let rest = amount
    const take = (category: string, gives: bigint, at: number, until: number, from = rest) => {
      const taken = gives < from ? gives : from
      if (taken > 0n) {
        const value = inReporting(taken, currency, at)
        if (value !== 0n) leaks.push({ settlement: id, category, at, until, amount: value })
      }
      return from - taken
    }
    rest = take(
      'duplicate',
      crediting && entitled !== undefined && prior > 0n && prior >= entitled ? rest : 0n,
      paidAt,
      FAR,
    )
    rest = take('refund_and_chargeback', kind === 'chargeback' && prior > 0n ? rest : 0n, paidAt, FAR)
    if (neverReceived) take('never_received', rest, paidAt + THIRTY_DAYS, FAR)
    const until = neverReceived ? paidAt + THIRTY_DAYS : FAR
    const short = unit.fullQuantity - unit.receivedQuantity
    const wrong =
      ['wrong_item_returned', 'empty_box', 'counterfeit'].includes(unit.codes.finding ?? '') ||
      unit.serialMatch === false
    const gives: [string, bigint][] = [
      [
        'quantity',
        crediting && unit.receivedQuantity > 0 && short > 0
          ? divideHalfEven(amount * BigInt(short), BigInt(unit.fullQuantity))
          : 0n,
      ],
      ['wrong_item', crediting && wrong ? amount : 0n],
      ['over_credit', crediting && entitled !== undefined ? more(amount + fee, entitled) : 0n],
      ['fee_waived', excused ? 0n : more(money(data, 'fee_due_amount'), fee)],
      [
        'condition_not_applied',
        excused ? 0n : more(money(data, 'deduction_due_amount'), money(data, 'deduction_amount')),
      ],
      ['out_of_policy', data.in_policy === false && !excused ? amount : 0n],
      ['price_arbitrage', money(data, 'clawback_due_amount')],
      ['shipping_or_tax', money(data, 'discrepancy_amount')],
      ['goodwill', kind === 'goodwill' ? amount : 0n],
      ['currency', money(data, 'currency_difference_amount')],
    ]
    for (const [category, value] of gives) rest = take(category, value, paidAt, until)
    if (crediting) prior += amount
  }
  return leaks
}
