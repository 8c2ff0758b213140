import { divideHalfEven, toNumber } from '../money'
import type { RequestFacts } from './eligibility'

const DAY = 86_400_000

/** A sale as far as a return of it is judged by it. Amounts in 1/10,000 of its currency. */
export interface JudgedSale {
  readonly net: bigint
  readonly tax: bigint
  readonly quantity: number
  readonly channel: string
  readonly category: string
  readonly segment: string
  readonly country: string
  readonly finalSale: boolean
  readonly soldAt: Date
}

/** What one piece of a sale cost its buyer, tax included. */
export const pieceOf = ({ net, tax, quantity }: Pick<JudgedSale, 'net' | 'tax' | 'quantity'>): bigint =>
  divideHalfEven(net + tax, BigInt(Math.max(1, quantity)))

/** What a return of a sale is judged by at an instant. `price` is `pieceOf` in the reporting currency; undefined: no rate is known. */
export const requestFacts = (
  sale: JudgedSale,
  asked: { readonly reason: string; readonly returnType: string },
  at: Date,
  known: { readonly goodsClass: string; readonly price: bigint | undefined; readonly returns90d: number },
): RequestFacts => ({
  reason: asked.reason,
  returnType: asked.returnType,
  days: Math.max(0, Math.floor((at.getTime() - sale.soldAt.getTime()) / DAY)),
  channel: sale.channel,
  category: sale.category,
  segment: sale.segment,
  country: sale.country,
  goodsClass: known.goodsClass,
  finalSale: sale.finalSale,
  price: known.price === undefined ? undefined : toNumber(known.price),
  returns90d: known.returns90d,
})
