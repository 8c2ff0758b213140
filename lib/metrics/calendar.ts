import type { CalendarDate } from '@internationalized/date'
import { fromAbsolute, parseDate, toCalendarDate, toZoned } from '@internationalized/date'

/**
 * Calendar arithmetic in a zone. Instants are milliseconds since 1970 in UTC, dates YYYY-MM-DD; a day begins at its first
 * instant, which in a few zones is not midnight.
 */
export const TIME_UNITS = ['hour', 'day', 'week', 'month', 'quarter'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** First instant of a date in the zone. */
export const startOfDate = (date: string, tz: string): number => instantOf(parseDate(date), tz)
const instantOf = (date: CalendarDate, tz: string) => toZoned(date, tz).toDate().getTime()

/** The date of an instant in the zone. */
export const dateOf = (instant: number, tz: string): string => calendarDateOf(instant, tz).toString()
const calendarDateOf = (instant: number, tz: string) => toCalendarDate(fromAbsolute(instant, tz))

/** A date moved by days. */
export const addDays = (date: string, days: number): string => parseDate(date).add({ days }).toString()

/** Days from one date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)

/** The same time on the clock some days later or earlier; a time that the clock skips becomes the next that it shows. */
export const addDaysTo = (instant: number, days: number, tz: string): number =>
  fromAbsolute(instant, tz).add({ days }).toDate().getTime()

/** First date of the bucket that holds the date. Weeks begin on Monday. */
function startOfUnit(date: CalendarDate, unit: Exclude<TimeUnit, 'hour'>): CalendarDate {
  if (unit === 'day') return date
  if (unit === 'week') return date.subtract({ days: (date.toDate('UTC').getUTCDay() + 6) % 7 })
  return date.set({ day: 1, month: unit === 'month' ? date.month : date.month - ((date.month - 1) % 3) })
}

const STEP = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 }, quarter: { months: 3 } } as const

export interface Bucket {
  /** As in an answer: YYYY-MM-DD, for hours the instant in ISO 8601. */
  label: string
  /** [start, end), instants. */
  start: number
  end: number
}

/** First date of the bucket of a date. */
export const bucketOf = (date: string, unit: Exclude<TimeUnit, 'hour'>): string =>
  startOfUnit(parseDate(date), unit).toString()

/** The buckets from the one that holds the date `from` to the last that begins before `before`; at most `most`. */
export function buckets(unit: TimeUnit, from: string, before: number, tz: string, most: number): Bucket[] {
  return unit === 'hour' ? hours(from, before, tz, most) : days(unit, from, before, tz, most)
}

function days(unit: Exclude<TimeUnit, 'hour'>, from: string, before: number, tz: string, most: number): Bucket[] {
  const found: Bucket[] = []
  let date = startOfUnit(parseDate(from), unit)
  for (let start = instantOf(date, tz); start < before && found.length < most; ) {
    const next = date.add(STEP[unit])
    const end = instantOf(next, tz)
    found.push({ label: date.toString(), start, end })
    date = next
    start = end
  }
  return found
}

function hours(from: string, before: number, tz: string, most: number): Bucket[] {
  const found: Bucket[] = []
  for (let start = startOfDate(from, tz); start < before && found.length < most; ) {
    const clock = fromAbsolute(start, tz)
    const end = start + HOUR_MS - (clock.minute * 60_000 + clock.second * 1000)
    found.push({ label: new Date(start).toISOString(), start, end })
    start = end
  }
  return found
}

/** The five working days (Monday to Friday) that ended before the day of an instant, as [start, end) of instants. */
export function workingWeekBefore(instant: number, tz: string): { start: number; end: number } {
  let date = calendarDateOf(instant, tz)
  const end = instantOf(date, tz)
  for (let counted = 0; counted < 5; ) {
    date = date.subtract({ days: 1 })
    const weekday = date.toDate('UTC').getUTCDay()
    if (weekday !== 0 && weekday !== 6) counted++
  }
  return { start: instantOf(date, tz), end }
}

/** First instant of the month `months` after the one of an instant (negative: before). */
export const startOfMonthFrom = (instant: number, months: number, tz: string): number =>
  instantOf(calendarDateOf(instant, tz).set({ day: 1 }).add({ months }), tz)

/** Whether every UTC offset of the zone within [from, to] is a whole number of `minutes`. Offsets change by season. */
export function offsetsAreWhole(minutes: number, from: number, to: number, tz: string): boolean {
  const step = 7 * DAY_MS
  for (let at = from; ; at += step) {
    if (fromAbsolute(Math.min(at, to), tz).offset % (minutes * 60_000) !== 0) return false
    if (at >= to) return true
  }
}

/** The zone's own spelling of its name, or undefined when there is no such zone. */
export function zoneName(tz: string): string | undefined {
  if (!/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(tz)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Whether a text is a date that exists, YYYY-MM-DD, between 1970 and 2105 (what ClickHouse's days can hold, with room). */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1970-01-01' || text > '2105-01-01') return false
  const parsed = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}
