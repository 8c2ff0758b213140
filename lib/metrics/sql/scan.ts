import type { Group, Scan, Sum } from '../plan'
import { agedScan } from './aged'
import type { Context } from './context'
import { duringSales, type SalesTable, salesTable, segments, valueIn } from './sales'
import { aggregate, cut, type Select, saleColumns } from './select'
import { unitSource } from './source'
import { type Span, spanOf } from './windows'
import { all, bind, NEVER } from './words'

/** The SELECTs of one scan. */
export function selectsOf(scan: Scan, group: Group, context: Context): Select[] {
  if (scan.instants?.length === 0) return []
  switch (scan.fact) {
    case 'sales':
      return sold(scan, group, context)
    case 'aged_sales':
    case 'open_sales':
      return [agedScan(scan, group, context)]
    default:
      return [ofUnits(scan, group, context)]
  }
}

function ofUnits(scan: Scan, group: Group, context: Context): Select {
  const source = unitSource(scan, context)
  const first = scan.sums[0]
  const instant = first ? source.instant(first) : NEVER
  const cuts = group.by.map((dimension) => {
    if (dimension.kind === 'time' && source.bucket) {
      return cut(dimension, dimension.id === 'hour' ? source.bucket : `toDate(${source.bucket})`)
    }
    return cut(dimension, context.dimension(dimension, scan.fact, scan.clock ?? '', instant))
  })
  // A condition that all sums have is the rows' own.
  const conditions = new Set(scan.sums.map((sum) => source.only(sum)))
  const [shared = ''] = conditions.size === 1 ? conditions : []
  const where = all(source.where !== '1' && source.where, shared !== '' && shared)
  const own = new Map(
    scan.sums.map((sum) => [
      sum.alias,
      aggregate(sum, contribution(scan, sum, source.instant(sum), context), shared === '' ? source.only(sum) : ''),
    ]),
  )
  const used = [...cuts.map(({ by }) => by), ...own.values(), where].join(' ')
  return { cuts, own, from: source.from(used), where }
}

/** What a row of the fact gives to the sum. */
export function contribution(scan: Scan, { part, frame }: Sum, instant: string, context: Context): string {
  const value = bind(part.value, instant, context.tz)
  return value.replace(/\brecovery_share\b/, () =>
    context.estimates.recoveryShare(scan.instants?.[0]?.end ?? frame.instant, 'condition'),
  )
}

function sold(scan: Scan, group: Group, context: Context): Select[] {
  const { params, question } = context
  const timed = group.by.some(({ kind }) => kind === 'time')
  const spans = new Map(scan.sums.map((sum) => [sum, spanOf(sum, question.tz)]))
  const table = salesTable(
    saleColumns(group, context),
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
      [...own.keys()].map((sum) => [
        sum.alias,
        aggregate(sum, valueIn(from, sum.part.value), shared ? '' : (during.get(sum) ?? '')),
      ]),
    )
    const cuts = group.by.map((dimension) => cut(dimension, context.dimension(dimension, 'sales', from.time, NEVER)))
    const inside = [...new Set(during.values())].map((each) => `(${each})`).join(' OR ')
    return { cuts, own: sums, from: from.from, where: all(...plain, inside) }
  })
}

const hull = (spans: readonly Span[]): Span => ({
  start: Math.min(...spans.map(({ start }) => start)),
  end: Math.max(...spans.map(({ end }) => end)),
})
