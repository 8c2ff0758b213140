import type { AnyEvent } from '../../ingest/contract/event'
import { decideRequests } from '../../ingest/projector/reactions/decide-requests'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { pool, withTransaction } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { record } from '../../lib/workflow/record/record'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested } from '../../lib/workflow/request/request'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { openFacility, somebody, tell } from './cases'

export const DAY = 86_400_000
export const ines = somebody('ines', ['cs_agent'])
export const jo = somebody('jo', ['receiver'])
export const aga = somebody('aga', ['inspector'])
export const ruben = somebody('ruben', ['disposition_lead'])
export const maya = somebody('maya', ['refund_approver_l1'])
export const hugo = somebody('hugo', ['compliance_officer'])
export const farah = somebody('farah', ['controller'])
export const greta = somebody('greta', ['auditor'])
export const american = somebody('amy', ['controller'], { ...EVERYTHING, entities: ['acme-us'] })

export const run = async <Result>(actor: Actor, name: string, input: unknown): Promise<Result> => {
  const command = commandNamed(name)
  if (!command) throw new Error(name)
  return (await execute(actor, command, input)).result as Result
}
export const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
export const rows = async (sql: string, ...values: unknown[]) => (await pool().query(sql, values)).rows

interface Sale {
  readonly quantity?: number
  readonly net?: string
  readonly tax?: string
  readonly currency?: string
  readonly channel?: string
  readonly entity?: string
  readonly customer?: string
  readonly daysAgo?: number
  readonly finding?: string
}

export const event = (type: string, id: string, at: Date, subject: string, data: Record<string, unknown>): AnyEvent =>
  ({ specversion: '1.0', id, source: '/shop/test', type, time: at.toISOString(), subject, data }) as AnyEvent

export async function sold(id: string, sale: Sale = {}): Promise<void> {
  await tell([
    event('sale.shipped.v1', `${id}/sale`, new Date(Date.now() - (sale.daysAgo ?? 10) * DAY), id, {
      ...{ order_id: `O-${id}`, order_line_id: id, sku: `S-${id}`, quantity: sale.quantity ?? 1 },
      ...{ net_amount: sale.net ?? '100.00', tax_amount: sale.tax ?? '19.00', currency: sale.currency ?? 'EUR' },
      ...{ channel: sale.channel ?? 'dtc', category: 'apparel', unit_cost: '20', entity: sale.entity ?? 'acme-eu' },
      ...{ customer_id: sale.customer ?? `C-${id}`, supplier_id: 'SUP', facility: 'venlo' },
    }),
  ])
}
/** A return of whole lines of one order, asked for here. */
export const ask = (ids: readonly string[], quantity = 1, reason = 'too_small'): Promise<Requested> =>
  run(ines, 'return.request', {
    orderId: `O-${ids[0]}`,
    lines: ids.map((orderLineId) => ({ orderLineId, quantity, reason })),
  })
export const receive = (unitId: string) => run(jo, 'unit.receive', { unitId, facility: 'venlo' })
export const inspect = (unitId: string, condition: string, finding = 'used') =>
  run<{ proposal: { disposition: string; row: string } }>(aga, 'unit.inspect', {
    ...{ unitId, condition, finding, checklist: { tags: true, clean: true } },
  })
export const dispose = (unitId: string, disposition: string) => run(ruben, 'unit.dispose', { unitId, disposition })

