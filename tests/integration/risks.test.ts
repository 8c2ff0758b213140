import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { openRisks } from '../../lib/workflow/read/risks'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

/** What the overview says of the work that runs out, to whom it says it, and what it says when nothing does. */
await freshDatabases()
const DAY = 86_400_000
const now = Date.now()
const later = (days: number) => new Date(now + days * DAY)
const farah = somebody('farah', ['controller'])
const dana = somebody('dana', ['exec_viewer'])
const lodz = somebody('piotr', ['warehouse_manager'], { entities: null, facilities: ['lodz'], channels: null })

/** A defective unit of a supplier whose window is 60 days from its receipt, five days ago. */
async function defect(): Promise<void> {
  const event = (type: string, days: number, data: Record<string, unknown>): AnyEvent =>
    ({
      ...{ specversion: '1.0', id: `d/${type}`, source: '/wms/test', type, subject: 'd-1' },
      time: later(days).toISOString(),
      data: { unit_id: 'd-1', ...data },
    }) as AnyEvent
  const sale = { order_id: 'O-d', order_line_id: 'L-d', sku: 'SKU-D', quantity: 1, net_amount: '200', tax_amount: '0' }
  const goods = { currency: 'EUR', channel: 'dtc', category: 'electronics', unit_cost: '100', entity: 'acme-eu' }
  await tell([
    event('sale.shipped.v1', -20, { ...sale, ...goods, customer_id: 'C1', supplier_id: 'eur' }),
    event('return.requested.v1', -8, {
      ...{
        rma_id: 'R-d',
        order_line_id: 'L-d',
        sku: 'SKU-D',
        quantity: 1,
        reason_code: 'defective',
        facility: 'venlo',
      },
    }),
    event('unit.received.v1', -5, { facility: 'venlo', quantity: 1, location: 'dock' }),
    event('unit.inspected.v1', -4, { condition_code: 'D', finding_code: 'confirmed_defect', facility: 'venlo' }),
  ])
}

beforeAll(async () => {
  await openFacility()
  await pool().query(
    "INSERT INTO supplier (id, name, country, coverage, window_days, minimum_claim, currency) VALUES ('eur', 'Euro Works', 'DE', 0.8, 60, 0, 'EUR')",
  )
})

describe('open risks', () => {
  it('are none where nothing runs out, but controls that nobody has looked at are not known to hold', async () => {
    const { claims, exceptions, controls } = await openRisks(farah)
    expect({ claims, exceptions }).toEqual({
      claims: { count: 0, value: '0.0000', first: null },
      exceptions: { count: 0, mine: 0, since: null },
    })
    expect(controls).toMatchObject({ broken: [], failed: [] })
    expect(controls?.never).toBe(controls?.count)
  })

  it('are claim windows that end within a week, at what they are worth, and only while they are open', async () => {
    await defect()
    expect((await openRisks(farah, later(47))).claims?.count).toBe(0)
    const soon = await openRisks(farah, later(50))
    expect(soon.claims).toEqual({ count: 1, value: '80.0000', first: later(55).toISOString() })
    expect((await openRisks(farah, later(56))).claims?.count).toBe(0)
  })

  it('are exceptions past due, and controls that broke or could not be looked at', async () => {
    const { unit } = await onItsWay({ id: 'x1', sku: 'SKU-X', quantity: 1, net: '40', unitCost: '10' })
    const command = commandNamed('exception.raise')
    if (!command) throw new Error('no command exception.raise')
    const said = { kind: 'late_shipment', unitId: unit, message: 'Nobody has seen it since Monday.' }
    await execute(somebody('ines', ['cs_agent']), command, said)
    expect((await openRisks(farah)).exceptions?.count).toBe(0)
    const { exceptions } = await openRisks(somebody('ines', ['cs_agent']), later(8))
    expect(exceptions).toMatchObject({ count: 1, mine: 1 })
    expect(Date.parse(exceptions?.since ?? '')).toBeLessThan(later(8).getTime())

    await pool().query(
      `INSERT INTO control_check (id, at, ms, checked, broken, examples, failed) VALUES
        ('I1', now(), 1, 10, 2, '["a"]', ''), ('I2', now(), 1, 0, 0, '[]', 'the database was away'), ('I3', now(), 1, 5, 0, '[]', '')`,
    )
    const { controls } = await openRisks(farah)
    expect([controls?.broken.length, controls?.failed.length, controls?.never]).toEqual([
      1,
      1,
      (controls?.count ?? 0) - 3,
    ])
  })

  it('are told only to those who may see them, of their own rows', async () => {
    const seen = await openRisks(dana, later(50))
    expect([seen.claims, seen.exceptions, seen.controls === null]).toEqual([null, null, false])
    const { exceptions } = await openRisks(lodz, later(50))
    expect(exceptions?.count).toBe(0)
  })
})
