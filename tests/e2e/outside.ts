import { expect } from '@playwright/test'
import { checkEvent } from '../../ingest/contract/validate'
import { acceptEvents } from '../../ingest/log/accept'
import { pool } from '../../lib/db/client'

/** In every name that a run makes, so that neither runs on one product nor the workers of one run meet. */
export const RUN = `${Date.now().toString(36)}${process.env.TEST_WORKER_INDEX ?? ''}`.toUpperCase()
const DAY = 86_400_000

interface Told {
  readonly type: string
  readonly id: string
  readonly daysAgo: number
  readonly data: Record<string, unknown>
}

/** Tells the product something as an outside system does: through the log, so that the cases get it from there. */
export async function tell(events: readonly Told[]): Promise<void> {
  const accepted = events.map(({ type, id, daysAgo, data }) => {
    const raw = JSON.stringify({
      specversion: '1.0',
      id,
      source: '/oms/e2e',
      type,
      time: new Date(Date.now() - daysAgo * DAY).toISOString(),
      subject: String(data.unit_id ?? data.order_line_id),
      data,
    })
    const checked = checkEvent(JSON.parse(raw), Date.now())
    if (!checked.ok) throw new Error(`${checked.reason}: ${checked.message}`)
    return { raw, event: checked.event }
  })
  await acceptEvents(pool(), accepted, 'e2e')
}

/** Waits until the cases know so many rows: at the start of a run they take the history over first. */
async function known(count: number, sql: string, ids: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await pool().query<{ n: number }>(sql, [ids])).rows[0]?.n, { timeout: 120_000 })
    .toBe(count)
}

const sale = (id: string, sku: string, own: Record<string, unknown> = {}): Told => ({
  type: 'sale.shipped.v1',
  id: `${id}/sale`,
  daysAgo: 20,
  data: {
    order_id: `O${id}`,
    order_line_id: `L${id}`,
    sku,
    product_name: 'Station Coat',
    quantity: 1,
    net_amount: '89.00',
    tax_amount: '16.91',
    currency: 'EUR',
    channel: 'dtc-eu',
    category: 'apparel',
    unit_cost: '31.00',
    entity: 'acme-eu',
    ...own,
  },
})

export interface Order {
  readonly orderId: string
  readonly lineId: string
  readonly customerId: string
  readonly sku: string
}

/** Orders of one piece that can be returned, each of a customer of its own, all of one item that nothing else has. */
export async function orders(name: string, count: number, own: Record<string, unknown> = {}): Promise<Order[]> {
  const sku = `SKU-E2E-${RUN}${name}`
  const made = Array.from({ length: count }, (_, index) => `E2E${RUN}${name}${index + 1}`)
  await tell(made.map((id) => sale(id, sku, { customer_id: `C${id}`, facility: 'venlo', ...own })))
  await known(
    count,
    'SELECT count(*)::int AS n FROM order_line WHERE id = ANY($1)',
    made.map((id) => `L${id}`),
  )
  return made.map((id) => ({ orderId: `O${id}`, lineId: `L${id}`, customerId: `C${id}`, sku }))
}

/** Single pieces on their way to a place; answers the units. `stage` says how far each is already. */
export async function units(
  name: string,
  count: number,
  facility: string,
  stage: 'coming' | 'received' | 'inspected' = 'coming',
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `E2E${RUN}${name}${index + 1}`)
  const sku = `SKU-E2E-${RUN}${name}`
  await tell(
    ids.flatMap((id): Told[] => [
      sale(id, sku),
      {
        type: 'return.requested.v1',
        id: `${id}/request`,
        daysAgo: 6,
        data: {
          unit_id: id,
          rma_id: `R${id}`,
          order_id: `O${id}`,
          order_line_id: `L${id}`,
          sku,
          quantity: 1,
          reason_code: 'too_large',
          facility,
        },
      },
      { type: 'return.authorized.v1', id: `${id}/yes`, daysAgo: 5, data: { unit_id: id } },
      {
        type: 'shipment.in_transit.v1',
        id: `${id}/way`,
        daysAgo: 4,
        data: { unit_id: id, facility, carrier: 'nordpost', tracking_number: `T${id}` },
      },
      ...(stage === 'coming'
        ? []
        : [
            {
              type: 'unit.received.v1',
              id: `${id}/in`,
              daysAgo: 2,
              data: { unit_id: id, facility, quantity: 1, rma_id: `R${id}` },
            },
          ]),
      ...(stage === 'inspected'
        ? [
            {
              type: 'unit.inspected.v1',
              id: `${id}/look`,
              daysAgo: 1,
              data: { unit_id: id, facility, condition_code: 'A', finding_code: 'as_new' },
            },
          ]
        : []),
    ]),
  )
  await known(count, 'SELECT count(*)::int AS n FROM return_unit WHERE id = ANY($1)', ids)
  return ids
}

/** Defects of a supplier that has agreed to pay 80 % of their cost, 100.00 EUR each, found and set aside for it. */
export async function defects(supplierId: string, count: number): Promise<string[]> {
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, minimum_claim, currency) VALUES ($1, $1, 'DE', 0.8, 60, 0, 'EUR')`,
    [supplierId],
  )
  const ids = Array.from({ length: count }, (_, index) => `E2E${RUN}DEF${index + 1}`)
  const sku = `SKU-E2E-${RUN}DEF`
  const place = { facility: 'venlo' }
  await tell(
    ids.flatMap((id): Told[] => [
      sale(id, sku, { unit_cost: '100.00', supplier_id: supplierId, category: 'electronics', customer_id: `C${id}` }),
      {
        type: 'return.requested.v1',
        id: `${id}/request`,
        daysAgo: 8,
        data: {
          ...{ unit_id: id, rma_id: `R${id}`, order_id: `O${id}`, order_line_id: `L${id}`, sku, quantity: 1 },
          ...{ reason_code: 'defective', ...place },
        },
      },
      { type: 'return.authorized.v1', id: `${id}/yes`, daysAgo: 7, data: { unit_id: id } },
      { type: 'unit.received.v1', id: `${id}/in`, daysAgo: 5, data: { unit_id: id, quantity: 1, ...place } },
      {
        type: 'unit.inspected.v1',
        id: `${id}/look`,
        daysAgo: 4,
        data: { unit_id: id, condition_code: 'D', finding_code: 'confirmed_defect', ...place },
      },
      {
        type: 'unit.dispositioned.v1',
        id: `${id}/what`,
        daysAgo: 3,
        data: { unit_id: id, disposition: 'vendor_claim' },
      },
      {
        type: 'unit.moved.v1',
        id: `${id}/where`,
        daysAgo: 2,
        data: {
          ...{ movement_id: `${id}/where`, unit_id: id, from_status: 'received', to_status: 'vendor', quantity: 1 },
          ...{ location: 'outbound', ...place },
        },
      },
    ]),
  )
  await known(count, "SELECT count(*)::int AS n FROM return_unit WHERE id = ANY($1) AND status = 'vendor'", ids)
  return ids
}
