import { fromDate, parseDate, startOfWeek, toCalendarDate, toZoned } from '@internationalized/date'
import type { Asked, Company, Contribution, List } from './contributions'
import { text } from './facts'
import type { Unit } from './units'

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

/** What an item is under a dimension; undefined when it has none. */
export function dimension(name: string, item: Contribution, asked: Asked): string | undefined {
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

export function bucketOfTime(name: string, at: number, tz: string): string {
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

export const instant = (date: string, tz: string) => toZoned(parseDate(date), tz).toDate().getTime()

/** The contributions that count in this question; `sides` are the dimensions that this side of a ratio has. */
export function counting(list: List, company: Company, asked: Asked): Contribution[] {
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

export const KEY = '\u0001'
export function groups(
  items: readonly Contribution[],
  by: readonly string[],
  asked: Asked,
): Map<string, Contribution[]> {
  const found = new Map<string, Contribution[]>()
  for (const item of items) {
    const key = by.map((name) => dimension(name, item, asked) ?? '').join(KEY)
    found.set(key, [...(found.get(key) ?? []), item])
  }
  return found
}

export const total = (items: readonly Contribution[] = []) => items.reduce((sum, { value }) => sum + value, 0n)
