import type { Sale } from './facts'
import type { Unit } from './units'

/**
 * The oracle's second half: docs/metrics.md once more. Every metric is a list of contributions: whose they are, when, and how much. Sums
 * are bigint (money in 1/10,000); ratios are divided at the very end (evaluate.ts).
 */
export interface Company {
  units: Unit[]
  sales: Sale[]
}

export interface Asked {
  from: string
  to: string
  tz: string
  basis: 'cohort' | 'activity'
  /** T, in milliseconds. */
  asOf: number
  by: string[]
  filters: { dimension: string; values: string[] }[]
}

export interface Contribution {
  /** Activity time; undefined for as-of figures, which have none. */
  at: number | undefined
  unit?: Unit
  sale?: Sale
  value: bigint
  /** Dimensions that belong to the entry rather than to the unit. */
  own?: Record<string, string>
  /** For durations: milliseconds, weighed by `value`. */
  span?: number
}

export type List = (company: Company, T: number) => Contribution[]

export const q = (unit: Unit) => BigInt(unit.quantity)
export const time = (unit: Unit, name: string) => unit.times[`${name}_at`] ?? 0
export const perUnit =
  (at: (unit: Unit) => number, value: (unit: Unit) => bigint = q, when: (unit: Unit) => boolean = () => true): List =>
  ({ units }) =>
    units.filter(when).map((unit) => ({ at: at(unit), unit, value: value(unit) }))
const entries =
  (component?: readonly string[]): List =>
  ({ units }) =>
    units.flatMap((unit) =>
      unit.money
        .filter((m) => !component || component.includes(m.component))
        .map((m) => ({ at: m.at, unit, value: m.amount, own: { component: m.component } })),
    )
const claims =
  (at: 'claimedAt' | 'acceptedAt' | 'recoveredAt', value: 'claimed' | 'accepted' | 'recovered'): List =>
  ({ units }) =>
    units.flatMap((unit) => unit.claims.map((claim) => ({ at: claim[at], unit, value: claim[value] })))
export const sold =
  (value: (sale: Sale) => bigint): List =>
  ({ sales }) =>
    sales.map((sale) => ({ at: sale.at, sale, value: value(sale) }))
export const leaks: List = ({ units }, T) =>
  units.flatMap((unit) =>
    unit.leaks
      .filter((leak) => T < leak.until)
      .map((leak) => ({ at: leak.at, unit, value: leak.amount, own: { leakage_category: leak.category } })),
  )
const credits: List = ({ units }) =>
  units.flatMap((unit) => unit.credits.map((credit) => ({ at: credit.at, unit, value: credit.amount })))
const outcomes = (...names: string[]) =>
  perUnit(
    (u) => u.finalAt,
    q,
    (u) => names.includes(u.outcome),
  )
const ENDED = ['restocked', 'liquidated', 'returned_to_vendor', 'scrapped', 'donated', 'lost', 'returned_to_customer']
const missed: List = ({ units }, T) =>
  units
    .filter(
      (u) =>
        u.claimable > 0n &&
        u.claimableAt <= T &&
        u.claimUntil < T &&
        !u.claims.some(({ claimedAt }) => claimedAt > 0 && claimedAt <= T),
    )
    .map((unit) => ({ at: unit.claimUntil, unit, value: unit.claimable }))

const TRAPPED = ['received', 'hold', 'quarantine', 'refurbish', 'vendor', 'liquidation']
export const FINAL = [...ENDED, 'cancelled']
export const present = (unit: Unit, T: number) =>
  (unit.bornAt === 0 || unit.bornAt <= T) && (unit.splitAt === 0 || T < unit.splitAt)

export function statusAt(unit: Unit, T: number): { status: string; since: number } {
  const upTo = unit.log.filter(({ at }) => at <= T)
  const status = upTo.at(-1)?.status ?? ''
  const other = upTo.findLastIndex((entry) => entry.status !== status)
  return { status, since: upTo[other + 1]?.at ?? 0 }
}

function bucket(days: number): string {
  const edges: [number, string][] = [
    [2, '0–2'],
    [7, '3–7'],
    [14, '8–14'],
    [30, '15–30'],
    [60, '31–60'],
  ]
  return edges.find(([edge]) => days <= edge)?.[1] ?? '60+'
}

