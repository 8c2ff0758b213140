import { larger, type Units, units } from '../money'

/** What a customer holds, and what they have spent of credit that was taken back since; at most one of them is above zero. */
export interface CreditBalance {
  readonly balance: Units
  readonly owed: Units
}

/** The balance of all movements, in whatever order they came (1/10,000; what is issued is above zero, what is spent or taken back below). */
export function balanceOf(movements: readonly bigint[]): CreditBalance {
  const sum = movements.reduce((all, each) => all + each, 0n)
  return { balance: units(larger(sum, 0n)), owed: units(larger(-sum, 0n)) }
}

/** An account of the ledger: whose credit, in which company and currency. A customer that nobody named is ''. */
export interface CreditAccount {
  readonly customerId: string
  readonly entity: string
  readonly currency: string
}

export interface CreditShare extends CreditAccount {
  readonly amount: bigint
}

const keyOf = ({ customerId, entity, currency }: CreditAccount): string => `${customerId}\0${entity}\0${currency}`

/**
 * The movements that take the ledger from what a settlement has issued so far to what it is now: none when it is the same. A correction moves the
 * difference, a change of customer moves all of it.
 */
export function creditDifference(have: readonly CreditShare[], want: CreditShare | undefined): CreditShare[] {
  const sums = new Map<string, CreditShare>()
  const add = (share: CreditShare, sign: bigint) => {
    const known = sums.get(keyOf(share))
    sums.set(keyOf(share), { ...share, amount: (known?.amount ?? 0n) + sign * share.amount })
  }
  for (const share of have) add(share, -1n)
  if (want) add(want, 1n)
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, share]) => (share.amount === 0n ? [] : [share]))
}
