import { fromDate, parseDate, toCalendarDate, toZoned } from '@internationalized/date'
import {
  type Asked,
  type Company,
  type Contribution,
  FINAL,
  type List,
  perUnit,
  q,
  sold,
  stock,
  time,
  waiting,
} from './contributions'
import { type Sale, text } from './facts'
import { bucketOfTime, counting, dimension, groups, instant, KEY, total } from './groups'
import type { Answer } from './metrics'
import type { Unit } from './units'

const DAY = 86_400_000
const LONGEST = 120

interface Curve {
  /** Quantity by lag, in days from 0 to 120. */
  lags: number[]
  weight: number
}

const inWindow = (at: number, T: number) => at >= T - 540 * DAY && at < T - LONGEST * DAY

/** The delay curve F of docs/metrics.md: by category and channel, by category, and of everything. */
function delayCurves({ units }: Company, T: number): (category: string, channel: string, days: number) => number {
  const curves = new Map<string, Curve>()
  for (const unit of units) {
    const requested = time(unit, 'requested')
    if (!unit.hasSale || !unit.returned || requested > T || !inWindow(unit.soldAt, T)) continue
    const lag = Math.min(LONGEST, Math.max(0, Math.floor((requested - unit.soldAt) / DAY)))
    const { category = '', channel = '' } = unit.codes
    for (const key of [`${category}${KEY}${channel}`, category, '*']) {
      const curve = curves.get(key) ?? { lags: new Array<number>(LONGEST + 1).fill(0), weight: 0 }
      curve.lags[lag] = (curve.lags[lag] ?? 0) + unit.quantity
      curve.weight += unit.quantity
      curves.set(key, curve)
    }
  }
  return (category, channel, days) => {
    if (days >= LONGEST) return 1
    const large = [`${category}${KEY}${channel}`, category]
      .map((key) => curves.get(key))
      .find((curve) => (curve?.weight ?? 0) >= 200)
    const curve = large ?? curves.get('*')
    if (!curve || curve.weight === 0) return Math.min(1, (days + 1) / 121)
    return curve.lags.slice(0, days + 1).reduce((sum, n) => sum + n, 0) / curve.weight
  }
}

const age = (sale: Sale, T: number) => Math.floor((T - sale.at) / DAY)
const cell = (sale: Sale): [string, string] => [text(sale.data, 'category'), text(sale.data, 'channel')]
const returned: List = perUnit(
  (u) => time(u, 'requested'),
  q,
  (u) => u.returned,
)
const quantity = sold((sale) => BigInt(sale.quantity))

/** Numerators by the whole cut, divisors by the dimensions that sales have. */
function both(company: Company, asked: Asked, of: List, by: List) {
  const divisors = counting(by, company, asked)
  const sample = divisors[0]
  const shared = asked.by.filter((name) => !sample || dimension(name, sample, asked) !== undefined)
  const keyOf = (key: string) => shared.map((name) => key.split(KEY)[asked.by.indexOf(name)] ?? '').join(KEY)
  const below = groups(divisors, shared, asked)
  const above = groups(counting(of, company, asked), asked.by, asked)
  const keys = new Set([...above.keys(), ...(shared.length === asked.by.length ? below.keys() : [])])
  return [...keys].map((key) => ({ key, above: above.get(key) ?? [], below: below.get(keyOf(key)) ?? [] }))
}

const visible = (items: readonly Contribution[], F: ReturnType<typeof delayCurves>, T: number) =>
  items.reduce((sum, { sale }) => (sale ? sum + sale.quantity * F(...cell(sale), age(sale, T)) : sum), 0)

function maturity(company: Company, asked: Asked): Answer {
  const F = delayCurves(company, asked.asOf)
  const result: Answer = new Map()
  for (const [key, items] of groups(counting(quantity, company, asked), asked.by, asked)) {
    const units = Number(total(items))
    if (units > 0) result.set(key, visible(items, F, asked.asOf) / units)
  }
  return result
}