/** Returns of many kinds, asked for and worked on here: the past that versions are tried on. */
export async function workedPast(): Promise<void> {
  await openFacility()
  await openFacility('lodz', 'Europe/Warsaw')
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ('SUP', 'Supplier', 'DE', 0.8, 60, 'EUR')`,
  )
  await pool().query(
    `INSERT INTO fx_rate (currency, day, rate, source) VALUES ('USD', '2020-01-01', 0.9123456789, 'test'), ('USD', '2090-01-01', 2, 'test')`,
  )
  // Two of an odd amount: the cents of a line are shared among its pieces.
  await sold('two', { quantity: 2, net: '33.33', tax: '6.34' })
  const two = await ask(['two'], 2)
  for (const unit of two.units) await receive(unit)
  // Late: a person decides, a tenth and the label are kept, paid after a look, which finds it damaged.
  await sold('late', { daysAgo: 40, net: '80.00', tax: '15.20' })
  const late = await ask(['late'])
  await run(ines, 'return.authorize', { rmaId: late.rmaId })
  await receive(late.units[0] ?? '')
  const seen = await inspect(late.units[0] ?? '', 'D')
  await dispose(late.units[0] ?? '', seen.proposal.disposition)
  // In dollars, and expensive by the rate of the day.
  await sold('usd', { currency: 'USD', net: '549.00', tax: '0', entity: 'acme-us' })
  await ask(['usd'])
  // One line of a case that a person must look at makes the other wait with it.
  await sold('mixed')
  await tell([
    event('sale.shipped.v1', 'mixed2/sale', new Date(Date.now() - 10 * DAY), 'mixed2', {
      ...{ order_id: 'O-mixed', order_line_id: 'mixed2', sku: 'S-2', quantity: 1, net_amount: '700', tax_amount: '0' },
      ...{ currency: 'EUR', channel: 'dtc', category: 'apparel', unit_cost: '20', entity: 'acme-eu' },
      ...{ customer_id: 'C-mixed', facility: 'venlo' },
    }),
  ])
  await ask(['mixed', 'mixed2'])
  // Trade customers send cartons and pay for putting them back.
  await sold('carton', { quantity: 6, net: '600.00', tax: '0', channel: 'wholesale', entity: 'acme-us' })
  const carton = await ask(['carton'], 6, 'changed_mind')
  await run(ines, 'return.authorize', { rmaId: carton.rmaId })
  await run(jo, 'unit.receive', { unitId: carton.units[0], facility: 'venlo', quantity: 6 })
  const cartonSeen = await inspect(carton.units[0] ?? '', 'C')
  await dispose(carton.units[0] ?? '', cartonSeen.proposal.disposition)
  // The thirteenth return of somebody within ninety days is looked at; the twelfth was not.
  for (let n = 0; n < 14; n += 1) {
    await sold(`many${n}`, { customer: 'C-many', net: '10.00', tax: '0' })
    await ask([`many${n}`])
  }
  // The same by a shop's event: eleven before it, and itself, which does not count.
  for (let n = 0; n < 11; n += 1) {
    await sold(`shop${n}`, { customer: 'C-shop', net: '10.00', tax: '0' })
    await ask([`shop${n}`])
  }
  await sold('shop', { customer: 'C-shop', net: '10.00', tax: '0' })
  const asked = event('return.requested.v1', 'shop/request', new Date(), 'R-shop-1', {
    ...{ unit_id: 'R-shop-1', rma_id: 'R-shop', order_id: 'O-shop', order_line_id: 'shop', sku: 'S-shop' },
    ...{ quantity: 1, reason_code: 'too_small', currency: 'EUR' },
  })
  await withTransaction(async (tx) => {
    const at = new Date()
    const source = { kind: 'source' as const, id: '/shop/test', name: '/shop/test', roles: [] }
    await decideRequests(tx, [asked], await record(tx, { events: [asked], doer: source, at }), at)
  })
  // Recalled goods are kept apart first: a second decision begins where the first left it.
  await sold('defect')
  const defect = await ask(['defect'], 1, 'defective')
  await receive(defect.units[0] ?? '')
  const found = await inspect(defect.units[0] ?? '', 'D', 'confirmed_defect')
  await dispose(defect.units[0] ?? '', found.proposal.disposition)
  await run(aga, 'unit.regrade', {
    ...{ unitId: defect.units[0], condition: 'C', finding: 'confirmed_defect', reason: 'Looked at again' },
  })
  await run(ruben, 'unit.dispose', { unitId: defect.units[0], disposition: 'liquidate' })
  // A return that was asked back and cancelled, which nobody judged to its end.
  await sold('gone')
  const gone = await ask(['gone'])
  await run(ines, 'return.cancel', { rmaId: gone.rmaId, reason: 'Keeps it after all' })
  // What is due is proposed, and somebody is asked where the matrix says so.
  await sold('large', { net: '120.00', tax: '0' })
  const large = await ask(['large'])
  await receive(large.units[0] ?? '')
  for (let round = 0; round < 5; round += 1) if ((await payOnce(undefined)) === 0) break
}
