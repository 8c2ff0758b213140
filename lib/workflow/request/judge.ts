import { and, eq, gte, lte, ne, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { product, returnUnit } from '../../db/schema'
import { type Judgement, judgeRequest, type RequestFacts, routeRequest } from '../../returns/eligibility'
import { pieceOf, requestFacts } from '../../returns/request-facts'
import { inReportingCurrency } from '../disposition/proposal'
import { activePolicy } from '../policies'
import type { OrderLineRow } from '../record/types'

const DAY = 86_400_000

/** What is asked for, of one order line. */
export interface AskedLine {
  readonly reason: string
  readonly returnType: string
  /** The return itself, where it has a number already: it is not among the customer's others. */
  readonly rmaId?: string
}

/** A judgement with the version of the table that made it, and where the goods go. */
export interface JudgedLine extends Judgement {
  readonly version: number
  readonly facts: RequestFacts
  readonly facility: string
  readonly routingRow: string
}

/** Judges a return of an order line at an instant, by the policy in force then. Used by the command, its preview, and automation. */
export async function judgeLine(tx: Transaction, line: OrderLineRow, asked: AskedLine, at: Date): Promise<JudgedLine> {
  const table = await activePolicy(tx, 'returns', at)
  const routing = await activePolicy(tx, 'routing', at)
  const facts = await factsOf(tx, line, asked, at)
  const judgement = judgeRequest(table.table, facts)
  const route = routeRequest(routing.table, { ...facts, shippedFrom: line.facility })
  return { ...judgement, version: table.version, facts, facility: route.facility, routingRow: route.row }
}

async function factsOf(tx: Transaction, line: OrderLineRow, asked: AskedLine, at: Date): Promise<RequestFacts> {
  const [item] = await tx.select({ goodsClass: product.goodsClass }).from(product).where(eq(product.sku, line.sku))
  return requestFacts(line, asked, at, {
    goodsClass: item?.goodsClass ?? 'none',
    // Without a rate the price is not known: no row about prices decides, and a person does.
    price: await inReportingCurrency(tx, pieceOf(line), line.currency, at).catch(() => undefined),
    returns90d: await returnsOf(tx, line.customerId, asked.rmaId ?? '', at),
  })
}

/** Other returns of a customer in the ninety days up to an instant. */
async function returnsOf(tx: Transaction, customerId: string, rmaId: string, at: Date): Promise<number> {
  if (customerId === '') return 0
  const [row] = await tx
    .select({ n: sql<number>`count(DISTINCT ${returnUnit.rmaId})::int` })
    .from(returnUnit)
    .where(
      and(
        eq(returnUnit.customerId, customerId),
        gte(returnUnit.requestedAt, new Date(at.getTime() - 90 * DAY)),
        lte(returnUnit.requestedAt, at),
        ne(returnUnit.status, 'cancelled'),
        ne(returnUnit.rmaId, rmaId),
      ),
    )
  return row?.n ?? 0
}

/** Pieces of an order line that are in returns already: rejected, cancelled and lost ones are not. */
export async function returnedOf(tx: Transaction, orderLineId: string): Promise<number> {
  const [row] = await tx
    .select({ n: sql<number>`coalesce(sum(${returnUnit.quantity}), 0)::int` })
    .from(returnUnit)
    .where(
      sql`${returnUnit.orderLineId} = ${orderLineId} AND ${returnUnit.splitAt} IS NULL AND ${returnUnit.status} NOT IN ('cancelled', 'lost')`,
    )
  return row?.n ?? 0
}
