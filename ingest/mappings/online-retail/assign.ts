import { type Fate, kindOf } from './fates'
import { Purchases, type Share } from './purchases'
import type { InvoiceLine } from './source'

/** An order that is taken back so soon was a mistake of ordering, not a return. */
const CORRECTION_MS = 24 * 3_600_000

/** What a credit line is about. */
export interface Credit {
  /** Parts of purchases not older than 24 h: those sales are reduced. */
  readonly corrections: readonly Share[]
  /** Parts of older purchases: each is a return unit. */
  readonly returns: readonly Share[]
  /** Pieces without a purchase: a return unit without a sale, when not 0. */
  readonly rest: number
}

/** One fate for each line of the file, in its order, and what the credit lines among them are about. */
export interface Assigned {
  readonly fates: readonly Fate[]
  /** By the credit line's place in the file. */
  readonly credits: ReadonlyMap<number, Credit>
  /** Pieces of a sale line that were cancelled within 24 h, by its place in the file. */
  readonly cancelled: ReadonlyMap<number, number>
}

/** Gives every line its fate. Looks back only, so the file's order (which is that of time) decides. */
export function assign(lines: readonly InvoiceLine[]): Assigned {
  const orders = new Set(lines.filter(({ price }) => price !== 0n).map(({ invoice }) => invoice))
  const purchases = new Purchases()
  const fates: Fate[] = []
  const credits = new Map<number, Credit>()
  const cancelled = new Map<number, number>()
  for (const [place, line] of lines.entries()) {
    const kind = kindOf(line, orders)
    if (kind === 'sale') {
      if (line.customer)
        purchases.add(line.customer, line.sku, { line: place, at: Date.parse(line.time), left: line.quantity })
      fates.push('sold')
    } else if (kind === 'credit') {
      const credit = creditOf(line, purchases)
      credits.set(place, credit)
      for (const { purchase, quantity } of credit.corrections) {
        cancelled.set(purchase.line, (cancelled.get(purchase.line) ?? 0) + quantity)
      }
      fates.push(fateOf(line, credit))
    } else {
      fates.push(kind)
    }
  }
  for (const [place, quantity] of cancelled)
    fates[place] = quantity === lines[place]?.quantity ? 'cancelled' : 'reduced'
  return { fates, credits, cancelled }
}

function creditOf(line: InvoiceLine, purchases: Purchases): Credit {
  if (!line.customer) return { corrections: [], returns: [], rest: -line.quantity }
  const { shares, rest } = purchases.take(line.customer, line.sku, -line.quantity)
  const at = Date.parse(line.time)
  const isCorrection = ({ purchase }: Share) => at - purchase.at <= CORRECTION_MS
  return { corrections: shares.filter(isCorrection), returns: shares.filter((share) => !isCorrection(share)), rest }
}

function fateOf(line: InvoiceLine, { corrections, returns, rest }: Credit): Fate {
  if (corrections.length > 0) return returns.length > 0 || rest > 0 ? 'correction_and_return' : 'correction'
  if (returns.length > 0) return rest > 0 ? 'returned_in_part' : 'returned'
  return line.customer ? 'unmatched' : 'unmatched_anonymous'
}
