import { addDays, addDaysTo, daysBetween } from './calendar'
import type { Compare } from './types'

/**
 * The earlier dates that a period is compared with: the whole question moved back by days, `from`, `to` and the as-of
 * instant T, so that an unfinished period meets the same elapsed part and a young cohort an earlier one of the same age.
 * `previous_period` moves by the period's length, rounded up to whole weeks, and `previous_year` by 364 days: weekdays meet
 * weekdays. Dates of one's own move by the distance of the two `from`, and never past T.
 */
export function compared(
  period: { from: string; to: string; instant: number; tz: string },
  compare: Compare,
): { from: string; to: string; instant: number } {
  const { from, to, instant, tz } = period
  if (typeof compare === 'object') {
    const moved = addDaysTo(instant, daysBetween(from, compare.from), tz)
    return { ...compare, instant: Math.min(moved, instant) }
  }
  const days = compare === 'previous_year' ? 364 : Math.ceil(daysBetween(from, to) / 7) * 7
  return { from: addDays(from, -days), to: addDays(to, -days), instant: addDaysTo(instant, -days, tz) }
}
