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
  trapped,
  waiting,
} from './contributions'
import { type Sale, text } from './facts'
import { bucketOfTime, counting, groups, instant, KEY, sides, total } from './groups'
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

const visible = (items: readonly Contribution[], F: ReturnType<typeof delayCurves>, T: number) =>
  items.reduce((sum, { sale }) => (sale ? sum + sale.quantity * F(...cell(sale), age(sale, T)) : sum), 0)

function maturity(company: Company, asked: Asked): Answer {
  const F = delayCurves(company, asked.asOf)
  const { keys, below } = sides(asked, [], counting(quantity, company, asked))
  const value = (key: string) => {
    const units = Number(total(below(key)))
    return units === 0 ? null : visible(below(key), F, asked.asOf) / units
  }
  return { keys, value }
}

const projected =
  (bound: -1 | 0 | 1) =>
  (company: Company, asked: Asked): Answer => {
    const F = delayCurves(company, asked.asOf)
    const found = sides(asked, counting(returned, company, asked), counting(quantity, company, asked))
    const value = (key: string) => {
      const units = Number(total(found.below(key)))
      const back = Number(total(found.above(key)))
      const M = units === 0 ? 0 : visible(found.below(key), F, asked.asOf) / units
      if (M < 0.3) return null
      const at = (back / M + (bound * 1.2815515655446004 * Math.sqrt(back * (1 - M))) / M) / units
      return bound === -1 ? Math.max(at, back / units) : at
    }
    return { keys: found.keys, value }
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
    (u) => time(u, 'received'),
    q,
    (u) => u.returned && ended(u.soldAt) && time(u, 'received') < windowEnd(u.soldAt, tz),
  )
  const by: List = ({ sales }) =>
    sales.filter((sale) => ended(sale.at)).map((sale) => ({ at: sale.at, sale, value: BigInt(sale.quantity) }))
  const { keys, above, below } = sides(asked, counting(of, company, asked), counting(by, company, asked))
  const value = (key: string) => {
    const units = total(below(key))
    return units === 0n ? null : Number(total(above(key))) / Number(units)
  }
  return { keys, value }
}

/** A sum of estimates by the cut, in main units of money. */
function estimated(items: readonly Contribution[], asked: Asked, worth: (item: Contribution) => number): Answer {
  const sums = new Map(
    [...groups(items, asked.by, asked)].map(([key, group]) => [
      key,
      group.reduce((sum, item) => sum + worth(item), 0) / 10_000,
    ]),
  )
  return {
    keys: new Set([...sums].flatMap(([key, sum]) => (sum === 0 ? [] : [key]))),
    value: (key) => sums.get(key) ?? 0,
  }
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

/** Units at cost, each by what goods of its condition bring. */
const atRecovery =
  (when: (unit: Unit, status: string, T: number) => boolean) =>
  (company: Company, asked: Asked): Answer => {
    const shares = recoveryShares(company, asked.asOf)
    const items = counting(
      stock(when, (unit) => unit.fullCostValue),
      company,
      asked,
    )
    return estimated(items, asked, ({ unit, value }) => Number(value) * shareOf(shares, unit?.codes.condition ?? ''))
  }
const exposed = (unit: Unit, status: string, T: number) => {
  const received = time(unit, 'received')
  return received > 0 && received <= T && !FINAL.includes(status)
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
    return estimated(counting(young, company, asked), asked, ({ sale, value }) =>
      sale ? Number(value) * rateOf(sale) * (1 - F(...cell(sale), age(sale, T))) * recovery : 0,
    )
  }

/** The five working days in the query's zone that ended before the day of T: their first instant and the first after them. */
function workingWeek(T: number, tz: string): { at: number; until: number }[] {
  const days: { at: number; until: number }[] = []
  for (
    let date = parseDate(bucketOfTime('day', T, tz)).subtract({ days: 1 });
    days.length < 5;
    date = date.subtract({ days: 1 })
  ) {
    const weekday = new Date(`${date.toString()}T00:00:00Z`).getUTCDay()
    if (weekday === 0 || weekday === 6) continue
    days.push({ at: instant(date.toString(), tz), until: instant(date.add({ days: 1 }).toString(), tz) })
  }
  return days
}

/** Of what lies there and how, the pace knows nothing. */
const STATES = ['stage', 'status', 'age_bucket']

function backlogDays(company: Company, asked: Asked): Answer {
  const week = workingWeek(asked.asOf, asked.tz)
  const backlog = stock(waiting, (u) => BigInt(u.fullQuantity))
  const pace: List = ({ units }) =>
    units
      .filter((unit) =>
        week.some((day) => time(unit, 'dispositioned') >= day.at && time(unit, 'dispositioned') < day.until),
      )
      .map((unit) => ({ at: undefined, unit, value: q(unit), lacks: STATES }))
  const { keys, above, below } = sides(asked, counting(backlog, company, asked), counting(pace, company, asked))
  const value = (key: string) => {
    const throughput = Number(total(below(key)))
    return throughput === 0 ? null : Number(total(above(key))) / (throughput / 5)
  }
  return { keys, value }
}

/** Figures that lean on older cohorts, on shares or on a pace: each of docs/metrics.md, in numbers of main units. */
export const ESTIMATES: Record<string, (company: Company, asked: Asked) => Answer> = {
  return_maturity: maturity,
  return_rate_projected: projected(0),
  return_rate_projected_low: projected(-1),
  return_rate_projected_high: projected(1),
  return_rate_two_months: twoMonths,
  backlog_days: backlogDays,
  open_exposure_value: atRecovery(exposed),
  trapped_expected_value: atRecovery(trapped),
  reserve_refund_liability: reserve('net'),
  right_of_return_asset: reserve('cost'),
}
