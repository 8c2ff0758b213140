import type { Dimension } from '../definition-types'
import type { Group, Scan, Sum } from '../plan'
import type { Context } from './context'
import { HORIZON } from './estimates'
import { duringSales, type SalesTable, salesTable, segments } from './sales'
import { unitSource } from './source'
import { type Span, spanOf } from './windows'
import { all, bind, bucketSql, DAY_MS, NEVER } from './words'

/** The SELECTs of one scan. All selects of a group have the same columns: d0, d1, … and the sums of the whole group. */
export function scanSql(scan: Scan, group: Group, context: Context): string[] {
  if (scan.instants?.length === 0) return []
  switch (scan.fact) {
    case 'sales':
      return sold(scan, group, context)
    case 'aged_sales':
    case 'open_sales':
      return [estimated(scan, group, context)]
    default:
      return [ofUnits(scan, group, context)]
  }
}

interface Cut {
  shown: string
  by: string
}

/** One SELECT: dimensions, own sums, and zero for the sums of the group's other scans. */
function select(
  group: Group,
  cuts: readonly Cut[],
  own: ReadonlyMap<string, string>,
  from: string,
  where: string,
): string {
  const dimensions = cuts.map(({ shown }, index) => `${shown} AS d${index}`)
  const sums = sumsOf(group).map((sum) => `${own.get(sum.alias) ?? zero(sum)} AS ${sum.alias}`)
  const by = cuts.length > 0 ? ` GROUP BY ${cuts.map((cut) => cut.by).join(', ')}` : ''
  return `SELECT ${[...dimensions, ...sums].join(', ')}\nFROM ${from}\nWHERE ${where}${by}`
}

export const sumsOf = (group: Group): Sum[] =>
  group.scans
    .flatMap(({ sums }) => sums)
    .filter((sum, index, every) => every.findIndex(({ alias }) => alias === sum.alias) === index)
export const zero = ({ part }: Sum): string => (part.measure === 'float' ? 'toFloat64(0)' : 'toInt128(0)')

/** Grouped by the column as it is, which is fast for short codes, and shown as text. */
const cut = (dimension: Dimension, expression: string): Cut => ({
  shown: dimension.kind === 'code' ? `toString(${expression})` : expression,
  by: expression,
})

function aggregate(sum: Sum, value: string, condition: string): string {
  const [suffix, only] = condition === '' ? ['', ''] : ['If', `, ${condition}`]
  switch (sum.part.measure) {
    case 'float':
      return `sum${suffix}(toFloat64(${value})${only})`
    case 'distinct':
      return `toInt128(uniqExact${suffix}(${value}${only}))`
    case 'quantile':
      return `toInt128(quantileExactWeighted${suffix}(${sum.part.level})(${value}, toUInt64(${sum.part.weight})${only}))`
    default:
      // Numbers of units fit 64 bits; sums of money and of time may not.
      return sum.part.unit === 'count'
        ? `toInt128(sum${suffix}(${value}${only}))`
        : `sum${suffix}(toInt128(${value})${only})`
  }
}

function ofUnits(scan: Scan, group: Group, context: Context): string {
  const source = unitSource(scan, context)
  const first = scan.sums[0]
  const instant = first ? source.instant(first) : NEVER
  const cuts = group.by.map((dimension) => {
    if (dimension.kind === 'time' && source.bucket) {
      return cut(dimension, dimension.id === 'hour' ? source.bucket : `toDate(${source.bucket})`)
    }
    return cut(dimension, context.dimension(dimension, scan.fact, scan.clock ?? '', instant))
  })
  const own = new Map(
    scan.sums.map((sum) => [
      sum.alias,
      aggregate(sum, contribution(scan, sum, source.instant(sum), context), source.only(sum)),
    ]),
  )
  return select(group, cuts, own, source.from, source.where)
}

/** What a row of the fact gives to the sum. */
export function contribution(scan: Scan, { part, frame }: Sum, instant: string, context: Context): string {
  const value = bind(part.value, instant, context.tz)
  return value.replace(/\brecovery_share\b/, () =>
    context.estimates.recoveryShare(scan.instants?.[0]?.end ?? frame.instant, 'condition'),
  )
}

const codesOf = (group: Group, context: Context): string[] => {
  const filtered = context.question.filters.map(({ dimension }) => dimension)
  const { entities, channels, facilities } = context.question.scope
  const columns = [...group.by, ...filtered].flatMap(({ columns }) => columns.sales ?? [])
  return [
    ...columns,
    ...(entities ? ['entity'] : []),
    ...(channels ? ['channel'] : []),
    ...(facilities ? ['ship_facility'] : []),
  ]
}

