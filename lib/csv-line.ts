/**
 * CSV as RFC 4180 has it, safe to open in a spreadsheet: text that a spreadsheet would run as a formula is made text by an
 * apostrophe, numbers stay numbers (plain digits, a point, a hyphen for minus), a byte order mark says UTF-8.
 */
export type CsvValue = string | number | null

export const CSV_START = '\ufeff'
export const CSV_TYPE = 'text/csv; charset=utf-8'

/** What Excel, LibreOffice and Google Sheets take for the beginning of a formula. */
const FORMULA = /^[\s\u00a0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const NUMBER = /^-?\d+(\.\d+)?$/
const QUOTED = /[",\r\n;\t]|^\s|\s$/

/** One field. A decimal string is a number; any other text that looks like a formula is defused. */
export function csvField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? plain(value) : ''
  if (NUMBER.test(value)) return value
  const safe = FORMULA.test(value) ? `'${value}` : value
  return QUOTED.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Without an exponent, which spreadsheets round. */
const plain = (value: number): string => {
  const text = String(value)
  if (!text.includes('e')) return text
  return Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '') : BigInt(value).toString()
}

/** One line, ended as the RFC says. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvField).join(',')}\r\n`
