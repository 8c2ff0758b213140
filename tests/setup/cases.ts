import type { AnyEvent } from '../../ingest/contract/event'
import { type Actor, EVERYTHING, type Scope } from '../../lib/auth/actor'
import { permissionsOf, type RoleName } from '../../lib/auth/permissions'
import { pool, withTransaction } from '../../lib/db/client'
import type { GoodsClassId } from '../../lib/returns/goods'
import { record } from '../../lib/workflow/record/record'

/** Somebody of a role, made up for a test. */
export const somebody = (name: string, roles: readonly RoleName[], scope: Scope = EVERYTHING): Actor => ({
  kind: 'person',
  userId: `person-${name}`,
  name,
  email: `${name}@test.example`,
  roles,
  permissions: permissionsOf(roles),
  scope,
})

export interface Bought {
  readonly id: string
  readonly sku: string
  readonly quantity: number
  /** Of all pieces together, with tax, and of one piece. */
  readonly net: string
  readonly unitCost: string
  readonly category?: string
  readonly serials?: readonly string[]
  readonly lot?: string
  readonly supplierId?: string
  readonly customerId?: string
}

const event = (type: string, id: string, at: Date, subject: string, data: Record<string, unknown>): AnyEvent =>
  ({ specversion: '1.0', id, source: '/shop/test', type, time: at.toISOString(), subject, data }) as AnyEvent

/** Tells the cases something as an outside system would. */
export async function tell(events: readonly AnyEvent[], source = '/shop/test'): Promise<void> {
  await withTransaction((tx) =>
    record(tx, {
      events: events.map((each) => ({ ...each, source })),
      doer: { kind: 'source', id: source, name: source, roles: [] },
      at: new Date(),
    }),
  )
}

/** An order of one line that was shipped, and, unless `asked` is 0, a return of it on its way: one unit of `asked` pieces. */
export async function onItsWay(
  line: Bought,
  { asked = line.quantity, facility = 'venlo', at = new Date(Date.now() - 3 * 86_400_000), authorized = true } = {},
): Promise<{ rma: string; unit: string }> {
  const rma = `R-${line.id}`
  const unit = `${rma}-1`
  const sold = new Date(at.getTime() - 10 * 86_400_000)
  const events = [
    event('sale.shipped.v1', `${line.id}/sale`, sold, line.id, {
      order_id: `O-${line.id}`,
      order_line_id: line.id,
      sku: line.sku,
      quantity: line.quantity,
      net_amount: line.net,
      tax_amount: '0',
      currency: 'EUR',
      channel: 'dtc',
      category: line.category ?? 'apparel',
      unit_cost: line.unitCost,
      entity: 'acme-eu',
      customer_id: line.customerId ?? 'C-1',
      ...(line.serials ? { serials: line.serials } : {}),
      ...(line.lot ? { lot: line.lot } : {}),
      ...(line.supplierId ? { supplier_id: line.supplierId } : {}),
    }),
  ]
  if (asked > 0) {
    events.push(
      event('return.requested.v1', `${line.id}/request`, at, unit, {
        unit_id: unit,
        rma_id: rma,
        order_id: `O-${line.id}`,
        order_line_id: line.id,
        sku: line.sku,
        quantity: asked,
        reason_code: 'changed_mind',
        facility,
        currency: 'EUR',
      }),
    )
    if (authorized)
      events.push(
        event('return.authorized.v1', `${line.id}/yes`, new Date(at.getTime() + 1000), unit, { unit_id: unit }),
      )
    events.push(
      event('shipment.in_transit.v1', `${line.id}/way`, new Date(at.getTime() + 2000), unit, {
        unit_id: unit,
        carrier: 'nordpost',
        tracking_number: `TRACK-${line.id}`,
        facility,
      }),
    )
  }
  await tell(events)
  return { rma, unit }
}

/** A facility to work in, with shifts of its own zone. */
export async function openFacility(id = 'venlo', tz = 'Europe/Amsterdam'): Promise<void> {
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts) VALUES ($1, $1, 'warehouse', 'acme-eu', 'NL', $2, $3) ON CONFLICT DO NOTHING`,
    [
      id,
      tz,
      JSON.stringify([
        { id: 'early', from: '06:00', to: '14:00' },
        { id: 'late', from: '14:00', to: '06:00' },
      ]),
    ],
  )
}

/** Gives an item its goods class before it is sold, as an administrator does. */
export async function classify(sku: string, goodsClass: GoodsClassId): Promise<void> {
  await pool().query(
    'INSERT INTO product (sku, goods_class) VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET goods_class = $2',
    [sku, goodsClass],
  )
}

/** One unit as it stands. */
export async function unitNow(id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool().query('SELECT * FROM return_unit WHERE id = $1', [id])
  return rows[0] ?? {}
}
