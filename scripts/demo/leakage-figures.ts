import type { EventData } from '../../ingest/contract/types'
import { DAY } from './calendar'
import type { UnitFigure } from './figures'

export type PaidSettlement = EventData<'settlement.paid.v1'> & { at: number }

const CREDITING: readonly string[] = ['refund', 'exchange', 'store_credit', 'partial_credit']
const FALSE_CONTENTS: readonly string[] = ['wrong_item_returned', 'empty_box', 'counterfeit']
const number = (value: string | number | undefined): number => Number(value ?? 0)

/** A unit's leakage by the ordered, exclusive categories, in plain numbers: enough to see that each occurs and how large it is. */
export function leakageOf(unit: UnitFigure, now: number): [string, number][] {
  const found: [string, number][] = []
  let prior = 0
  for (const paid of [...unit.settlements.values()].sort((a, b) => a.at - b.at)) {
    let rest = number(paid.amount)
    const crediting = CREDITING.includes(paid.kind)
    const take = (code: string, value: number) => {
      const part = Math.min(rest, value)
      if (part <= 0) return
      rest -= part
      found.push([code, part])
    }
    const entitled = paid.entitled_amount
    if (crediting && prior > 0 && entitled !== undefined && prior >= number(entitled)) take('L1', rest)
    if (paid.kind === 'chargeback' && prior > 0) take('L2', rest)
    const missing = unit.receivedAt === 0 && unit.requestedAt > 0 && unit.type !== 'refused'
    if (crediting && missing && paid.at + 30 * DAY <= now) take('L3', rest)
    if (crediting && unit.receivedQuantity > 0 && unit.receivedQuantity < unit.quantity)
      take('L4', (number(paid.amount) * (unit.quantity - unit.receivedQuantity)) / unit.quantity)
    if (crediting && (FALSE_CONTENTS.includes(unit.finding) || unit.serialMatch === false)) take('L5', rest)
    if (crediting && entitled !== undefined)
      take('L6', cents(number(paid.amount) + number(paid.fee_amount) - number(entitled)))
    if (paid.exception_id === undefined) {
      take('L7', cents(number(paid.fee_due_amount) - number(paid.fee_amount)))
      take('L8', cents(number(paid.deduction_due_amount) - number(paid.deduction_amount)))
      if (paid.in_policy === false) take('L9', rest)
    }
    take('L10', number(paid.clawback_due_amount))
    take('L11', number(paid.discrepancy_amount))
    if (paid.kind === 'goodwill') take('L12', rest)
    take('L13', number(paid.currency_difference_amount))
    if (crediting) prior += number(paid.amount)
  }
  return found
}

const cents = (value: number): number => Math.round(value * 100) / 100
