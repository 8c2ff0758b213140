import { bucketOf } from '../calendar'
import { ask } from '../run'
import { type Dates, frameOf, metricsOf, partMetric, questionOf, type View } from './view'

/** A day of sale (cohort) or of what happened (activity): units returned, units sold, returns expected to be visible. */
export interface Day {
  date: string
  returned: number
  sold: number
  visible: number
}

/** From this maturity on a cohort's rate counts as it stands: 98 % of its eventual returns are in. */
export const MATURE = 0.98
/** Under this maturity nothing can be projected. */
export const RIPE = 0.3

/** Days with their sums as known at T; days without any are left out. Of `prior` days no maturity is needed. */
export async function daysOf(view: View, dates: Dates, { prior = false } = {}): Promise<Day[]> {
  const question = questionOf(view, ['return_rate_units'], ['day'])
  const cohort = view.spec.basis !== 'activity'
  const [returned] = metricsOf(view, ['return_rate_units'])
  const metrics = [
    partMetric('returned_quantity', returned?.basis),
    partMetric('sold_quantity', undefined),
    ...(cohort && !prior ? [partMetric('visible_quantity', undefined)] : []),
  ]
  const [answer] = await ask(view.client, question, [{ frame: frameOf(view, 'days', dates), metrics }])
  return (answer?.rows ?? []).map((row) => ({
    date: String(row.day),
    returned: Number(row.returned_quantity ?? 0),
    sold: Number(row.sold_quantity ?? 0),
    visible: Number(row.visible_quantity ?? 0),
  }))
}

/** Exclusive end of the days from the start of the period whose cohorts are all mature; null if not even the first is. */
export function matureTo(days: readonly Day[], { from, to }: Dates): string | null {
  const young = days.find(({ sold, visible }) => sold > 0 && visible / sold < MATURE)
  const end = young && young.date < to ? young.date : to
  return days.some(({ sold }) => sold > 0) && end > from ? end : null
}

export const sumOf = (days: readonly Day[], { from, to }: Dates): Omit<Day, 'date'> =>
  days
    .filter(({ date }) => date >= from && date < to)
    .reduce(
      (sum, day) => ({
        returned: sum.returned + day.returned,
        sold: sum.sold + day.sold,
        visible: sum.visible + day.visible,
      }),
      { returned: 0, sold: 0, visible: 0 },
    )

export const rateOf = ({ returned, sold }: { returned: number; sold: number }): number | null =>
  sold === 0 ? null : returned / sold

/** Days added up to weeks or months. */
export function bucketed(days: readonly Day[], bucket: 'day' | 'week' | 'month'): Map<string, Day> {
  const found = new Map<string, Day>()
  for (const day of days) {
    const date = bucketOf(day.date, bucket)
    const sum = found.get(date) ?? { date, returned: 0, sold: 0, visible: 0 }
    sum.returned += day.returned
    sum.sold += day.sold
    sum.visible += day.visible
    found.set(date, sum)
  }
  return found
}
