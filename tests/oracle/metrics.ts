import { fromDate, parseDate, startOfWeek, toCalendarDate, toZoned } from '@internationalized/date'
import type { Sale } from './facts'
import { text } from './facts'
import type { Unit } from './units'

/**
 * The oracle's second half: docs/metrics.md once more. Every metric is a list of contributions: whose they are, when, and how much. Sums
 * are bigint (money in 1/10,000); ratios are divided at the very end.
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

interface Contribution {
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

type List = (company: Company, T: number) => Contribution[]

const q = (unit: Unit) => BigInt(unit.quantity)
const time = (unit: Unit, name: string) => unit.times[`${name}_at`] ?? 0
const perUnit =
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
const sold =
  (value: (sale: Sale) => bigint): List =>
  ({ sales }) =>
    sales.map((sale) => ({ at: sale.at, sale, value: value(sale) }))
const leaks: List = ({ units }, T) =>
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
const FINAL = [...ENDED, 'cancelled']
const present = (unit: Unit, T: number) =>
  (unit.bornAt === 0 || unit.bornAt <= T) && (unit.splitAt === 0 || T < unit.splitAt)

function statusAt(unit: Unit, T: number): { status: string; since: number } {
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

const stock =
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
const waiting = (unit: Unit, status: string, T: number) => {
  const received = time(unit, 'received')
  const decided = time(unit, 'dispositioned')
  return received > 0 && received <= T && (decided === 0 || decided > T) && !FINAL.includes(status)
}

const SPANS: Record<string, [string, string]> = {
  days_request_to_receipt: ['requested', 'received'],
  days_receipt_to_inspection: ['received', 'inspected'],
  days_inspection_to_refund: ['inspected', 'refunded'],
  days_request_to_refund: ['requested', 'refunded'],
  days_request_to_final: ['requested', 'final'],
}
const reach = (unit: Unit, stage: string) =>
  stage === 'refunded' ? unit.refundedAt : stage === 'final' ? unit.finalAt : time(unit, stage)
const span =
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
const open =
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

const SUMS: Record<string, { list: List; money: boolean }> = {
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
const RATIOS: Record<string, { of: List; by: List; times?: number }> = {
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

export const ORACLE_METRICS = [
  ...Object.keys(SUMS),
  ...Object.keys(RATIOS),
  ...Object.keys(SPANS).flatMap((id) => [id, `${id}_p50`, `${id}_p90`, `${id}_open_units`, `${id}_open_age`]),
  'leakage_cases',
]

/** What a metric is in each group: an exact decimal string for money and counts, a number for the rest, null where nothing divides. */
export type Answer = Map<string, string | number | null>

const TIMES = ['hour', 'day', 'week', 'month', 'quarter']
const SALE_DIMENSIONS: Record<string, string> = {
  sku: 'sku',
  product: 'product_id',
  category: 'category',
  brand: 'brand',
  supplier: 'supplier_id',
  channel: 'channel',
  campaign: 'campaign',
  segment: 'segment',
  country: 'country',
  entity: 'entity',
  size: 'size',
}
const UNIT_DIMENSIONS = [
  'facility',
  'shift',
  'carrier',
  'return_type',
  'reason',
  'finding',
  'condition',
  'disposition',
  'policy_row',
]

function dimension(name: string, item: Contribution, asked: Asked): string | undefined {
  if (item.own && name in item.own) return item.own[name]
  if (TIMES.includes(name))
    return bucketOfTime(
      name,
      asked.basis === 'cohort' || item.sale ? (item.sale?.at ?? item.unit?.soldAt ?? 0) : (item.at ?? 0),
      asked.tz,
    )
  const field = SALE_DIMENSIONS[name]
  if (item.sale)
    return field ? text(item.sale.data, field) : name === 'ship_facility' ? text(item.sale.data, 'facility') : undefined
  if (!item.unit) return undefined
  if (field) return item.unit.codes[field] ?? ''
  if (UNIT_DIMENSIONS.includes(name)) return item.unit.codes[name] ?? ''
  return name === 'outcome' ? item.unit.outcome : name === 'status' ? item.unit.status : undefined
}

function bucketOfTime(name: string, at: number, tz: string): string {
  const zoned = fromDate(new Date(at), tz)
  const date = toCalendarDate(zoned)
  switch (name) {
    case 'week':
      return startOfWeek(date, 'en-GB').toString()
    case 'month':
      return date.set({ day: 1 }).toString()
    case 'quarter':
      return date.set({ day: 1, month: Math.floor((date.month - 1) / 3) * 3 + 1 }).toString()
    case 'hour':
      return new Date(at - zoned.minute * 60_000 - zoned.second * 1000 - zoned.millisecond).toISOString()
    default:
      return date.toString()
  }
}

