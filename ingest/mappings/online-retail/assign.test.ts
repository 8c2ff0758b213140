import { expect, test } from 'vitest'
import { parseAmount } from '../../../lib/money'
import { accountOf, printAccount } from './account'
import { assign } from './assign'
import { eventsOf } from './mapping'
import type { InvoiceLine } from './source'

/** `invoice sku quantity price day[:hour] [customer]`, one line of the file each. */
function fileOf(...texts: string[]): InvoiceLine[] {
  return texts.map((text, place) => {
    const [invoice = '', sku = '', quantity = '', price = '', when = '', customer = ''] = text.split(' ')
    const [day = '', hour = '12'] = when.split(':')
    return {
      invoice,
      position: texts.slice(0, place + 1).filter((each) => each.startsWith(`${invoice} `)).length,
      sku,
      description: '',
      quantity: Number(quantity),
      price: parseAmount(price) ?? 0n,
      time: `2011-05-${day.padStart(2, '0')}T${hour.padStart(2, '0')}:00:00Z`,
      customer,
      country: 'GB',
      repeated: false,
    }
  })
}

const told = (lines: InvoiceLine[]) =>
  [...eventsOf(lines, assign(lines))]
    .filter(({ type }) => type === 'return.requested.v1' || type === 'sale.shipped.v1')
    .map(({ type, id, voided, data }) => {
      const { order_line_id, quantity } = { order_line_id: '', quantity: 0, ...data }
      return `${type === 'sale.shipped.v1' ? 'sale' : 'return'} ${id.split(':').slice(1).join(':')} of ${order_line_id} ×${quantity}${voided ? ' void' : ''}`
    })

test('a credit note belongs to the most recent earlier purchase of which enough is left', () => {
  const lines = fileOf('1 A 5 2.00 1 c', '2 A 9 2.00 2 c', '3 A 4 2.00 3 c', 'C4 A -5 2.00 9 c', 'C5 A -5 2.00 10 c')
  expect(told(lines).slice(3)).toEqual(['return C4:1:1 of OR-2-1 ×5', 'return C5:1:1 of OR-1-1 ×5'])
})

test('where no purchase has enough left it takes what is left of each, newest first; the rest is a return without a sale', () => {
  const lines = fileOf('1 A 5 2.00 1 c', '2 A 3 2.00 2 c', 'C3 A -10 2.00 9 c')
  expect(told(lines).slice(2)).toEqual([
    'return C3:1:1 of OR-2-1 ×3',
    'return C3:1:2 of OR-1-1 ×5',
    'return C3:1:3 of unmatched:C3:1 ×2',
  ])
  expect(assign(lines).fates).toEqual(['sold', 'sold', 'returned_in_part'])
})

test('other customers, other items and later purchases are not taken', () => {
  const lines = fileOf(
    '1 A 5 2.00 1 d',
    '1 K 5 2.00 1 c',
    'C2 A -1 2.00 9 c',
    '3 A 5 2.00 20 c',
    'C4 A -1 2.00 9',
    '5 A 5 2.00 9',
  )
  expect(assign(lines).fates).toEqual(['sold', 'sold', 'unmatched', 'sold', 'unmatched_anonymous', 'sold'])
})

test('a credit within 24 hours corrects the sale: a revision with what is left, voided when nothing is', () => {
  const lines = fileOf(
    '1 A 5 2.00 1:10 c',
    'C2 A -2 2.00 1:11 c',
    'C3 A -3 2.00 2:10 c',
    '4 K 5 2.00 1:10 c',
    'C5 K -5 2.00 2:11 c',
  )
  expect(told(lines)).toEqual([
    'sale 1:1 of OR-1-1 ×5',
    'sale 1:1 of OR-1-1 ×3',
    'sale 1:1 of OR-1-1 ×5 void',
    'sale 4:1 of OR-4-1 ×5',
    'return C5:1:1 of OR-4-1 ×5',
  ])
  expect(assign(lines).fates).toEqual(['cancelled', 'correction', 'correction', 'sold', 'returned'])
})

test('every other line has its fate too', () => {
  const lines = fileOf(
    '1 POST 1 18.00 1 c',
    'C2 M -1 5.00 1 c',
    '3 A -7 0 1',
    '4 A 7 0 1',
    '5 A 1 0 1 c',
    '6 A 1 0 1',
    '6 K 1 2.00 1',
    'A7 K 1 -9.00 1',
    '8 GIFT_0001_20 1 20.00 1',
    '9 M 1 0 1',
  )
  expect(assign(lines).fates).toEqual([
    'sold_non_goods',
    'credited_non_goods',
    'removed',
    'found',
    'free',
    'free',
    'sold',
    'other_non_goods',
    'sold_non_goods',
    'other_non_goods',
  ])
})

test('the account sums to the lines of the file and says what is in Backhaul', () => {
  const lines = fileOf('1 A 5 2.00 1:10 c', 'C2 A -2 1.50 1:11 c', 'C3 A -4 2.00 9 c', '4 K -3 0 9')
  const account = accountOf(lines, assign(lines))
  expect(Object.values(account.fates).reduce((sum, fate) => sum + fate.lines, 0)).toBe(4)
  expect(account).toMatchObject({
    sales: { lines: 1, units: 3, value: '6.0000' },
    corrections: { lines: 1, units: 2, value: '3.0000' },
    returns: { lines: 1, units: 3, value: '6.0000' },
    returnsWithoutSale: { lines: 1, units: 1, value: '2.0000' },
  })
  expect(printAccount(account)).toContain('All lines of the file')
})
