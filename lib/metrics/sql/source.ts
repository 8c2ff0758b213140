import { UNIT_COLUMNS } from '../../../clickhouse/derive/units'
import { type Bucket, workingWeekBefore } from '../calendar'
import type { Scan, Sum } from '../plan'
import type { Context } from './context'
import type { Params } from './params'
import { cohortDays, hulls, or, spanOf, windowOf, within } from './windows'
import { all, bind, DAY_MS, NEVER, reached } from './words'

/** Where the rows of a scan come from: a FROM clause, for a statement that uses these columns, and the condition that holds for all its sums. */
export interface Source {
  from: (used: string) => string
  where: string
  /** T in this source: a parameter, or a column where the scan looks from several instants. */
  instant: (sum: Sum) => string
  /** The bucket of a look from several instants. */
  bucket: string | undefined
  /** A sum's own condition beside `where`; '' when there is none. */
  only: (sum: Sum) => string
}

/** The facts that lie in `units`: the units themselves, entries of theirs, the stock at T, the throughput before T. */
export function unitSource(scan: Scan, context: Context): Source {
  if (scan.fact === 'stock') return stock(scan, context)
  if (scan.fact === 'throughput') return throughput(scan, context)
  const { params, tz } = context
  const zone = context.question.tz
  const instant = (sum: Sum) => params.instant(sum.frame.instant)
  const { plain, derived } = context.filters(scan.fact, NEVER)
  const days = scan.basis === 'cohort' && cohortDays(scan.sums, zone, params)
  const rows = (used: string) => {
    if (scan.fact === 'units' || scan.fact === 'reasoned')
      return { from: 'units FINAL', where: all(...plain, days, ...derived) }
    const dated = scan.fact === 'money' || scan.fact === 'credit' ? scan.fact : undefined
    // Most units have no claim and no leak: their lengths are read first, the entries only of those that have some.
    const some = dated ? '' : `notEmpty(${scan.fact}.id)`
    const units = all(...plain, days, some, !days && dated && mayHold(dated, scan.sums, zone, params))
    const here = [used, ...derived].join(' ')
    const from = `(SELECT ${columnsIn(here)} FROM units FINAL WHERE ${units}) ARRAY JOIN ${entriesIn(scan.fact, here)}`
    return { from, where: all(...derived) }
  }
  const windows = new Map(scan.sums.map((sum) => [sum, windowOf(sum, zone, params)]))
  const different = [...new Set(windows.values())]
  const when = (sum: Sum) => sum.part.when && bind(sum.part.when, instant(sum), tz)
  const common = { instant, bucket: undefined }
  const [first, ...more] = different
  const inside = insideOf(scan, zone, params)
  if (more.length === 0) {
    return {
      ...common,
      from: (used) => rows(`${used} ${first}`).from,
      where: all(rows('').where, first),
      only: (sum) => when(sum) ?? '',
    }
  }
  if (inside) {
    return {
      ...common,
      from: (used) => rows(`${used} ${inside}`).from,
      where: all(rows('').where, inside),
      only: (sum) => all(windows.get(sum), when(sum)),
    }
  }
  // Each window is reckoned once a row: planning takes long over conditions that stand in many places.
  const flags = different.map((window, index) => `${window} AS w${index}`)
  const flag = (sum: Sum) => `w${different.indexOf(windows.get(sum) ?? '')}`
  return {
    ...common,
    from: (used) => {
      const here = [used, ...different].join(' ')
      const { from, where } = rows(here)
      return `(SELECT ${[columnsIn(here), ...flags].join(', ')} FROM ${from} WHERE ${where})`
    },
    where: different.map((_, index) => `w${index}`).join(' OR '),
    only: (sum) => all(flag(sum), when(sum)),
  }
}

/** The windows of a scan by one date of an event, as one condition; undefined where its sums go by several, or by the cohort. */
function insideOf({ basis, sums }: Scan, zone: string, params: Params): string | undefined {
  const [clock, ...others] = new Set(sums.map(({ part }) => part.time))
  if (basis !== 'activity' || clock === undefined || others.length > 0) return undefined
  return or(hulls(sums.map((sum) => spanOf(sum, zone))).map((span) => within(clock, span, params)))
}

/** Of all entries of a unit, one may lie in the period: by their ends, which `units` holds and has skip indexes on. */
const mayHold = (fact: 'money' | 'credit', sums: readonly Sum[], zone: string, params: Params): string =>
  or(
    hulls(sums.map((sum) => spanOf(sum, zone))).map(
      ({ start, end }) => `${fact}_last >= ${params.instant(start)} AND ${fact}_first < ${params.instant(end)}`,
    ),
  )

/** The columns of units that a piece of SQL speaks of. A sub-query of few is planned in half the time of one of all. */
function columnsIn(used: string): string {
  const words = new Set(used.match(/[a-z_]+(?:\.[a-z_]+)?/g))
  const columns = UNIT_COLUMNS.filter((column) => words.has(column))
  return columns.join(', ') || 'quantity'
}

