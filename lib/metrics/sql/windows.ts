import { startOfMonthFrom } from '../calendar'
import type { Sum } from '../plan'
import type { Params } from './params'
import { NEVER, reached } from './words'

/** [start, end) in milliseconds. */
export interface Span {
  start: number
  end: number
}

/** The period of a sum: the frame's, cut short where only sales with an ended return window count. */
export function spanOf({ part, frame }: Sum, tz: string): Span {
  if (part.window !== 'two_months') return { start: frame.start, end: Math.max(frame.start, frame.end) }
  // A sale of month m counts once m + 3 has begun.
  const ended = startOfMonthFrom(frame.instant, -2, tz)
  return { start: frame.start, end: Math.max(frame.start, Math.min(frame.end, ended)) }
}

/** The same time as the spans together, those that meet joined. */
export function hulls(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last && span.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) }
    else joined.push(span)
  }
  return joined
}

export const within = (column: string, { start, end }: Span, params: Params): string =>
  `${column} >= ${params.instant(start)} AND ${column} < ${params.instant(end)}`

/** When a unit or an entry falls into the sum's period. */
export function windowOf(sum: Sum, tz: string, params: Params): string {
  const { part, basis, frame } = sum
  const span = spanOf(sum, tz)
  const time = part.time ?? NEVER
  if (basis === 'activity') return within(time, span, params)
  return `has_sale AND ${within('sold_at', span, params)} AND ${reached(time, params.instant(frame.instant))}`
}

/** UTC days that the cohorts of the sums lie on: they prune partitions and the sorting key. */
export function cohortDays(sums: readonly Sum[], tz: string, params: Params): string {
  const spans = sums.map((sum) => spanOf(sum, tz))
  const each = spans.map(({ start, end }) => `cohort_day BETWEEN ${params.day(start)} AND ${params.day(end)}`)
  return or(each)
}

export const or = (conditions: readonly string[]): string => {
  const different = [...new Set(conditions)]
  return different.length === 1 ? (different[0] ?? '') : `(${different.map((each) => `(${each})`).join(' OR ')})`
}
