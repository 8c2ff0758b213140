import { divideHalfEven, larger, RATE_SCALE, smaller, type Units, units } from '../money'

/** What a supplier agreed to: `coverage` is the share of a unit's cost in 1/10,000; amounts are in `currency`. */
export interface Agreement {
  readonly supplierId: string
  readonly coverage: bigint
  /** Days from receipt within which a claim must be opened. */
  readonly windowDays: number
  /** What a claim, or the claims sent together, must come to. */
  readonly minimum: bigint
  readonly currency: string
}

/** A unit as far as an agreement asks about it; `cost` is of all its pieces, in `currency`. */
export interface ClaimableUnit {
  readonly id: string
  readonly finding: string
  readonly quantity: number
  readonly split: boolean
  readonly cost: bigint
  readonly currency: string
  readonly receivedAt: Date | null
  readonly inspectedAt: Date | null
}

/** A claim that a unit has been in; a rejected one leaves the unit free. */
export interface KnownClaim {
  readonly id: string
  readonly state: string
}

/** What one unit of a currency is worth in the reporting currency, in 1/10^10; `undefined` for a currency without any rate. */
export type RateOf = (currency: string) => bigint | undefined

/** What an agreement answers for (docs/facts.md §4, "Claimable"). */
export const CLAIMABLE_FINDINGS: readonly string[] = ['confirmed_defect']

/** Why a unit cannot be claimed, each with the words that a person reads. */
export const NOT_CLAIMABLE = {
  split: 'It was split: claim its parts.',
  not_inspected: 'It has not been inspected yet.',
  finding: 'The agreement answers for confirmed defects only.',
  no_agreement: 'Its supplier has no return agreement.',
  no_cost: 'Its cost is not known, so there is nothing to ask for.',
  no_rate: 'There is no exchange rate between its currency and that of the agreement.',
  in_claim: 'It is in a claim already.',
  window_closed: 'The window of the agreement has closed.',
  rejected_before: 'Its supplier has rejected a claim for it: open another one by hand if there is something new.',
  below_minimum: 'Together they do not reach what the agreement asks for at least.',
} as const
export type NotClaimable = keyof typeof NOT_CLAIMABLE

export type Claimability =
  | { readonly eligible: true; readonly amount: Units; readonly currency: string; readonly windowUntil: Date }
  | { readonly eligible: false; readonly why: NotClaimable; readonly claimId?: string; readonly windowUntil?: Date }

const DAY = 86_400_000

/** When the window of a unit ends: days from its receipt, or from its inspection where nobody told of a receipt. Inclusive. */
export function windowUntil(
  unit: Pick<ClaimableUnit, 'receivedAt' | 'inspectedAt'>,
  agreement: Pick<Agreement, 'windowDays'>,
): Date | undefined {
  const from = unit.receivedAt ?? unit.inspectedAt
  return from ? new Date(from.getTime() + agreement.windowDays * DAY) : undefined
}

/** Places of a currency's smaller unit: 2 for euros, 0 for yen; four at most, which is what an amount holds. */
export function placesOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return Math.min(4, format.resolvedOptions().maximumFractionDigits ?? 2)
}

/**
 * What the agreement covers of a cost, in its currency: cost × coverage × rate, rounded down to the smallest coin, since a supplier owes no
 * more than was agreed. `undefined` where a rate is missing.
 */
export function coveredAmount(
  cost: bigint,
  currency: string,
  agreement: Pick<Agreement, 'coverage' | 'currency'>,
  rateOf: RateOf,
): Units | undefined {
  const same = currency === agreement.currency
  const [from, to] = same ? [RATE_SCALE, RATE_SCALE] : [rateOf(currency), rateOf(agreement.currency)]
  if (from === undefined || to === undefined || to <= 0n) return undefined
  const coin = 10n ** BigInt(4 - placesOf(agreement.currency))
  return units(((cost * agreement.coverage * from) / (10_000n * to * coin)) * coin)
}

/** A unit's cost in the agreement's currency, half to even: what no claim for it may exceed. */
export function costIn(cost: bigint, currency: string, to: string, rateOf: RateOf): Units | undefined {
  if (currency === to) return units(cost)
  const [from, into] = [rateOf(currency), rateOf(to)]
  return from === undefined || into === undefined || into <= 0n ? undefined : units(divideHalfEven(cost * from, into))
}

/**
 * Whether a unit can be claimed of its supplier now, and for how much. A unit is in at most one claim that is not rejected. What is checked
 * first is what a person would fix first: the unit, then the agreement, then the time.
 */
