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

/**
 * A whole export as a stream: head lines (name and value), an empty line, column names, rows. `rows` gives them in pages.
 * An export is complete or fails aloud: when the count is not what the head says, the stream breaks off with an error.
 */
export function csvStream(options: {
  head: readonly [string, CsvValue][]
  columns: readonly string[]
  count: number
  rows: AsyncIterable<readonly (readonly CsvValue[])[]>
}): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const pages = options.rows[Symbol.asyncIterator]()
  let written = 0
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const lines = [...options.head.map((line) => csvLine(line)), '\r\n', csvLine(options.columns)]
      controller.enqueue(encoder.encode(CSV_START + lines.join('')))
    },
    async pull(controller) {
      const page = await pages.next()
      if (!page.done) {
        written += page.value.length
        controller.enqueue(encoder.encode(page.value.map(csvLine).join('')))
        return
      }
      if (written === options.count) return controller.close()
      controller.error(new Error(`An export of ${options.count} rows broke off after ${written}`))
    },
    async cancel() {
      await pages.return?.()
    },
  })
}
