import { type CalendarDate, fromDate, parseDate, startOfWeek, toCalendarDate, toZoned } from '@internationalized/date'
import type { Asked, Company, Contribution, List } from './contributions'
import { text } from './facts'
import type { Unit } from './units'

export const TIMES = ['hour', 'day', 'week', 'month', 'quarter']
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

/** What an item is under a dimension; undefined when it has none. */
export function dimension(name: string, item: Contribution, asked: Asked): string | undefined {
  if (item.own && name in item.own) return item.own[name]
  if (item.lacks?.includes(name)) return undefined
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

const buckets = new Map<string, string>()
/** Calendars are slow, and the same instants come again and again. */
export function bucketOfTime(name: string, at: number, tz: string): string {
  const key = `${name} ${at} ${tz}`
  const known = buckets.get(key) ?? reckonedBucket(name, at, tz)
  if (buckets.size > 200_000) buckets.clear()
  buckets.set(key, known)
  return known
}

function reckonedBucket(name: string, at: number, tz: string): string {
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

export const instant = (date: string, tz: string) => instantOf(parseDate(date), tz)
const instantOf = (date: CalendarDate, tz: string) => toZoned(date, tz).toDate().getTime()

const LENGTHS = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 }, quarter: { months: 3 } }
/** Where as-of figures are taken from when they are cut by time: each bucket with its instant. */
export function instants(name: string, { from, to, tz, asOf }: Asked): { label: string; at: number }[] {
  const length = LENGTHS[name as keyof typeof LENGTHS]
  const found: { label: string; at: number }[] = []
  const end = Math.min(asOf, instant(to, tz))
  for (let date = parseDate(bucketOfTime(name, instant(from, tz), tz)); instantOf(date, tz) < end; ) {
    const next = date.add(length)
    found.push({ label: date.toString(), at: Math.min(asOf, instantOf(next, tz)) })
    date = next
  }
  return found
}

/** The same question moved back by days: its dates, and its instant by the clock. */
export const movedBack = (asked: Asked, days: number): Asked => ({
  ...asked,
  from: parseDate(asked.from).subtract({ days }).toString(),
  to: parseDate(asked.to).subtract({ days }).toString(),
  asOf: fromDate(new Date(asked.asOf), asked.tz).subtract({ days }).toDate().getTime(),
})

const passes = (item: Contribution, asked: Asked): boolean =>
  asked.filters.every(({ dimension: name, op, values }) => {
    const value = dimension(name, item, asked)
    return value === undefined || values.includes(value) === (op === 'in')
  })

/** The contributions that count in this question. */
export function counting(list: List, company: Company, asked: Asked): Contribution[] {
  const [from, to] = [instant(asked.from, asked.tz), instant(asked.to, asked.tz)]
  return list(company, asked.asOf).filter((item) => {
    if (!passes(item, asked)) return false
    if (item.at === undefined) return true
    if (item.at === 0 || item.at > asked.asOf) return false
    if (item.sale) return item.at >= from && item.at < to
    if (asked.basis === 'activity') return item.at >= from && item.at < to
    const { hasSale, soldAt } = item.unit as Unit
    return hasSale && soldAt >= from && soldAt < to && soldAt <= asked.asOf
  })
}

export const KEY = '\u0001'
type Groups = Map<string, Contribution[]>
export function groups(items: readonly Contribution[], by: readonly string[], asked: Asked): Groups {
  const found: Groups = new Map()
  for (const item of items) {
    const key = by.map((name) => dimension(name, item, asked) ?? '').join(KEY)
    const group = found.get(key)
    if (group) group.push(item)
    else found.set(key, [item])
  }
  return found
}

export const total = (items: readonly Contribution[] = []) => items.reduce((sum, { value }) => sum + value, 0n)

/** Both sides of a ratio: the numerator by the whole cut, the divisor by those of its dimensions that it has. */
export interface Sides {
  /** Groups in which a part that has all dimensions is not zero. */
  keys: Set<string>
  above: (key: string) => readonly Contribution[]
  below: (key: string) => readonly Contribution[]
}

export function sides(asked: Asked, numerators: readonly Contribution[], divisors: readonly Contribution[]): Sides {
  const sample = divisors[0]
  const shared = asked.by.filter((name) => !sample || dimension(name, sample, asked) !== undefined)
  const below = groups(divisors, shared, asked)
  const above = groups(numerators, asked.by, asked)
  const there = (found: Groups) => [...found].flatMap(([key, items]) => (total(items) === 0n ? [] : [key]))
  const belowKey = (key: string) => {
    const parts = key.split(KEY)
    return shared.map((name) => parts[asked.by.indexOf(name)] ?? '').join(KEY)
  }
  return {
    keys: new Set([...there(above), ...(shared.length === asked.by.length ? there(below) : [])]),
    above: (key) => above.get(key) ?? [],
    below: (key) => below.get(belowKey(key)) ?? [],
  }
}
