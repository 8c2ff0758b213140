import { z } from 'zod'
import { parseAmount } from '../../lib/money'

/** The small vocabulary of the contract: every field of every event is one of these shapes. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u

/** An identifier: 1 to 128 characters, none of them a control character or half of a surrogate pair. */
export const id = z
  .string()
  .min(1)
  .max(128)
  .refine((value) => !UNPRINTABLE.test(value), 'has a control character or a broken character')
  .meta({ description: 'Identifier, 1 to 128 printable characters' })

/** A label such as a category, a campaign or a carrier. */
export const label = id.meta({ description: 'Label, 1 to 128 printable characters' })
export const note = z.string().max(4000).meta({ description: 'Free text, at most 4,000 characters' })

/** Main currency units: a decimal string or a JSON number with at most four decimals. */
export const amount = z
  .union([z.string(), z.number()])
  .refine((value) => parseAmount(value) !== undefined, 'is not an amount: use at most 4 decimals and 12 digits before')
  .meta({ description: 'Amount in main currency units: decimal string or number, at most 4 decimals' })

/** Never negative: what was paid, cost or credited. Signed amounts exist only where a field says so. */
export const positive = z
  .union([z.string(), z.number()])
  .refine((value) => {
    const read = parseAmount(value)
    return read !== undefined && read >= 0n
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

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** RFC 3339. Returns milliseconds since the epoch, or `undefined` for what is no instant between 1990 and 2100. */
export function parseInstant(value: string): number | undefined {
  const match = INSTANT.exec(value)
  if (!match) return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at) || at < MIN_INSTANT || at >= MAX_INSTANT) return undefined
  const day = Number(match[3])
  return day <= daysInMonth(Number(match[1]), Number(match[2])) ? at : undefined
}
const MIN_INSTANT = Date.UTC(1990, 0, 1)
const MAX_INSTANT = Date.UTC(2100, 0, 1)
const daysInMonth = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

export const instant = z
  .string()
  .refine(
    (value) => parseInstant(value) !== undefined,
    'is not an RFC 3339 time with a zone, such as 2026-05-10T14:02:11Z',
  )
  .meta({ description: 'RFC 3339 time with a zone', format: 'date-time' })

export const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'is not a period, such as 2026-05')
