import { z } from 'zod'
import { parseAmount } from '../../lib/money'

/** The small vocabulary of the contract: every field of every event is one of these shapes. */
const BROKEN = /\p{Cs}/u

/** Whether a text has no control character and no half of a surrogate pair. By code unit: a pattern costs five times as much here. */
export function isPrintable(value: string): boolean {
  let surrogates = false
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return false
    if (unit >= 0xd800 && unit < 0xe000) surrogates = true
  }
  return !surrogates || !BROKEN.test(value)
}

/** An identifier: 1 to 128 characters, none of them a control character or half of a surrogate pair. */
export const id = z
  .string()
  .min(1)
  .max(128)
  .refine(isPrintable, 'has a control character or a broken character')
  .meta({ description: 'Identifier, 1 to 128 printable characters' })

/** A label such as a category, a campaign or a carrier. */
export const label = id.meta({ description: 'Label, 1 to 128 printable characters' })
export const note = z.string().max(4000).meta({ description: 'Free text, at most 4,000 characters' })

/**
 * Whether `parseAmount` reads a value, without making the amount. Up to twelve digits before the point need no more than a look at each
 * character; whatever else there is, `parseAmount` decides.
 */
export function isAmountValue(value: string | number): boolean {
  const text = typeof value === 'number' ? String(value) : value
  let at = text.charCodeAt(0) === MINUS ? 1 : 0
  const first = at
  while (isDigit(text.charCodeAt(at))) at++
  const whole = at - first
  if (whole === 0 || whole > 12) return parseAmount(value) !== undefined
  if (at === text.length) return true
  if (text.charCodeAt(at) !== POINT) return false
  const point = at++
  while (isDigit(text.charCodeAt(at))) at++
  return at === text.length && at - point >= 2 && at - point <= 5
}
const MINUS = 0x2d
const POINT = 0x2e
const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39
/** "-0" and "-0.00" are zero. */
const isNegative = (value: string) => /^-.*[1-9]/.test(value)

/** Main currency units: a decimal string or a JSON number with at most four decimals. */
export const amount = z
  .union([z.string(), z.number()])
  .refine(isAmountValue, 'is not an amount: use at most 4 decimals and 12 digits before')
  .meta({ description: 'Amount in main currency units: decimal string or number, at most 4 decimals' })

/** Never negative: what was paid, cost or credited. Signed amounts exist only where a field says so. */
export const positive = z
  .union([z.string(), z.number()])
  .refine((value) => {
    if (!isAmountValue(value)) return false
    return typeof value === 'number' ? value >= 0 : value.charCodeAt(0) !== MINUS || !isNegative(value)
  }, 'is not an amount of zero or more: use at most 4 decimals and 12 digits before')
  .meta({ description: 'Amount of zero or more in main currency units: decimal string or number, at most 4 decimals' })

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'is not an ISO 4217 code')
  .refine((code) => CURRENCIES.has(code), 'is not an ISO 4217 code')
  .meta({ description: 'ISO 4217 currency code' })

export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'is not an ISO 3166-1 alpha-2 code')
  .meta({ description: 'ISO 3166-1 alpha-2 country code' })

export const quantity = z.int().min(1).max(1_000_000_000)
export const count = z.int().min(0).max(1_000_000_000)
/** A signed difference of quantities; never zero. */
export const change = z
  .int()
  .min(-1_000_000_000)
  .max(1_000_000_000)
  .refine((value) => value !== 0, 'changes nothing: a difference is not zero')

/**
 * RFC 3339. Returns milliseconds since the epoch (finer digits cut off), or `undefined` for what is no instant between 1990 and 2100.
 * Read by hand: every event has at least one, and a pattern with `Date.parse` costs ten times as much.
 */
export function parseInstant(value: string): number | undefined {
  const { length } = value
  if (length < 20 || length > 35) return undefined
  const year = two(value, 0) * 100 + two(value, 2)
  const month = two(value, 5)
  const day = two(value, 8)
  const hour = two(value, 11)
  const minute = two(value, 14)
  const second = two(value, 17)
  // `two` gives NaN for what is not two digits, and no comparison with NaN holds.
  const inRange =
    year >= 1989 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  if (!inRange || !(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  const marks = value[4] === '-' && value[7] === '-' && value[10] === 'T' && value[13] === ':' && value[16] === ':'
  if (!marks) return undefined
  let at = 19
  let milliseconds = 0
  if (value[at] === '.') {
    const from = ++at
    for (; at < length; at++) {
      const digit = value.charCodeAt(at) - ZERO
      if (digit < 0 || digit > 9) break
      if (at - from < 3) milliseconds += digit * (PLACES[at - from] ?? 0)
    }
    if (at === from || at - from > 9) return undefined
  }
  const offset = offsetMinutes(value, at)
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offset * 60_000
  return instant >= MIN_INSTANT && instant < MAX_INSTANT ? instant : undefined
}
const MIN_INSTANT = Date.UTC(1990, 0, 1)
const MAX_INSTANT = Date.UTC(2100, 0, 1)
const ZERO = 0x30
const PLACES = [100, 10, 1]
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysInMonth = (year: number, month: number) =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (LENGTHS[month - 1] ?? 0)

/** Two decimal digits at a place, or NaN. */
function two(value: string, at: number): number {
  const tens = value.charCodeAt(at) - ZERO
  const ones = value.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** The zone that ends a time, in minutes east; NaN when it is none. */
function offsetMinutes(value: string, at: number): number {
  if (value[at] === 'Z') return value.length === at + 1 ? 0 : Number.NaN
  const sign = value[at] === '+' ? 1 : value[at] === '-' ? -1 : Number.NaN
  const hours = two(value, at + 1)
  const minutes = two(value, at + 4)
  const whole = value.length === at + 6 && value[at + 3] === ':' && hours <= 23 && minutes <= 59
  return whole ? sign * (hours * 60 + minutes) : Number.NaN
}

export const instant = z
  .string()
  .refine(
    (value) => parseInstant(value) !== undefined,
    'is not an RFC 3339 time with a zone, such as 2026-05-10T14:02:11Z',
  )
  .meta({ description: 'RFC 3339 time with a zone', format: 'date-time' })

export const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'is not a period, such as 2026-05')