const instant = (date: string, tz: string) => toZoned(parseDate(date), tz).toDate().getTime()

/** The contributions that count in this question; `sides` are the dimensions that this side of a ratio has. */
function counting(list: List, company: Company, asked: Asked): Contribution[] {
  const [from, to] = [instant(asked.from, asked.tz), instant(asked.to, asked.tz)]
  return list(company, asked.asOf).filter((item) => {
    if (
      !asked.filters.every(({ dimension: name, values }) => {
        const value = dimension(name, item, asked)
        return value === undefined || values.includes(value)
      })
    )
      return false
    if (item.at === undefined) return true
    if (item.at === 0 || item.at > asked.asOf) return false
    if (item.sale) return item.at >= from && item.at < to
    if (asked.basis === 'activity') return item.at >= from && item.at < to
    const { hasSale, soldAt } = item.unit as Unit
    return hasSale && soldAt >= from && soldAt < to && soldAt <= asked.asOf
  })
}

const KEY = '\u0001'
function groups(items: readonly Contribution[], by: readonly string[], asked: Asked): Map<string, Contribution[]> {
  const found = new Map<string, Contribution[]>()
  for (const item of items) {
    const key = by.map((name) => dimension(name, item, asked) ?? '').join(KEY)
    found.set(key, [...(found.get(key) ?? []), item])
  }
  return found
}

const total = (items: readonly Contribution[] = []) => items.reduce((sum, { value }) => sum + value, 0n)

function quantile(items: readonly Contribution[], level: number): number | null {
  const weight = total(items)
  if (weight === 0n) return null
  const threshold = Math.ceil(Number(weight) * level)
  let reached = 0n
  for (const item of [...items].sort((a, b) => (a.span ?? 0) - (b.span ?? 0))) {
    reached += item.value
    if (reached >= BigInt(threshold)) return (item.span ?? 0) / 86_400_000
  }
  return null
}

/** Evaluates one metric. Groups in which everything is zero are left out, as in docs/metrics.md, "Answers". */
export function answer(company: Company, metric: string, asked: Asked): Answer {
  const result: Answer = new Map()
  const sum = SUMS[metric]
  if (sum) {
    for (const [key, items] of groups(counting(sum.list, company, asked), asked.by, asked)) {
      const value = total(items)
      if (value !== 0n) result.set(key, (sum.money ? value : value * 10_000n).toString())
    }
    return result
  }
  if (metric === 'leakage_cases') {
    for (const [key, items] of groups(
      counting(leaks, company, asked).filter(({ value }) => value !== 0n),
      asked.by,
      asked,
    )) {
      const ids = new Set(
        items.flatMap(({ unit, at, own }) =>
          (unit?.leaks ?? [])
            .filter((leak) => leak.at === at && leak.category === own?.leakage_category)
            .map(({ settlement }) => settlement),
        ),
      )
      result.set(key, (BigInt(ids.size) * 10_000n).toString())
    }
    return result
  }
  const ratio = RATIOS[metric]
  if (ratio) {
    const of = counting(ratio.of, company, asked)
    const by = counting(ratio.by, company, asked)
    // A side without a dimension is divided by what the other dimensions alone give.
    const sample = by[0]
    const shared = asked.by.filter((name) => !sample || dimension(name, sample, asked) !== undefined)
    const divisors = groups(by, shared, asked)
    const numerators = groups(of, asked.by, asked)
    const keys = new Set([...numerators.keys(), ...(shared.length === asked.by.length ? divisors.keys() : [])])
    for (const key of keys) {
      const parts = key.split(KEY)
      const divisor = total(divisors.get(shared.map((name) => parts[asked.by.indexOf(name)] ?? '').join(KEY)))
      const numerator = total(numerators.get(key))
      if (numerator === 0n && divisor === 0n) continue
      result.set(key, divisor === 0n ? null : (Number(numerator) / Number(divisor)) * (ratio.times ?? 1))
    }
    return result
  }
  const id = metric.replace(/_(p50|p90|open_units|open_age)$/, '')
  const list = metric.includes('_open_') ? open(id) : span(id)
  for (const [key, items] of groups(counting(list, company, asked), asked.by, asked)) {
    const weight = total(items)
    if (weight === 0n) continue
    if (metric.endsWith('_open_units')) result.set(key, (weight * 10_000n).toString())
    else if (metric.endsWith('_p50')) result.set(key, quantile(items, 0.5))
    else if (metric.endsWith('_p90')) result.set(key, quantile(items, 0.9))
    else
      result.set(
        key,
        items.reduce((days, item) => days + Number(item.value) * (item.span ?? 0), 0) / Number(weight) / 86_400_000,
      )
  }
  return result
}
