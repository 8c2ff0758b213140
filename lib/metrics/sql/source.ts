import { workingWeekBefore } from '../calendar'
import type { Scan, Sum } from '../plan'
import type { Context } from './context'
import { cohortDays, or, windowOf } from './windows'
import { all, bind, DAY_MS, NEVER, reached } from './words'

/** Where the rows of a scan come from: a FROM clause and the condition that holds for all its sums. */
export interface Source {
  from: string
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
  const windows = new Map(scan.sums.map((sum) => [sum, windowOf(sum, zone, params)]))
  const shared = new Set(windows.values()).size === 1
  const { plain, derived } = context.filters(scan.fact, NEVER)
  const days = scan.basis === 'cohort' && cohortDays(scan.sums, zone, params)
  return {
    from: scan.fact === 'units' ? 'units FINAL' : `units FINAL ARRAY JOIN ${ENTRIES[scan.fact] ?? ''}`,
    where: all(...plain, days, ...derived, or([...windows.values()])),
    instant,
    bucket: undefined,
    only: (sum) => {
      const when = sum.part.when && bind(sum.part.when, instant(sum), tz)
      return shared ? (when ?? '') : all(windows.get(sum), when)
    },
  }
}

const nested = (name: string, columns: readonly string[]) => columns.map((column) => `${name}.${column}`).join(', ')
const ENTRIES: Partial<Record<Scan['fact'], string>> = {
  money: nested('money', ['component', 'at', 'amount']),
  credit: nested('credit', ['id', 'kind', 'at', 'amount']),
  leak: nested('leak', ['id', 'category', 'at', 'until', 'amount']),
  claim: nested('claim', ['id', 'claimed_at', 'claimed', 'accepted_at', 'accepted', 'recovered_at', 'recovered']),
}

/** One instant is a parameter; several are joined to every unit, each with the name of its bucket. */
function lookFrom(scan: Scan, context: Context) {
  const { params } = context
  const [first, ...more] = scan.instants ?? []
  if (more.length > 0 && scan.instants) {
    const ends = params.instants(scan.instants.map(({ end }) => end))
    const labels = params.texts(scan.instants.map(({ label }) => label))
    return { join: ` ARRAY JOIN ${ends} AS instant_t, ${labels} AS bucket_t`, instant: 'instant_t', bucket: 'bucket_t' }
  }
  const instant = params.instant(first?.end ?? scan.sums[0]?.frame.instant ?? 0)
  return { join: '', instant, bucket: first && params.text(first.label) }
}

/** Units present at T, with the status they had then and since when without a break. */
function stock(scan: Scan, context: Context): Source {
  const { join, instant, bucket } = lookFrom(scan, context)
  const { plain, derived } = context.filters('stock', instant)
  const present = [`born_at <= ${instant}`, `(split_at = ${NEVER} OR split_at > ${instant})`]
  // What has come to its end by T is in no stock: no need to look at its log.
  const unfinished = `NOT (${reached('final_at', instant)})`
  const millisecond = (time: string) => `toUnixTimestamp64Milli(${time})`
  return {
    from: `(SELECT *, ${join ? 'instant_t, bucket_t, ' : ''}arrayLastIndex(x -> x <= ${instant}, log.at) AS entry_t, log.status[entry_t] AS status_at_t,
    log.at[arrayLastIndex(x -> x != status_at_t, arraySlice(log.status, 1, entry_t)) + 1] AS since_t,
    intDiv(${millisecond(instant)} - ${millisecond('since_t')}, ${DAY_MS}) AS days_in_status
    FROM units FINAL${join} WHERE ${all(...plain, ...present, unfinished)})`,
    where: all(...derived),
    instant: () => instant,
    bucket,
    only: (sum) => (sum.part.when ? bind(sum.part.when, instant, context.tz) : ''),
  }
}

/** Units dispositioned on the seven working days that ended before the day of T. */
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
    from: `units FINAL${join}`,
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