export const stock =
  (when: (unit: Unit, status: string, T: number) => boolean, value: (unit: Unit) => bigint): List =>
  ({ units }, T) =>
    units.flatMap((unit) => {
      const { status, since } = statusAt(unit, T)
      if (!present(unit, T) || !when(unit, status, T)) return []
      const inspected = time(unit, 'inspected')
      const own = {
        status,
        age_bucket: bucket(Math.floor((T - since) / 86_400_000)),
        stage: inspected > 0 && inspected <= T ? 'inspected' : 'received',
      }
      return [{ at: undefined, unit, value: value(unit), own }]
    })
const trapped = (_: Unit, status: string) => TRAPPED.includes(status)
export const waiting = (unit: Unit, status: string, T: number) => {
  const received = time(unit, 'received')
  const decided = time(unit, 'dispositioned')
  return received > 0 && received <= T && (decided === 0 || decided > T) && !FINAL.includes(status)
}

export const SPANS: Record<string, [string, string]> = {
  days_request_to_receipt: ['requested', 'received'],
  days_receipt_to_inspection: ['received', 'inspected'],
  days_inspection_to_refund: ['inspected', 'refunded'],
  days_request_to_refund: ['requested', 'refunded'],
  days_request_to_final: ['requested', 'final'],
}
const reach = (unit: Unit, stage: string) =>
  stage === 'refunded' ? unit.refundedAt : stage === 'final' ? unit.finalAt : time(unit, stage)
export const span =
  (id: string): List =>
  ({ units }, T) => {
    const [first, second] = SPANS[id] ?? ['', '']
    return units
      .filter(
        (u) =>
          u.quantity > 0 &&
          reach(u, first) > 0 &&
          reach(u, first) <= T &&
          reach(u, second) > 0 &&
          !(second === 'final' && u.outcome === 'cancelled'),
      )
      .map((unit) => ({
        at: reach(unit, second),
        unit,
        value: q(unit),
        span: reach(unit, second) - reach(unit, first),
      }))
  }
export const open =
  (id: string): List =>
  ({ units }, T) => {
    const [first, second] = SPANS[id] ?? ['', '']
    return units
      .filter((u) => {
        const a = reach(u, first)
        const b = reach(u, second)
        const { status } = statusAt(u, T)
        const received = time(u, 'received')
        if (!present(u, T) || !(u.returned || (received > 0 && received <= T)) || FINAL.includes(status)) return false
        if (second === 'refunded' && (u.quantity === 0 || u.decision === 'rejected' || u.decision === 'cancelled'))
          return false
        return a > 0 && a <= T && (b === 0 || b > T)
      })
      .map((unit) => ({
        at: undefined,
        unit,
        value: BigInt(unit.fullQuantity),
        span: T - reach(unit, first),
        own: { status: statusAt(unit, T).status },
      }))
  }

const SUPPORTS: Record<string, string[] | undefined> = {
  defective: ['confirmed_defect'],
  quality: ['confirmed_defect'],
  warranty: ['confirmed_defect'],
  recall: ['confirmed_defect'],
  damaged_in_transit: ['transit_damage'],
  wrong_item: ['wrong_item_returned', 'as_new'],
  missing_part: ['incomplete'],
  allergic_reaction: ['used'],
}
const PLAIN = ['as_new', 'no_fault_found', 'packaging_only']
const supports = (unit: Unit) =>
  unit.codes.reason === 'other' || (SUPPORTS[unit.codes.reason ?? ''] ?? PLAIN).includes(unit.codes.finding ?? '')
const judged = (unit: Unit) => unit.codes.reason !== '' && unit.codes.finding !== ''

