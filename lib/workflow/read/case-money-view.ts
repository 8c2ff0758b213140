import { formatUnits } from '../../money'
import type { CaseCredit, CaseSettlement } from './case-types'
import type { CaseParts } from './case-view'

const money = (amount: bigint): string => formatUnits(amount, 2)

/** What followed from a settlement: the piece that is sent instead, and what was said to a bank. */
export function afterSettlement(
  id: string,
  { facts, nameOf }: CaseParts,
): Pick<CaseSettlement, 'replacement' | 'answer'> {
  const goods = facts.replacements.find(({ settlementId }) => settlementId === id)
  const answer = facts.answered.find(({ settlementId }) => settlementId === id)
  return {
    replacement: goods
      ? {
          ...{ reference: goods.reference, sku: goods.sku, quantity: goods.quantity, state: goods.state },
          ...{ value: money(goods.value), applied: money(goods.applied), due: money(goods.due), reason: goods.reason },
          at: (goods.cancelledAt ?? goods.shippedAt ?? goods.orderedAt ?? goods.reservedAt).toISOString(),
        }
      : null,
    answer: answer
      ? {
          ...{ answer: answer.answer, note: answer.note, documents: answer.evidence.length, error: answer.lastError },
          by: nameOf(answer.answeredBy),
          at: answer.answeredAt.toISOString(),
          sentAt: answer.sentAt?.toISOString() ?? null,
        }
      : null,
  }
}

export const creditView = ({ facts: { credit }, nameOf }: CaseParts): CaseCredit | null =>
  credit && {
    held: money(credit.balance),
    owed: credit.owed > 0n ? money(credit.owed) : '',
    currency: credit.currency,
    movements: credit.movements.map((each) => ({
      id: each.id,
      kind: each.kind,
      amount: money(each.amount),
      about: each.orderId || each.settlementId,
      by: nameOf(each.actor),
      at: each.at.toISOString(),
    })),
  }