export function claimability(
  unit: ClaimableUnit,
  agreement: Agreement | undefined,
  claims: readonly KnownClaim[],
  rateOf: RateOf,
  at: Date,
): Claimability {
  const no = (why: NotClaimable, more: { claimId?: string; windowUntil?: Date } = {}): Claimability => ({
    eligible: false,
    why,
    ...more,
  })
  if (unit.split || unit.quantity <= 0) return no('split')
  if (!unit.inspectedAt) return no('not_inspected')
  if (!CLAIMABLE_FINDINGS.includes(unit.finding)) return no('finding')
  if (!agreement || agreement.coverage <= 0n) return no('no_agreement')
  const live = claims.find(({ state }) => state !== 'rejected')
  if (live) return no('in_claim', { claimId: live.id })
  if (unit.cost <= 0n) return no('no_cost')
  const amount = coveredAmount(unit.cost, unit.currency, agreement, rateOf)
  if (amount === undefined) return no('no_rate')
  if (amount === 0n) return no('no_cost')
  const until = windowUntil(unit, agreement) ?? at
  if (at.getTime() > until.getTime()) return no('window_closed', { windowUntil: until })
  return { eligible: true, amount, currency: agreement.currency, windowUntil: until }
}

/** A unit with what the agreement says of it. */
export interface Judged {
  readonly unitId: string
  readonly claimability: Claimability
  /** Its supplier has said no before: such a unit is not claimed again by itself. */
  readonly rejectedBefore: boolean
}

export interface Batch {
  readonly total: Units
  readonly taken: readonly { readonly unitId: string; readonly amount: Units; readonly windowUntil: Date }[]
  readonly left: readonly { readonly unitId: string; readonly why: NotClaimable; readonly claimId?: string }[]
  /** What is missing of the agreement's minimum; above zero, nothing is taken. */
  readonly short: Units
}

/**
 * All that can be claimed of one supplier as one batch, the nearest deadline first. Where the whole does not reach the agreement's minimum
 * nothing is taken and every unit says so: it waits until there are more.
 */
export function batchOf(judged: readonly Judged[], minimum: bigint): Batch {
  const left: { unitId: string; why: NotClaimable; claimId?: string }[] = []
  const taken: { unitId: string; amount: Units; windowUntil: Date }[] = []
  for (const { unitId, claimability: each, rejectedBefore } of judged) {
    if (!each.eligible) left.push({ unitId, why: each.why, ...(each.claimId ? { claimId: each.claimId } : {}) })
    else if (rejectedBefore) left.push({ unitId, why: 'rejected_before' })
    else taken.push({ unitId, amount: each.amount, windowUntil: each.windowUntil })
  }
  taken.sort((a, b) => a.windowUntil.getTime() - b.windowUntil.getTime() || (a.unitId < b.unitId ? -1 : 1))
  const total = units(taken.reduce((sum, { amount }) => sum + amount, 0n))
  if (taken.length > 0 && total >= minimum) return { total, taken, left, short: units(0n) }
  return {
    total,
    taken: [],
    left: [...taken.map(({ unitId }) => ({ unitId, why: 'below_minimum' as const })), ...left],
    short: units(taken.length > 0 ? minimum - total : 0n),
  }
}

/** What of an accepted claim has neither come nor been given up. */
export const outstanding = (claim: {
  readonly accepted: bigint
  readonly recovered: bigint
  readonly writtenOff: bigint
}): Units => units(claim.accepted > claim.recovered ? claim.accepted - claim.recovered - claim.writtenOff : 0n)

/** The part of a write-off that still stands when more has come than was expected: never more than what is open. */
export function standingWriteOff(writtenOff: bigint, accepted: bigint, recovered: bigint): Units {
  const open = accepted > recovered ? accepted - recovered : 0n
  return units(larger(0n, smaller(writtenOff, open)))
}

/** Where a claim stands for whoever works on it. */
export const CLAIM_STAGES = ['eligible', 'opened', 'submitted', 'accepted', 'recovered', 'rejected', 'missed'] as const
export type ClaimStage = (typeof CLAIM_STAGES)[number]

/** The stage of a claim: one with nothing left to come is done, however its last word was called. */
export function stageOf(claim: {
  readonly state: string
  readonly accepted: bigint
  readonly recovered: bigint
  readonly writtenOff: bigint
}): ClaimStage {
  switch (claim.state) {
    case 'opened':
    case 'submitted':
    case 'rejected':
      return claim.state
    default:
      return outstanding(claim) > 0n ? 'accepted' : 'recovered'
  }
}
