import type { Group, Scan } from '../plan'
import type { Context } from './context'
import { HORIZON } from './estimates'
import type { Params } from './params'
import { duringSales, EXACT, type SalesTable, salesTable, segments } from './sales'
import { aggregate, cut, type Select, saleColumns } from './select'
import { type Span, spanOf } from './windows'
import { all, DAY_MS, NEVER } from './words'

/** A scan of sales with an estimate in it: sales by cell of the estimates and whole days of age, then what is expected of them. */
export function agedScan(scan: Scan, group: Group, context: Context): Select {
  const { estimates } = context
  const [sum] = scan.sums
  if (!sum) throw new Error('A scan without a sum')
  const instant = scan.instants?.[0]?.end ?? sum.frame.instant
  const whole = scan.fact === 'open_sales' ? youngSales(instant) : spanOf(sum, context.question.tz)
  const bucket = bucketOf(scan, context)
  const columns = [
    ...group.by.map((_, index) => `d${index}`),
    'quantity',
    'net',
    'cost',
    `${estimates.visible(instant)} AS visible`,
    ...(scan.fact === 'open_sales'
      ? [`${estimates.returnShare(instant)} AS return_share`, `${estimates.recoveryShare(instant)} AS recovery_share`]
      : []),
  ]
  const cuts = group.by.map((_, index) => ({ shown: `d${index}`, by: `d${index}` }))
  const own = new Map(scan.sums.map((each) => [each.alias, aggregate(each, each.part.value, '')]))
  const from = `(SELECT ${columns.join(', ')} FROM (${byAge(scan, group, context, whole, instant, bucket)}))`
  return { cuts, own, from, where: '1' }
}

/** Sales of which returns are still to come at an instant. */
export const youngSales = (instant: number): Span => ({ start: instant - HORIZON * DAY_MS + 1, end: instant + 1 })

/** As-of figures by time have one scan an instant, which stands for its bucket. */
function bucketOf({ instants }: Scan, { params, question }: Context): string | undefined {
  const [look] = instants ?? []
  return look && (question.unit === 'hour' ? params.text(look.label) : `toDate(${params.text(look.label)})`)
}

/** Sums of quantity, net and cost by the group's dimensions, `k1` category, `k2` channel and `age`. */
function byAge(
  scan: Scan,
  group: Group,
  context: Context,
  whole: Span,
  instant: number,
  bucket: string | undefined,
): string {
  const { params, question } = context
  const timed = bucket === undefined && group.by.some(({ kind }) => kind === 'time')
  const table = salesTable(
    ['category', 'channel', ...saleColumns(group, context)],
    timed ? { tz: question.tz, span: whole } : undefined,
  )
  const { plain } = context.filters(scan.fact, NEVER)
  const selects = passesOf(whole, instant, table, params).map(({ from, age, condition }) => {
    const cuts = group.by.map((dimension) =>
      cut(
        dimension,
        dimension.kind === 'time' && bucket ? bucket : context.dimension(dimension, 'sales', from.time, NEVER),
      ),
    )
    const columns = [
      ...cuts.map(({ shown }, index) => `${shown} AS d${index}`),
      'toString(category) AS k1',
      'toString(channel) AS k2',
      `toUInt16(${age}) AS age`,
    ]
    const by = [...cuts.map((each) => each.by), 'category', 'channel', 'age']
    return `SELECT ${columns.join(', ')}, sum(quantity) AS quantity, sum(net) AS net, sum(cost) AS cost
FROM ${from.from} WHERE ${all(...plain, condition)} GROUP BY ${by.join(', ')}`
  })
  return selects.join('\nUNION ALL\n') || nothing(group)
}

const nothing = (group: Group) =>
  `SELECT ${[...group.by.map((_, index) => `'' AS d${index}`), "'' AS k1, '' AS k2, toUInt16(0) AS age, toInt64(0) AS quantity, toInt64(0) AS net, toInt64(0) AS cost"].join(', ')} WHERE 0`

interface Pass {
  from: SalesTable
  condition: string
  /** Whole days. */
  age: string
}

/**
 * Where ages are read. Past the horizon they no longer matter. Before it, all sales of a rollup's slot have the same age,
 * unless the time of day at which ages change (T's own, since a day has 86,400 s) lies within the slot: those slots, one a
 * day, are read from the order lines.
 */
function passesOf(whole: Span, instant: number, table: SalesTable, params: Params): Pass[] {
  const young = youngSales(instant).start
  const during = (from: SalesTable, spans: readonly Span[]) =>
    spans.map((span) => `(${duringSales(from, span, params)})`).join(' OR ')
  const old = segments({ start: whole.start, end: Math.min(whole.end, young) }, table).map(
    ({ table: from, spans }): Pass => ({ from, condition: during(from, spans), age: String(HORIZON) }),
  )
  const now = `toUnixTimestamp64Milli(${params.instant(instant)})`
  const sold = 'toUnixTimestamp64Milli(sold_at)'
  const fresh = segments({ start: Math.max(whole.start, young), end: whole.end }, table).flatMap(
    ({ table: from, spans }): Pass[] => {
      if (from.step === 1) return [{ from, condition: during(from, spans), age: `intDiv(${now} - ${sold}, ${DAY_MS})` }]
      const turn = Math.floor((instant % DAY_MS) / table.step) * table.step
      const slot = `toUnixTimestamp(${from.time}) * 1000`
      return [
        {
          from,
          condition: all(during(from, spans), `${slot} % ${DAY_MS} != ${turn}`),
          age: `intDiv(${now} - ${slot}, ${DAY_MS})`,
        },
        {
          from: EXACT,
          condition: all(during(EXACT, spans), `${sold} % ${DAY_MS} BETWEEN ${turn} AND ${turn + table.step - 1}`),
          age: `intDiv(${now} - ${sold}, ${DAY_MS})`,
        },
      ]
    },
  )
  return [...old, ...fresh]
}
