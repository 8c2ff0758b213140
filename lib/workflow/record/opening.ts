import type { Transaction } from '../../db/client'
import { type Position, sum } from '../../returns/positions'
import { type Posting, post } from './books'

/** Accounts that a company goes on with: what was earned and spent before is in its former books. */
const CARRIED = /^(inventory\.|refunds_payable$|store_credit_liability$|vendor_claims_receivable$)/

/**
 * Posts what a batch of history leaves standing, one entry an entity and currency: goods that lie here, refunds that are owed, claims that
 * are open, against opening balances. Its single steps were posted in the books that the company had then.
 */
export async function postOpening(
  tx: Transaction,
  batch: string,
  postings: readonly Posting[],
  at: Date,
): Promise<void> {
  const groups = new Map<string, Posting[]>()
  for (const posting of postings) {
    const key = `${posting.entity}\0${posting.currency}`
    const group = groups.get(key)
    if (group) group.push(posting)
    else groups.set(key, [posting])
  }
  await post(
    tx,
    [...groups.values()].flatMap((group) => {
      const [first] = group
      if (!first) return []
      const carried = [...sum(group.map(({ lines }) => lines))].filter(([account]) => CARRIED.test(account))
      const total = carried.reduce((all, [, amount]) => all + amount, 0n)
      const lines: Position = sum([new Map(carried), new Map([['opening_balances', -total]])])
      return [
        {
          cause: `opening:${batch}:${first.entity}:${first.currency}`,
          template: 'opening',
          entity: first.entity,
          currency: first.currency,
          at,
          lines,
          origin: 'opening' as const,
          preparedBy: first.preparedBy,
          memo: 'Balances taken over with imported history',
        },
      ]
    }),
  )
}
