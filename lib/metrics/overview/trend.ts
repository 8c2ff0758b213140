import { type Bucket, buckets, startOfDate } from '../calendar'
import type { Annotation, Trend, TrendPoint } from '../overview-types'
import { projected } from '../values'
import { bucketed, type Day, MATURE, RIPE, rateOf } from './cohorts'
import { type Dates, earlier, queryOf, type View } from './view'

export type Step = Trend['bucket']

/** Days under four weeks, weeks up to a year and a bit, then months. */
export function stepOf({ from, to }: Dates): Step {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  return days < 28 ? 'day' : days <= 400 ? 'week' : 'month'
}

/** The buckets of some dates in the page's zone, the running one and those to come included. */
export const bucketsOf = ({ spec }: View, { from, to }: Dates, step: Step): Bucket[] =>
  buckets(step, from, startOfDate(to, spec.tz), spec.tz, 1000)

/** The return rate over time: what is final, what is projected, what still runs, beside the same buckets before. */
export function trendOf(view: View, days: readonly Day[], before: readonly Day[], annotations: Annotation[]): Trend {
  const step = stepOf(view.spec)
  const then = earlier(view, view.spec)
  const sums = bucketed(days, step)
  const earlierSums = bucketed(before, step)
  const earlierBuckets = then ? bucketsOf(view, then, step) : []
  const points = bucketsOf(view, view.spec, step)
    .filter(({ start }) => start <= view.instant)
    .map((bucket, index) => {
      const prior = earlierSums.get(earlierBuckets[index]?.label ?? '')
      return pointOf(view, bucket, sums.get(bucket.label), prior ? rateOf(prior) : null)
    })
  const spec = { ...queryOf(view, ['return_rate_units'], {}), by: [step] }
  return { metric: 'return_rate_units', bucket: step, points, annotations, spec }
}

function pointOf(view: View, { label, start, end }: Bucket, sum: Day | undefined, previous: number | null): TrendPoint {
  const observed = sum ? rateOf(sum) : null
  const running = Math.min(end, startOfDate(view.spec.to, view.spec.tz)) > view.instant
  const point = { at: label, observed, previous, numerator: sum?.returned ?? null, denominator: sum?.sold ?? null }
  const alone = { value: observed, low: null, high: null }
  if (view.spec.basis === 'activity') {
    const elapsed = Math.min(1, (view.instant - start) / (end - start))
    return { ...point, ...alone, state: running ? 'unfinished' : 'final', maturity: elapsed }
  }
  const maturity = sum && sum.sold > 0 ? sum.visible / sum.sold : null
  if (!sum || maturity === null) return { ...point, ...alone, state: running ? 'unfinished' : 'final', maturity }
  if (maturity < RIPE) return { ...point, ...alone, value: null, state: 'early', maturity }
  if (maturity >= MATURE && !running) return { ...point, ...alone, state: 'final', maturity }
  const bound = (which: 'point' | 'low' | 'high') => projected(sum.returned, sum.visible, sum.sold, which)
  return {
    ...point,
    state: running ? 'unfinished' : 'immature',
    value: bound('point'),
    low: bound('low'),
    high: bound('high'),
    maturity,
  }
}
