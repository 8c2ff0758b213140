/** Instants are milliseconds since the epoch, days are whole UTC days since the epoch. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const dayOf = (at: number): number => Math.floor(at / DAY)
/** 0 = Sunday … 6 = Saturday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7
/** `2026-05-10T14:02:11.000Z`; what `Date.toISOString` gives, in a fifth of its time. */
export function iso(at: number): string {
  const day = Math.floor(at / DAY)
  let date = dates.get(day)
  if (date === undefined) {
    date = new Date(day * DAY).toISOString().slice(0, 11)
    dates.set(day, date)
  }
  const rest = Math.floor(at - day * DAY)
  const ms = rest % 1000
  const tail = ms > 99 ? `.${ms}Z` : ms > 9 ? `.0${ms}Z` : `.00${ms}Z`
  return date + two(rest / HOUR) + COLON[Math.floor(rest / MINUTE) % 60] + COLON[Math.floor(rest / SECOND) % 60] + tail
}
const dates = new Map<number, string>()
const DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
const COLON = DIGITS.map((digits) => `:${digits}`)
const two = (number: number): string => DIGITS[Math.floor(number)] ?? '00'
/** `2026-05-10`. */
export const dateText = (day: number): string => iso(day * DAY).slice(0, 10)
/** `260510`, as document numbers carry it. */
export const shortDate = (day: number): string => dateText(day).replaceAll('-', '').slice(2)
/** `2026-05`, the posting period of an instant. */
export const periodOf = (at: number): string => iso(at).slice(0, 7)

/** A time zone's offset from UTC, looked up once a day: enough for people who work by day. */
export class Zone {
  private readonly offsets = new Map<number, number>()
  private readonly format: Intl.DateTimeFormat
  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  }

  /** Milliseconds that local time is ahead of UTC at noon (UTC) of the instant's day. */
  offset(at: number): number {
    const day = dayOf(at)
    const known = this.offsets.get(day)
    if (known !== undefined) return known
    const text = this.format.formatToParts(day * DAY + 12 * HOUR).find((part) => part.type === 'timeZoneName')?.value
    const match = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text ?? '')
    const size = Number(match?.[2] ?? 0) * HOUR + Number(match?.[3] ?? 0) * MINUTE
    const offset = match?.[1] === '-' ? -size : size
    this.offsets.set(day, offset)
    return offset
  }
}

/** How much is sold in a month against an even year: a weak February, a strong autumn, the holidays. */
const MONTHS = [0.93, 0.85, 0.94, 0.99, 1, 0.95, 0.9, 0.91, 1.03, 1.06, 1.18, 1.1]
/** Shipments by weekday, Sunday first: what was ordered at the weekend leaves on Monday. */
const WEEKDAYS = [0.28, 1.5, 1.16, 1.08, 1.06, 1.1, 0.56]
const YEARLY_GROWTH = 0.12

/** Friday of Black Friday's week: the day after the fourth Thursday of November. */
function blackFriday(year: number): number {
  const first = dayOf(Date.UTC(year, 10, 1))
  return first + ((4 - weekdayOf(first) + 7) % 7) + 22
}

/** Relative demand of a day: month, holidays, weekday, growth towards `today`. */
export function demand(day: number, today: number): number {
  const date = new Date(day * DAY)
  const month = date.getUTCMonth()
  const year = date.getUTCFullYear()
  let factor = (MONTHS[month] ?? 1) * (WEEKDAYS[weekdayOf(day)] ?? 1)
  const fromBlackFriday = day - blackFriday(year)
  if (fromBlackFriday >= -4 && fromBlackFriday <= 4) factor *= 1.75
  if (month === 11) factor *= date.getUTCDate() <= 19 ? 1.3 : date.getUTCDate() <= 23 ? 0.9 : 0.42
  return factor * (1 + (YEARLY_GROWTH * (day - today)) / 365)
}

export const isHolidaySeason = (day: number): boolean => {
  const date = new Date(day * DAY)
  return (
    (date.getUTCMonth() === 10 && date.getUTCDate() >= 15) || (date.getUTCMonth() === 11 && date.getUTCDate() <= 24)
  )
}
export const isJanuary = (at: number): boolean => new Date(at).getUTCMonth() === 0

/** Share of a day's orders by local hour, as the warehouses hand them to carriers. */
export const SHIPPING_HOURS = [0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 8, 8, 6, 8, 9, 9, 9, 8, 6, 4, 2, 1, 0, 0]
/** Share of a day's return requests by local hour: lunch, and the evening at home. */
export const REQUEST_HOURS = [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 2, 4, 5, 6, 6, 7, 6, 5, 5, 5, 6, 7, 9, 10, 9, 6, 3]
