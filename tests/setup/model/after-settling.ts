import { expect } from 'vitest'
import type { AnyEvent } from '../../../ingest/contract/event'
import { withTransaction } from '../../../lib/db/client'
import { takeShipped } from '../../../lib/workflow/exchange/shipped'
import { record } from '../../../lib/workflow/record/record'
import { attempt, type Model, type Person, rows } from './model'

/** What follows from a settlement: credit that is spent, a replacement that the shop sends, or that is not to be had. */
export async function afterSettling(
  model: Model,
  person: Person,
  kind: 'spend' | 'ship' | 'unexchange',
  size: number,
): Promise<void> {
  const order = `O-${model.order}`
  if (kind === 'spend') {
    const [issued] = await rows<{ n: string | null }>(
      "SELECT sum(amount)::text AS n FROM settlement WHERE order_id = $1 AND kind = 'store_credit' AND state = 'paid'",
      order,
    )
    const { code } = await attempt(model, person, 'store_credit.spend', {
      ...{ customerId: `C-${model.order}`, currency: 'EUR', orderId: crypto.randomUUID(), amount: `${size * 5}.00` },
    })
    if (issued?.n == null) expect(code).toBe('not_found')
    else if (size * 500 > Number(issued.n) / 100 - model.spent) expect(code).toBe('store_credit_short')
    else {
      expect(code).toBeUndefined()
      model.spent += size * 500
    }
    return
  }
  const [goods] = await rows<{ id: string; state: string; reference: string; settled: string }>(
    `SELECT s.id, s.state AS settled, r.state, r.reference FROM replacement r JOIN settlement s ON s.id = r.settlement_id
     WHERE s.order_id = $1 ORDER BY r.state = 'ordered' DESC, r.reserved_at DESC LIMIT 1`,
    order,
  )
  if (!goods) return
  if (kind === 'ship') {
    if (goods.state !== 'ordered') return
    await ship(model, goods.reference)
    expect(await rows('SELECT state FROM replacement WHERE settlement_id = $1', goods.id)).toEqual([
      { state: 'shipped' },
    ])
    return
  }
  const possible =
    ['reserved', 'ordered'].includes(goods.state) && ['proposed', 'approved', 'failed'].includes(goods.settled)
  const { code, result } = await attempt(model, person, 'exchange.cancel', {
    settlementId: goods.id,
    reason: 'sold out',
  })
  expect(code === undefined, `cancel of a replacement: ${code}`).toBe(possible)
  if (!possible) return
  expect(
    await rows(
      'SELECT r.state, s.state AS settled FROM replacement r JOIN settlement s ON s.id = r.settlement_id WHERE s.id = $1',
      goods.id,
    ),
  ).toEqual([{ state: 'cancelled', settled: 'rejected' }])
  if (result?.refundId)
    expect(await rows('SELECT kind FROM settlement WHERE id = $1', result.refundId)).toEqual([{ kind: 'refund' }])
}

/** The shop sends a replacement, told twice. */
async function ship(model: Model, reference: string): Promise<void> {
  const source = '/shop/test'
  const event: AnyEvent = {
    ...{ specversion: '1.0', id: `${reference}/sale`, source, type: 'sale.shipped.v1', time: new Date().toISOString() },
    data: {
      ...{ order_id: reference, order_line_id: `${reference}/1`, sku: model.sku, quantity: 1, net_amount: '0' },
      ...{ currency: 'EUR', channel: 'dtc', customer_id: `C-${model.order}` },
    },
  }
  const doer = { kind: 'source' as const, id: source, name: source, roles: [] }
  for (let time = 0; time < 2; time += 1)
    await withTransaction(async (tx) => {
      const at = new Date()
      await record(tx, { events: [event], doer, at })
      await takeShipped(tx, [event], doer, at)
    })
}