const projected =
  (bound: -1 | 0 | 1) =>
  (company: Company, asked: Asked): Answer => {
    const F = delayCurves(company, asked.asOf)
    const result: Answer = new Map()
    for (const { key, above, below } of both(company, asked, returned, quantity)) {
      const units = Number(total(below))
      const back = Number(total(above))
      if (units === 0) {
        if (back > 0) result.set(key, null)
        continue
      }
      const M = visible(below, F, asked.asOf) / units
      if (M < 0.3) result.set(key, null)
      else {
        const value = (back / M + (bound * 1.2815515655446004 * Math.sqrt(back * (1 - M))) / M) / units
        result.set(key, bound === -1 ? Math.max(value, back / units) : value)
      }
    }
    return result
  }

/** The first instant after the second calendar month that follows the month of sale. */
const windowEnd = (at: number, tz: string): number =>
  toZoned(
    toCalendarDate(fromDate(new Date(at), tz))
      .set({ day: 1 })
      .add({ months: 3 }),
    tz,
  )
    .toDate()
    .getTime()

function twoMonths(company: Company, asked: Asked): Answer {
  const { tz, asOf } = asked
  const ended = (at: number) => at > 0 && windowEnd(at, tz) <= asOf
  const of = perUnit(
    (u) => time(u, 'requested'),
    q,
    (u) => u.returned && ended(u.soldAt) && time(u, 'requested') < windowEnd(u.soldAt, tz),
  )
  const by: List = ({ sales }) =>
    sales.filter((sale) => ended(sale.at)).map((sale) => ({ at: sale.at, sale, value: BigInt(sale.quantity) }))
  const result: Answer = new Map()
  for (const { key, above, below } of both(company, asked, of, by)) {
    const units = total(below)
    if (units === 0n && total(above) === 0n) continue
    result.set(key, units === 0n ? null : Number(total(above)) / Number(units))
  }
  return result
}

/** What finalized units of the last 365 days brought of their cost, by condition ('*' for all). */
function recoveryShares({ units }: Company, T: number): Map<string, { of: bigint; by: bigint }> {
  const shares = new Map<string, { of: bigint; by: bigint }>()
  for (const unit of units) {
    if (!['restocked', 'liquidated', 'scrapped', 'donated', 'returned_to_vendor'].includes(unit.outcome)) continue
    if (unit.finalAt < T - 365 * DAY || unit.finalAt >= T) continue
    const brought = unit.money
      .filter(({ component }) => component === 'restocked_value' || component === 'liquidation_proceeds')
      .reduce((sum, { amount }) => sum + amount, 0n)
    for (const key of [unit.codes.condition ?? '', '*']) {
      const share = shares.get(`c:${key}`) ?? { of: 0n, by: 0n }
      share.of += brought
      share.by += unit.costValue
      shares.set(`c:${key}`, share)
    }
  }
  return shares
}

function shareOf(shares: ReturnType<typeof recoveryShares>, condition: string): number {
  const own = shares.get(`c:${condition}`)
  const used = own && own.by > 0n ? own : shares.get('c:*')
  return used && used.by > 0n ? Number(used.of) / Number(used.by) : 0
}

function openExposure(company: Company, asked: Asked): Answer {
  const T = asked.asOf
  const shares = recoveryShares(company, T)
  const exposed = (unit: Unit, status: string) => {
    const received = time(unit, 'received')
    return received > 0 && received <= T && !FINAL.includes(status)
  }
  const items = counting(
    stock(
      (unit, status) => exposed(unit, status),
      (unit) => unit.fullCostValue,
    ),
    company,
    asked,
  )
  const result: Answer = new Map()
  for (const [key, group] of groups(items, asked.by, asked)) {
    const value = group.reduce(
      (sum, { unit, value: cost }) => sum + Number(cost) * shareOf(shares, unit?.codes.condition ?? ''),
      0,
    )
    if (value !== 0) result.set(key, value / 10_000)
  }
  return result
}

