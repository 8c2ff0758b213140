import type { InvoiceLine } from './source'
import { isNonGoods } from './source'

/** What can become of a line of the file. Each line has exactly one of these; their order is that of the printed account. */
export const FATE_NAMES = [
  'sold',
  'reduced',
  'cancelled',
  'sold_non_goods',
  'returned',
  'returned_in_part',
  'unmatched',
  'unmatched_anonymous',
  'correction',
  'correction_and_return',
  'credited_non_goods',
  'removed',
  'found',
  'free',
  'other_non_goods',
] as const
export type Fate = (typeof FATE_NAMES)[number]

export const FATES: Readonly<Record<Fate, string>> = {
  sold: 'sold',
  reduced: 'sold, a part of it cancelled within 24 h',
  cancelled: 'sold, all of it cancelled within 24 h: no sale',
  sold_non_goods: 'no goods (non-goods.json): set aside',
  returned: 'return matched to earlier purchases',
  returned_in_part: 'return matched in part, the rest without a sale',
  unmatched: 'return without a sale: the customer has none left to match',
  unmatched_anonymous: 'return without a sale: no customer given',
  correction: 'order correction within 24 h: reduces its sale',
  correction_and_return: 'part order correction, part return',
  credited_non_goods: 'no goods (non-goods.json): set aside',
  removed: 'stock adjustment, taken away',
  found: 'stock adjustment, added: price zero, no customer, no order',
  free: 'free of charge, in an order or for a customer: no sale',
  other_non_goods: 'no goods, at price zero or below: set aside',
}

/** The three kinds of lines, by what the file itself shows: the figures to check against are sums of these. */
export const GROUPS = {
  'Sales lines (quantity and price above zero)': ['sold', 'reduced', 'cancelled', 'sold_non_goods'],
  'Credit lines (invoice number begins with C)': [
    'returned',
    'returned_in_part',
    'unmatched',
    'unmatched_anonymous',
    'correction',
    'correction_and_return',
    'credited_non_goods',
  ],
  'Other lines': ['removed', 'found', 'free', 'other_non_goods'],
} as const satisfies Record<string, readonly Fate[]>

/** The kind of a line before anything is matched. `orders`: invoices with a priced line. */
export function kindOf(
  line: InvoiceLine,
  orders: ReadonlySet<string>,
):
  | 'sale'
  | 'credit'
  | Extract<Fate, 'sold_non_goods' | 'credited_non_goods' | 'removed' | 'found' | 'free' | 'other_non_goods'> {
  const nonGoods = isNonGoods(line.sku)
  if (line.invoice.startsWith('C')) return nonGoods ? 'credited_non_goods' : 'credit'
  if (line.quantity < 0) return 'removed'
  if (line.price > 0n) return nonGoods ? 'sold_non_goods' : 'sale'
  if (nonGoods || line.price < 0n) return 'other_non_goods'
  return line.customer === '' && !orders.has(line.invoice) ? 'found' : 'free'
}