/** Of a nested column only what the statement speaks of: every further array costs its reading. */
const entriesIn = (fact: string, used: string): string =>
  [...new Set(used.match(new RegExp(`\\b${fact}\\.[a-z_]+`, 'g')))].toSorted().join(', ')

/** Units present at T, with the status they had then and since when without a break. */
function stock(scan: Scan, context: Context): Source {
  const { params } = context
  const looks = scan.instants ?? []
  const several = looks.length > 1
  const instant = several ? 'instant_t' : params.instant(looks[0]?.end ?? scan.sums[0]?.frame.instant ?? 0)
  const bucket = several ? 'bucket_t' : looks[0] && params.text(looks[0].label)
  const { plain, derived } = context.filters('stock', instant)
  const millisecond = (time: string) => `toUnixTimestamp64Milli(${time})`
  const since = `log.at[arrayLastIndex(x -> x != status_at_t, arraySlice(log.status, 1, entry_t)) + 1] AS since_t,
    intDiv(${millisecond(instant)} - ${millisecond('since_t')}, ${DAY_MS}) AS days_in_status`
  return {
    from: (used) => {
      const dated = /\b(since_t|days_in_status)\b/.test(used)
      const columns = [columnsIn(used), ...(several ? ['instant_t', 'bucket_t'] : [])].join(', ')
      const units = several
        ? lookedAtFrom(looks, plain, columnsIn(`${used} log.at log.status`), context)
        : `units FINAL WHERE ${all(...plain, ...there(instant))}`
      return `(SELECT ${columns}, arrayLastIndex(x -> x <= ${instant}, log.at) AS entry_t, log.status[entry_t] AS status_at_t${dated ? `,\n    ${since}` : ''}
    FROM ${units})`
    },
    where: all(...derived),
    instant: () => instant,
    bucket,
    only: (sum) => (sum.part.when ? bind(sum.part.when, instant, context.tz) : ''),
  }
}

/** Present, begun and not at its end at an instant: the rest is in no stock, and its log need not be looked at. */
const there = (instant: string): string[] => [
  `born_at <= ${instant}`,
  `(split_at = ${NEVER} OR split_at > ${instant})`,
  `NOT (${reached('final_at', instant)})`,
  `log.at[1] <= ${instant}`,
]

/** Every unit once for each instant at which it is there, with the name of its bucket. */
function lookedAtFrom(
  looks: readonly Bucket[],
  plain: readonly string[],
  columns: string,
  { params }: Context,
): string {
  const ends = params.instants(looks.map(({ end }) => end))
  const labels = params.texts(looks.map(({ label }) => label))
  const [first, last] = [params.instant(looks[0]?.end ?? 0), params.instant(looks.at(-1)?.end ?? 0)]
  const ever = all(...plain, `born_at <= ${last}`, `NOT (${reached('final_at', first)})`)
  const then = all(...there('x.1'))
  return `(SELECT ${columns}, look_t.1 AS instant_t, look_t.2 AS bucket_t FROM (
      SELECT ${columns}, arrayFilter(x -> ${then}, arrayZip(${ends}, ${labels})) AS looks_t FROM units FINAL WHERE ${ever}
    ) ARRAY JOIN looks_t AS look_t)`
}

/** Units dispositioned on the five working days that ended before the day of T. */
function throughput(scan: Scan, context: Context): Source {
  const { params, tz, question } = context
  const { plain, derived } = context.filters('throughput', NEVER)
  const looks = scan.instants ?? [{ label: '', start: 0, end: scan.sums[0]?.frame.instant ?? 0 }]
  const weeks = looks.map(({ end }) => workingWeekBefore(end, question.tz))
  const [week, ...more] = weeks
  const several = more.length > 0
  const starts = several ? params.instants(weeks.map(({ start }) => start)) : ''
  const ends = several ? params.instants(weeks.map(({ end }) => end)) : ''
  const labels = several ? params.texts(looks.map(({ label }) => label)) : ''
  const [from, to] = several ? ['start_t', 'end_t'] : [params.instant(week?.start ?? 0), params.instant(week?.end ?? 0)]
  const join = several ? ` ARRAY JOIN ${starts} AS start_t, ${ends} AS end_t, ${labels} AS bucket_t` : ''
  return {
    from: () => `units FINAL${join}`,
    where: all(
      ...plain,
      ...derived,
      `dispositioned_at >= ${from} AND dispositioned_at < ${to}`,
      `toDayOfWeek(dispositioned_at, 0, ${tz}) <= 5`,
    ),
    instant: () => params.instant(looks[0]?.end ?? 0),
    bucket: several ? 'bucket_t' : scan.instants && params.text(looks[0]?.label ?? ''),
    only: () => '',
  }
}