/** Expected returns of young sales: by value for the liability, by cost and recovery for the asset. */
const reserve =
  (what: 'net' | 'cost') =>
  (company: Company, asked: Asked): Answer => {
    const T = asked.asOf
    const F = delayCurves(company, T)
    const recovery = what === 'cost' ? shareOf(recoveryShares(company, T), '*') : 1
    const rates = new Map<string, { back: bigint; net: bigint }>()
    const add = (keys: string[], back: bigint, net: bigint) => {
      for (const key of keys) {
        const rate = rates.get(key) ?? { back: 0n, net: 0n }
        rate.back += back
        rate.net += net
        rates.set(key, rate)
      }
    }
    for (const sale of company.sales) if (inWindow(sale.at, T)) add([cell(sale).join(KEY), '*'], 0n, sale.net)
    for (const unit of company.units)
      if (unit.hasSale && unit.returned && time(unit, 'requested') <= T && inWindow(unit.soldAt, T))
        add([`${unit.codes.category ?? ''}${KEY}${unit.codes.channel ?? ''}`, '*'], unit.saleValue, 0n)
    const rateOf = (sale: Sale) => {
      const own = rates.get(cell(sale).join(KEY))
      const used = own && own.net > 0n ? own : rates.get('*')
      return used && used.net > 0n ? Number(used.back) / Number(used.net) : 0
    }
    const young: List = ({ sales }) =>
      sales
        .filter((sale) => sale.at <= T && age(sale, T) < LONGEST)
        .map((sale) => ({ at: undefined, sale, value: sale[what] }))
    const result: Answer = new Map()
    for (const [key, items] of groups(counting(young, company, asked), asked.by, asked)) {
      const value = items.reduce(
        (sum, { sale, value: base }) =>
          sale ? sum + Number(base) * rateOf(sale) * (1 - F(...cell(sale), age(sale, T))) : sum,
        0,
      )
      if (value !== 0) result.set(key, (value * recovery) / 10_000)
    }
    return result
  }

/** The seven working days in the query's zone that ended before the day of T: their first instant and the first after them. */
function workingWeek(T: number, tz: string): { at: number; until: number }[] {
  const days: { at: number; until: number }[] = []
  for (
    let date = parseDate(bucketOfTime('day', T, tz)).subtract({ days: 1 });
    days.length < 7;
    date = date.subtract({ days: 1 })
  ) {
    const weekday = new Date(`${date.toString()}T00:00:00Z`).getUTCDay()
    if (weekday === 0 || weekday === 6) continue
    days.push({ at: instant(date.toString(), tz), until: instant(date.add({ days: 1 }).toString(), tz) })
  }
  return days
}

function backlogDays(company: Company, asked: Asked): Answer {
  const week = workingWeek(asked.asOf, asked.tz)
  const backlog = groups(
    counting(
      stock(waiting, (u) => BigInt(u.fullQuantity)),
      company,
      asked,
    ),
    asked.by,
    asked,
  )
  const shared = asked.by.filter((name) => !['stage', 'status', 'age_bucket'].includes(name))
  const done = company.units.filter((unit) => {
    const at = time(unit, 'dispositioned')
    return week.some((day) => at >= day.at && at < day.until)
  })
  const items: Contribution[] = done.map((unit) => ({ at: undefined, unit, value: q(unit) }))
  const passing = items.filter((item) =>
    asked.filters.every(({ dimension: name, values }) => {
      const value = dimension(name, item, asked)
      return value === undefined || values.includes(value)
    }),
  )
  const pace = groups(passing, shared, asked)
  const result: Answer = new Map()
  const keys = new Set([...backlog.keys(), ...(shared.length === asked.by.length ? pace.keys() : [])])
  for (const key of keys) {
    const parts = key.split(KEY)
    const throughput = Number(total(pace.get(shared.map((name) => parts[asked.by.indexOf(name)] ?? '').join(KEY))))
    const units = Number(total(backlog.get(key)))
    if (units === 0 && throughput === 0) continue
    result.set(key, throughput === 0 ? null : units / (throughput / 7))
  }
  return result
}

/** Figures that lean on older cohorts, on shares or on a pace: each of docs/metrics.md, in numbers of main units. */
export const ESTIMATES: Record<string, (company: Company, asked: Asked) => Answer> = {
  return_maturity: maturity,
  return_rate_projected: projected(0),
  return_rate_projected_low: projected(-1),
  return_rate_projected_high: projected(1),
  return_rate_two_months: twoMonths,
  backlog_days: backlogDays,
  open_exposure_value: openExposure,
  reserve_refund_liability: reserve('net'),
  right_of_return_asset: reserve('cost'),
}
