import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDateTime, toZoned } from '@internationalized/date'
import { z } from 'zod'
import { UserError } from '../../../lib/errors'
import { parseAmount } from '../../../lib/money'
import type { Input } from '../../import/inputs'
import { rowsOf } from '../csv'

/** The shop and its clock: the invoice dates are local times of the United Kingdom. */
const ZONE = 'Europe/London'

/** One line of an invoice, as the file gives it. */
export interface InvoiceLine {
  readonly invoice: string
  /** Its number among the lines of its invoice, from 1. */
  readonly position: number
  /** Stock code in capitals: the file spells some codes both ways. */
  readonly sku: string
  readonly description: string
  readonly quantity: number
  /** Price of a piece, in 1/10,000 GBP. */
  readonly price: bigint
  /** RFC 3339, UTC. */
  readonly time: string
  /** Empty when the file names none. */
  readonly customer: string
  /** ISO 3166 code; empty when the file has no country. */
  readonly country: string
  /** An equal line of the same invoice came before. */
  readonly repeated: boolean
}

const list = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'))
const countries = z.record(z.string(), z.string().nullable()).parse(list('countries.json'))
const nonGoods = z
  .array(z.object({ code: z.string(), what: z.string() }))
  .parse(list('non-goods.json'))
  .map(({ code }) => code)
const exact = new Set(nonGoods)
const prefixes = nonGoods.filter((code) => code.endsWith('*')).map((code) => code.slice(0, -1))

/** Postage, fees, vouchers and the like: the stock codes of non-goods.json. */
export const isNonGoods = (sku: string): boolean => exact.has(sku) || prefixes.some((prefix) => sku.startsWith(prefix))

const COLUMNS = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

/** Reads the whole file, in its order. Throws a UserError that names the line for anything that is not as the file is known to be. */
export async function readInvoiceLines(input: Input, onRead: (bytes: number) => void): Promise<InvoiceLine[]> {
  const lines: InvoiceLine[] = []
  const read = lineReader()
  let number = 0
  for await (const record of rowsOf(input, onRead)) {
    number += 1
    if (number > 1) lines.push(read(record, number))
    else if (record.join() !== COLUMNS) throw wrong(1, `the columns are not ${COLUMNS}`)
  }
  return lines
}

const wrong = (line: number, what: string) => new UserError('mapping_input', `Line ${line}: ${what}`, 400, 'files')

function lineReader(): (record: string[], number: number) => InvoiceLine {
  const positions = new Map<string, number>()
  const times = new Map<string, string>()
  const seen = new Set<string>()
  let latest = ''
  return (record, number) => {
    const [invoice = '', code = '', description = '', quantity = '', date = '', price = '', customer = '', land = ''] =
      record
    const amount = parseAmount(price)
    const country = countries[land]
    if (record.length !== 8 || invoice === '' || code === '')
      throw wrong(number, 'not eight columns, or no invoice or code')
    if (!/^-?\d{1,9}$/.test(quantity) || amount === undefined) throw wrong(number, `"${quantity}" pieces at "${price}"`)
    if (country === undefined) throw wrong(number, `country "${land}" is not in countries.json`)
    if (!times.has(date)) times.set(date, utc(date, number))
    const position = (positions.get(invoice) ?? 0) + 1
    positions.set(invoice, position)
    if (invoice !== latest) seen.clear()
    latest = invoice
    const text = record.join('\u0000')
    const repeated = seen.has(text)
    seen.add(text)
    return {
      invoice,
      position,
      sku: code.toUpperCase(),
      description: description.trim(),
      quantity: Number(quantity),
      price: amount,
      time: times.get(date) ?? '',
      customer: customer.replace(/\.0$/, ''),
      country: country ?? '',
      repeated,
    }
  }
}

/** `2011-03-27 10:16:00` in London as an instant. An hour that occurs twice is taken as the first, one that is skipped as the one after. */
function utc(local: string, number: number): string {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(local)) throw wrong(number, `"${local}" is no date and time`)
  return toZoned(parseDateTime(local.replace(' ', 'T')), ZONE).toAbsoluteString()
}
