import type { Difference, DifferenceKind, Tie } from './reconciliation'

/** A settlement that is, or may be, money through a provider. */
export interface OurPayment {
  readonly settlementId: string
  /** The provider's own id of it, '' when it has not said. */
  readonly ref: string
  readonly paid: boolean
  readonly amount: bigint
  readonly currency: string
  readonly entity: string
  readonly at: Date | null
  /** A report covers its time and its provider, so that it must be in it. */
  readonly covered: boolean
}

/** A refund or chargeback as the provider tells it. */
export interface ReportedPayment {
  readonly provider: string
  readonly ref: string
  readonly settlementId: string
  readonly state: 'succeeded' | 'pending' | 'failed'
  readonly amount: bigint
  readonly currency: string
  readonly at: Date
}

export interface Matched {
  /** By currency: what we have paid of what is covered or reported, and what the provider has. */
  readonly ties: readonly Tie[]
  readonly differences: readonly Difference[]
  readonly agreed: number
}

/**
 * Holds what we settled against what a provider reports. They belong together by our id, or else by the provider's. Every settlement and every
 * report ends in an agreement or in exactly one difference of each currency, so the differences add up to that of the totals, and the order of
 * the rows is of no consequence.
 */
export function matchPayments(ours: readonly OurPayment[], reported: readonly ReportedPayment[]): Matched {
  const byId = new Map(ours.map((each) => [each.settlementId, each]))
  const byRef = new Map(ours.flatMap((each) => (each.ref ? [[each.ref, each] as const] : [])))
  const found = new Map<OurPayment, ReportedPayment[]>()
  const unknown: ReportedPayment[] = []
  for (const each of reported) {
    const own = byId.get(each.settlementId) ?? byRef.get(each.ref)
    if (own) found.set(own, [...(found.get(own) ?? []), each])
    else if (each.state !== 'failed') unknown.push(each)
  }
  const differences = unknown.map((each) => ofReport('not_known', each))
  const totals = new Totals()
  for (const each of unknown) totals.add(each.currency, 0n, each.amount)
  let agreed = 0
  for (const own of ours) {
    const theirs = found.get(own) ?? []
    if (theirs.length === 0 && !(own.covered && own.paid)) continue
    const more = differencesOf(own, theirs, totals)
    differences.push(...more)
    if (more.length === 0) agreed += 1
  }
  return { ties: totals.ties(), differences, agreed }
}

/** What one settlement and all that was reported of it do not agree on. */
function differencesOf(own: OurPayment, theirs: readonly ReportedPayment[], totals: Totals): Difference[] {
  const done = theirs.filter(({ state }) => state !== 'failed')
  const paid = own.paid ? own.amount : 0n
  const same = done.filter(({ currency }) => currency === own.currency)
  const foreign = done.filter(({ currency }) => currency !== own.currency)
  const sum = same.reduce((all, { amount }) => all + amount, 0n)
  totals.add(own.currency, paid, sum)
  const differences = foreign.map((each) => {
    totals.add(each.currency, 0n, each.amount)
    return ofReport('amount_differs', each)
  })
  if (paid === sum) return differences
  const kind: DifferenceKind = !own.paid
    ? 'paid_there'
    : same.length > 1
      ? 'reported_twice'
      : same.length === 1 || foreign.length > 0
        ? 'amount_differs'
        : theirs.length > 0
          ? 'failed_there'
          : 'not_reported'
  return [
    ...differences,
    {
      key: `payments:settlement:${own.settlementId}`,
      kind,
      title: `Settlement ${own.settlementId}`,
      ours: paid,
      theirs: sum,
      currency: own.currency,
      entity: own.entity,
      facility: '',
      since: own.at ?? theirs[0]?.at ?? null,
      refs: { settlementId: own.settlementId, ref: own.ref },
    },
  ]
}

const ofReport = (kind: DifferenceKind, each: ReportedPayment): Difference => ({
  key: `payments:report:${each.provider}/${each.ref}`,
  kind,
  title: `${each.provider} ${each.ref}`,
  ours: 0n,
  theirs: each.amount,
  currency: each.currency,
  entity: '',
  facility: '',
  since: each.at,
  refs: { provider: each.provider, ref: each.ref, settlementId: each.settlementId },
})

class Totals {
  private readonly sums = new Map<string, { ours: bigint; theirs: bigint }>()

  add(currency: string, ours: bigint, theirs: bigint): void {
    const known = this.sums.get(currency) ?? { ours: 0n, theirs: 0n }
    this.sums.set(currency, { ours: known.ours + ours, theirs: known.theirs + theirs })
  }

  ties(): Tie[] {
    return [...this.sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { ours, theirs }]) => ({ label: 'Refunds and chargebacks', ours, theirs, currency }))
  }
}