export const SUMS: Record<string, { list: List; money: boolean }> = {
  sold_units: { list: sold((s) => BigInt(s.quantity)), money: false },
  net_sales: { list: sold((s) => s.net), money: true },
  requested_units: { list: perUnit((u) => time(u, 'requested')), money: false },
  rejected_units: {
    list: perUnit(
      (u) => time(u, 'rejected'),
      q,
      (u) => u.decision === 'rejected',
    ),
    money: false,
  },
  received_units: { list: perUnit((u) => time(u, 'received')), money: false },
  inspected_units: { list: perUnit((u) => time(u, 'inspected')), money: false },
  dispositioned_units: { list: perUnit((u) => time(u, 'dispositioned')), money: false },
  finalized_units: { list: outcomes(...ENDED), money: false },
  refunded_value: { list: credits, money: true },
  refunded_units: { list: perUnit((u) => u.refundedAt), money: false },
  leakage_value: { list: leaks, money: true },
  supplier_defect_units: {
    list: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.finding === 'confirmed_defect',
    ),
    money: false,
  },
  claimable_value: {
    list: perUnit(
      (u) => u.claimableAt,
      (u) => u.claimable,
    ),
    money: true,
  },
  claimed_value: { list: claims('claimedAt', 'claimed'), money: true },
  accepted_value: { list: claims('acceptedAt', 'accepted'), money: true },
  recovered_value: { list: claims('recoveredAt', 'recovered'), money: true },
  missed_claim_value: { list: missed, money: true },
  net_margin_impact: { list: entries(), money: true },
  margin_refunds: { list: entries(['refund', 'goodwill', 'chargeback']), money: true },
  margin_fees: { list: entries(['fee_income']), money: true },
  margin_restocked: { list: entries(['restocked_value']), money: true },
  margin_liquidated: { list: entries(['liquidation_proceeds']), money: true },
  margin_claims: { list: entries(['claim_recovery']), money: true },
  margin_return_freight: { list: entries(['return_freight']), money: true },
  margin_outbound_freight: { list: entries(['outbound_freight']), money: true },
  margin_labor: { list: entries(['labor']), money: true },
  margin_refurbishment: { list: entries(['refurbishment']), money: true },
  margin_disposal: { list: entries(['disposal']), money: true },
  margin_payment_fees: { list: entries(['payment_fee']), money: true },
  margin_marketplace_fees: { list: entries(['marketplace_fee']), money: true },
  trapped_value: { list: stock(trapped, (u) => u.fullCostValue), money: true },
  trapped_units: { list: stock(trapped, (u) => BigInt(u.fullQuantity)), money: false },
  backlog_units: { list: stock(waiting, (u) => BigInt(u.fullQuantity)), money: false },
  backlog_value: { list: stock(waiting, (u) => u.fullCostValue), money: true },
}

const returned = (value: (u: Unit) => bigint): List =>
  perUnit(
    (u) => time(u, 'requested'),
    value,
    (u) => u.returned,
  )
export const RATIOS: Record<string, { of: List; by: List; times?: number }> = {
  return_rate_units: { of: returned(q), by: sold((s) => BigInt(s.quantity)) },
  return_rate_value: { of: returned((u) => u.saleValue), by: sold((s) => s.net) },
  ...Object.fromEntries(
    Object.entries({
      sellable_rate: 'restocked',
      liquidated_rate: 'liquidated',
      vendor_rate: 'returned_to_vendor',
      scrapped_rate: 'scrapped',
      donated_rate: 'donated',
      lost_rate: 'lost',
      returned_to_customer_rate: 'returned_to_customer',
    }).map(([id, outcome]) => [id, { of: outcomes(outcome), by: outcomes(...ENDED) }]),
  ),
  value_recovery_rate: {
    of: entries(['restocked_value', 'liquidation_proceeds', 'claim_recovery']),
    by: perUnit(
      (u) => u.finalAt,
      (u) => u.costValue,
      (u) => ['restocked', 'liquidated', 'returned_to_vendor', 'scrapped', 'donated', 'lost'].includes(u.outcome),
    ),
  },
  leakage_rate: { of: leaks, by: credits },
  supplier_recovery_rate: {
    of: claims('recoveredAt', 'recovered'),
    by: perUnit(
      (u) => u.claimableAt,
      (u) => u.claimable,
    ),
  },
  claim_recovery_rate: { of: claims('recoveredAt', 'recovered'), by: claims('claimedAt', 'claimed') },
  supplier_defect_ppm: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.finding === 'confirmed_defect',
    ),
    by: sold((s) => BigInt(s.quantity)),
    times: 1_000_000,
  },
  margin_share: { of: entries(), by: sold((s) => s.net) },
  reason_confirmed_rate: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => judged(u) && supports(u),
    ),
    by: perUnit((u) => time(u, 'inspected'), q, judged),
  },
  no_fault_found_rate: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.reason === 'defective' && ['no_fault_found', 'as_new'].includes(u.codes.finding ?? ''),
    ),
    by: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.reason === 'defective' && u.codes.finding !== '',
    ),
  },
}
