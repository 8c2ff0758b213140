import type { AnyEvent } from '../../../ingest/contract/event'
import { pool } from '../../../lib/db/client'
import { tell } from '../cases'
import { fresh, piotr, run, type Scenario, tom } from './scenario'

/** A supplier with an agreement. */
async function supplier(): Promise<string> {
  const id = fresh('supplier')
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, minimum_claim, currency) VALUES ($1, $1, 'DE', 0.8, 60, 0, 'EUR')`,
    [id],
  )
  return id
}

/** A unit of a supplier that came back defective and waits for its claim. */
async function defect(supplierId: string): Promise<string> {
  const unit = `${fresh('DEF')}-1`
  const at = Date.now() - 5 * 86_400_000
  const event = (type: string, hours: number, data: Record<string, unknown>): AnyEvent =>
    ({
      ...{ specversion: '1.0', id: `${unit}/${type}`, source: '/wms/test', type, subject: unit },
      time: new Date(at + hours * 3_600_000).toISOString(),
      data: { unit_id: unit, ...data },
    }) as AnyEvent
  const sold = { net_amount: '200', tax_amount: '0', currency: 'EUR', unit_cost: '100', entity: 'acme-eu' }
  const line = { order_line_id: `L-${unit}`, sku: 'SKU-DEFECT' }
  await tell(
    [
      event('sale.shipped.v1', -240, {
        ...{ ...line, ...sold, order_id: `O-${unit}`, quantity: 1, channel: 'dtc', category: 'electronics' },
        ...{ customer_id: `C-${unit}`, supplier_id: supplierId },
      }),
      event('return.requested.v1', -48, {
        ...line,
        rma_id: `R-${unit}`,
        quantity: 1,
        reason_code: 'defective',
        facility: 'venlo',
      }),
      event('unit.received.v1', 0, { facility: 'venlo', quantity: 1, location: 'dock' }),
      event('unit.inspected.v1', 1, { condition_code: 'D', finding_code: 'confirmed_defect', facility: 'venlo' }),
      event('unit.dispositioned.v1', 2, { disposition: 'vendor_claim' }),
      event('unit.moved.v1', 3, {
        ...{ movement_id: `M-${unit}`, from_status: 'received', to_status: 'vendor', quantity: 1, facility: 'venlo' },
        location: 'outbound',
      }),
    ],
    '/wms/test',
  )
  return unit
}

/** A claim that has come as far as named. */
async function claim(to: 'opened' | 'submitted' | 'accepted'): Promise<string> {
  const unitId = await defect(await supplier())
  const { claims } = await run<{ claims: { claimId: string }[] }>(tom, 'claim.open', { unitId })
  const claimId = claims[0]?.claimId ?? ''
  if (to === 'opened') return claimId
  await run(tom, 'claim.submit', { claimIds: [claimId], reference: 'RTV-1' })
  if (to === 'accepted') await run(tom, 'claim.accept', { claims: [{ claimId }] })
  return claimId
}

const writeOff = async (): Promise<string> => {
  const asked = { claimId: await claim('accepted'), reason: 'They went out of business.' }
  return (await run(tom, 'claim.write_off', asked)).approvalId ?? ''
}

export const CLAIMS: readonly Scenario[] = [
  { command: 'claim.open', build: async () => ({ actor: tom, input: { unitId: await defect(await supplier()) } }) },
  {
    command: 'claim.open_eligible',
    async build() {
      const supplierId = await supplier()
      for (let n = 0; n < 3; n += 1) await defect(supplierId)
      return { actor: tom, input: { supplierId } }
    },
  },
  {
    command: 'claim.submit',
    about: 'with its goods',
    async build() {
      return { actor: tom, input: { claimIds: [await claim('opened')], reference: 'RTV-2', returnGoods: true } }
    },
  },
  {
    command: 'claim.accept',
    async build() {
      return { actor: tom, input: { claims: [{ claimId: await claim('submitted'), amount: '60' }] } }
    },
  },
  {
    command: 'claim.reject',
    async build() {
      return { actor: tom, input: { claimIds: [await claim('accepted')], reason: 'It is not their batch.' } }
    },
  },
  {
    command: 'claim.recover',
    async build() {
      return { actor: tom, input: { claims: [{ claimId: await claim('accepted'), amount: '50' }], reference: 'CN-1' } }
    },
  },
  {
    command: 'claim.write_off',
    async build() {
      return { actor: tom, input: { claimId: await claim('accepted'), reason: 'They went out of business.' } }
    },
  },
  {
    command: 'approval.approve',
    about: 'a write-off of a claim',
    build: async () => ({ actor: piotr, input: { ids: [await writeOff()] } }),
  },
]
