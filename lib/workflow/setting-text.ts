import { UserError } from '../errors'
import { parseAmount } from '../money'
import { SETTINGS, type SettingKey, type SettingValue } from './settings'

/** How a setting is written and read by a person: its value as text, and back. A text that cannot be read says what is wanted. */
interface Form<V> {
  readonly hint: string
  write(value: V): string
  /** Undefined for a text that is not of this form. */
  read(text: string): unknown
}

const list: Form<readonly string[]> = {
  hint: 'Names with commas between; a prefix ends in *.',
  write: (value) => (value.length === 0 ? 'none' : value.join(', ')),
  read: (text) =>
    text === 'none'
      ? []
      : text
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean),
}

const number: Form<number> = {
  hint: 'A number.',
  write: String,
  read: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
}

const rates: Form<SettingValue<'labor_rates'>> = {
  hint: 'Like "all 28, venlo 31 EUR": a facility, an amount an hour and, if it is another, its currency; all is every other facility.',
  write: (value) =>
    Object.entries(value)
      .map(([place, { per_hour, currency }]) =>
        [place === '*' ? 'all' : place, per_hour, currency].filter(Boolean).join(' '),
      )
      .join(', '),
  read: (text) => {
    const read = text.split(',').map((each) => {
      const [, place = '', per_hour = '', currency] =
        /^(\S+)\s+(\d+(?:\.\d{1,4})?)(?:\s+([A-Z]{3}))?$/.exec(each.trim()) ?? []
      return place === '' || parseAmount(per_hour) === undefined
        ? undefined
        : ([place === 'all' ? '*' : place, { per_hour, ...(currency ? { currency } : {}) }] as const)
    })
    const known = read.filter((each) => each !== undefined)
    return known.length < read.length ? undefined : Object.fromEntries(known)
  },
}

const FORMS: { readonly [K in SettingKey]: Form<SettingValue<K>> } = {
  managed_sources: list,
  wait_days: number,
  late_hours: number,
  backlog_days: number,
  abuse_returns: number,
  labor_rates: rates,
}

/** A setting's value as a person reads and writes it. */
export const settingText = <K extends SettingKey>(key: K, value: SettingValue<K>): string => FORMS[key].write(value)

/** What a person may write for it. */
export const settingHint = (key: SettingKey): string => FORMS[key].hint

/** Reads what a person wrote. Throws a UserError (400, invalid_value) that says what is wanted. */
export function readSetting<K extends SettingKey>(key: K, text: string): SettingValue<K> {
  const given = FORMS[key].read(text.trim())
  if (given === undefined)
    throw new UserError('invalid_value', `This cannot be read. Write: ${FORMS[key].hint}`, 400, 'value')
  const parsed = SETTINGS[key].safeParse(given)
  if (parsed.success) return parsed.data as SettingValue<K>
  const [issue] = parsed.error.issues
  throw new UserError('invalid_value', `${issue?.path.join('.') || 'The value'}: ${issue?.message}`, 400, 'value')
}