function sold(scan: Scan, group: Group, context: Context): string[] {
  const { params, question } = context
  const timed = group.by.some(({ kind }) => kind === 'time')
  const spans = new Map(scan.sums.map((sum) => [sum, spanOf(sum, question.tz)]))
  const table = salesTable(
    codesOf(group, context),
    timed ? { tz: question.tz, span: hull([...spans.values()]) } : undefined,
  )
  const tables = new Map<string, { table: SalesTable; spans: Map<Sum, Span[]> }>()
  for (const [sum, span] of spans) {
    for (const segment of segments(span, table)) {
      const known = tables.get(segment.table.from) ?? { table: segment.table, spans: new Map<Sum, Span[]>() }
      tables.set(segment.table.from, known)
      known.spans.set(sum, segment.spans)
    }
  }
  const { plain } = context.filters('sales', NEVER)
  return [...tables.values()].map(({ table: from, spans: own }) => {
    const during = new Map(
      [...own].map(([sum, each]) => [sum, each.map((span) => duringSales(from, span, params)).join(' OR ')]),
    )
    const shared = new Set(during.values()).size === 1
    const sums = new Map(
      [...own.keys()].map((sum) => [sum.alias, aggregate(sum, sum.part.value, shared ? '' : (during.get(sum) ?? ''))]),
    )
    const cuts = group.by.map((dimension) => cut(dimension, context.dimension(dimension, 'sales', from.time, NEVER)))
    const inside = [...new Set(during.values())].map((each) => `(${each})`).join(' OR ')
    return select(group, cuts, sums, from.from, all(...plain, inside))
  })
}

const hull = (spans: readonly Span[]): Span => ({
  start: Math.min(...spans.map(({ start }) => start)),
  end: Math.max(...spans.map(({ end }) => end)),
})

/** Sales by cell of the estimates and whole days of age, then what is expected of them. */
function estimated(scan: Scan, group: Group, context: Context): string {
  const { estimates } = context
  const { relation, instant, bucket } = agedSales(scan, group, context)
  const cuts = group.by.map((_, index) => ({ shown: `d${index}`, by: `d${index}` }))
  const shown = bucket
    ? cuts.map((each, index) => (group.by[index]?.kind === 'time' ? { ...each, shown: bucket } : each))
    : cuts
  const own = new Map(scan.sums.map((sum) => [sum.alias, aggregate(sum, sum.part.value, '')]))
  const columns = [
    ...cuts.map(({ by }) => by),
    'quantity',
    'net',
    'cost',
    `${estimates.visible(instant)} AS visible`,
    ...(scan.fact === 'open_sales'
      ? [`${estimates.returnShare(instant)} AS return_share`, `${estimates.recoveryShare(instant)} AS recovery_share`]
      : []),
  ]
  return select(
    group,
    shown.map((each, index) => ({ ...each, by: cuts[index]?.by ?? each.by })),
    own,
    `(SELECT ${columns.join(', ')} FROM (${relation}))`,
    '1',
  )
}

/** Sums of quantity, net and cost by the group's dimensions, `k1` category, `k2` channel and `age`. */
function agedSales(scan: Scan, group: Group, context: Context) {
  const { params, question } = context
  const [look] = scan.instants ?? []
  const sum = scan.sums[0]
  if (!sum) throw new Error('A scan without a sum')
  const instant = look?.end ?? sum.frame.instant
  const bucket = look && (question.unit === 'hour' ? params.text(look.label) : `toDate(${params.text(look.label)})`)
  const young = instant - HORIZON * DAY_MS + 1
  const whole = scan.fact === 'open_sales' ? { start: young, end: instant + 1 } : spanOf(sum, question.tz)
  const timed = scan.fact === 'aged_sales' && group.by.some(({ kind }) => kind === 'time')
  const table = salesTable(
    ['category', 'channel', ...codesOf(group, context)],
    timed ? { tz: question.tz, span: whole } : undefined,
  )
  const { plain } = context.filters(scan.fact, NEVER)
  const passes = [
    // Past the horizon nothing more is expected: age no longer matters, and whole slots will do.
    ...segments({ start: whole.start, end: Math.min(whole.end, young) }, table).map((segment) => ({
      ...segment,
      age: `toUInt16(${HORIZON})`,
    })),
    ...exact({ start: Math.max(whole.start, young), end: whole.end }).map((segment) => ({
      ...segment,
      age: `toUInt16(intDiv(toUnixTimestamp64Milli(${params.instant(instant)}) - toUnixTimestamp64Milli(sold_at), ${DAY_MS}))`,
    })),
  ]
  const selects = passes.map(({ table: from, spans, age }) => {
    const cuts = group.by.map((dimension) => {
      if (dimension.kind === 'time' && bucket) return cut(dimension, bucket)
      return cut(
        dimension,
        dimension.kind === 'time'
          ? bucketSql(dimension.id, from.time, context.tz)
          : context.dimension(dimension, 'sales', '', NEVER),
      )
    })
    const during = spans.map((span) => duringSales(from, span, params)).join(' OR ')
    const columns = [
      ...cuts.map(({ shown }, index) => `${shown} AS d${index}`),
      'toString(category) AS k1',
      'toString(channel) AS k2',
      `${age} AS age`,
    ]
    const by = [...cuts.map((each) => each.by), 'category', 'channel', 'age']
    return `SELECT ${columns.join(', ')}, sum(quantity) AS quantity, sum(net) AS net, sum(cost) AS cost FROM ${from.from} WHERE ${all(...plain, during)} GROUP BY ${by.join(', ')}`
  })
  return {
    relation:
      selects.join('\nUNION ALL\n') ||
      `SELECT ${[...group.by.map((_, i) => `'' AS d${i}`), "'' AS k1, '' AS k2, toUInt16(0) AS age, toInt64(0) AS quantity, toInt64(0) AS net, toInt64(0) AS cost"].join(', ')} WHERE 0`,
    instant,
    bucket,
  }
}

const exact = (span: Span) =>
  span.end > span.start ? [{ table: { from: 'sales FINAL', time: 'sold_at', step: 1 }, spans: [span] }] : []
