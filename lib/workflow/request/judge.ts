import { run, type Transaction } from '../../db/client'
import { statement } from '../../db/statement'
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
  const [table, routing, facts] = await Promise.all([
    activePolicy(tx, 'returns', at),
    activePolicy(tx, 'routing', at),
    factsOf(tx, line, asked, at),
  ])
  const judgement = judgeRequest(table.table, facts)
  const route = routeRequest(routing.table, { ...facts, shippedFrom: line.facility })
  return { ...judgement, version: table.version, facts, facility: route.facility, routingRow: route.row }
}

async function factsOf(tx: Transaction, line: OrderLineRow, asked: AskedLine, at: Date): Promise<RequestFacts> {
  const [goodsClass, price, returns90d] = await Promise.all([
    goodsClassOf(tx, line.sku),
    // Without a rate the price is not known: no row about prices decides, and a person does.
    inReportingCurrency(tx, pieceOf(line), line.currency, at).catch(() => undefined),
    returnsOf(tx, line.customerId, asked.rmaId ?? '', at),
  ])
  return requestFacts(line, asked, at, { goodsClass, price, returns90d })
}

const GOODS_CLASS = statement('SELECT goods_class AS class FROM product WHERE sku = $1')

async function goodsClassOf(tx: Transaction, sku: string): Promise<RequestFacts['goodsClass']> {
  const { rows } = await run<{ class: RequestFacts['goodsClass'] }>(tx, GOODS_CLASS, [sku])
  return rows[0]?.class ?? 'none'
}

const RETURNS = statement(`
  SELECT count(DISTINCT rma_id)::int AS n FROM return_unit
  WHERE customer_id = $1 AND requested_at >= $2 AND requested_at <= $3 AND status <> 'cancelled' AND rma_id <> $4`)

/** Other returns of a customer in the ninety days up to an instant. */
async function returnsOf(tx: Transaction, customerId: string, rmaId: string, at: Date): Promise<number> {
  if (customerId === '') return 0
  const since = new Date(at.getTime() - 90 * DAY)
  const { rows } = await run<{ n: number }>(tx, RETURNS, [customerId, since, at, rmaId])
  return rows[0]?.n ?? 0
}

const RETURNED = statement(`
  SELECT coalesce(sum(quantity), 0)::int AS n FROM return_unit
  WHERE order_line_id = $1 AND split_at IS NULL AND status NOT IN ('cancelled', 'lost')`)

/** Pieces of an order line that are in returns already: rejected, cancelled and lost ones are not. */
export async function returnedOf(tx: Transaction, orderLineId: string): Promise<number> {
  const { rows } = await run<{ n: number }>(tx, RETURNED, [orderLineId])
  return rows[0]?.n ?? 0
}
