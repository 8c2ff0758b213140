import { beforeAll, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { db, pool, type Transaction, withTransaction } from '../../lib/db/client'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { record } from '../../lib/workflow/record/record'
import { onItsWay, openFacility, tell, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
beforeAll(() => openFacility())

let n = 0
const event = (type: string, unit: string, data: object): AnyEvent =>
  ({
    ...{ specversion: '1.0', id: `x${++n}`, source: '/wms/test', type, subject: unit },
    time: new Date(Date.now() - 86_400_000 + n * 1000).toISOString(),
    data: { unit_id: unit, ...data },
  }) as AnyEvent

/** A transaction that has recorded and not yet committed. */
async function open(events: readonly AnyEvent[]) {
  const turn: { commit: () => void } = { commit: () => undefined }
  const may = new Promise<void>((resolve) => {
    turn.commit = resolve
  })
  let recorded: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    recorded = resolve
  })
  const done = withTransaction(async (tx: Transaction) => {
    const doer = { kind: 'source', id: '/wms/test', name: 'wms', roles: [] } as const
    await record(tx, { events, doer, at: new Date() })
    recorded()
    await may
  })
  await begun
  return { done, commit: turn.commit }
}

it('of two who tell of one unit at the same moment, neither is forgotten', async () => {
  const { unit } = await onItsWay({ id: 'R1', sku: 'SKU-1', quantity: 1, net: '40', unitCost: '10' })
  const first = await open([event('unit.received.v1', unit, { facility: 'venlo', quantity: 1, location: 'dock' })])
  const second = tell([event('shipment.delivered.v1', unit, { carrier: 'nordpost' })], '/carrier/test')
  await new Promise((resolve) => setTimeout(resolve, 300))
  first.commit()
  await Promise.all([first.done, second])
  const row = await unitNow(unit)
  expect(row.received_at).not.toBeNull()
  expect(row.delivered_at).not.toBeNull()
  expect(row.version).toBe(3)
})

it('also when nobody had heard of the unit before', async () => {
  const first = await open([
    event('unit.received.v1', 'NEW-1', { facility: 'venlo', quantity: 1, location: 'dock', sku: 'SKU-1' }),
  ])
  const second = tell(
    [event('unit.inspected.v1', 'NEW-1', { condition_code: 'B', finding_code: 'as_new', facility: 'venlo' })],
    '/lab/test',
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  first.commit()
  await Promise.all([first.done, second])
  const row = await unitNow('NEW-1')
  expect(row.received_at).not.toBeNull()
  expect(row.inspected_at).not.toBeNull()
})

it('and a case knows both of its units', async () => {
  const about = {
    rma_id: 'R-BOTH',
    sku: 'SKU-1',
    quantity: 1,
    reason_code: 'too_small',
    currency: 'EUR',
  }
  const first = await open([event('return.requested.v1', 'BOTH-1', about)])
  const second = tell(
    [
      event('return.requested.v1', 'BOTH-2', about),
      event('unit.received.v1', 'BOTH-2', { facility: 'venlo', quantity: 1, location: 'dock' }),
    ],
    '/shop/two',
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  first.commit()
  await Promise.all([first.done, second])
  const { rows } = await pool().query("SELECT goods FROM rma WHERE id = 'R-BOTH'")
  expect(rows[0]?.goods).toBe('part_received')
})

it('and many at once leave every case the fold of its events', async () => {
  const { unit } = await onItsWay({ id: 'R9', sku: 'SKU-1', quantity: 1, net: '40', unitCost: '10' })
  const told = [
    event('unit.received.v1', unit, { facility: 'venlo', quantity: 1, location: 'dock' }),
    event('shipment.delivered.v1', unit, { carrier: 'nordpost' }),
    event('unit.inspected.v1', unit, { condition_code: 'A', finding_code: 'as_new', facility: 'venlo' }),
    event('unit.dispositioned.v1', unit, { disposition: 'restock' }),
    ...Array.from({ length: 8 }, () =>
      event('cost.incurred.v1', unit, { cost_id: `C${n}`, kind: 'labor', amount: '1.00', currency: 'EUR' }),
    ),
  ]
  await Promise.all(told.map((each, index) => tell([each], `/s/${index}`)))
  const row = await unitNow(unit)
  expect([row.received_at, row.delivered_at, row.inspected_at, row.dispositioned_at]).not.toContain(null)
  expect((await INVARIANTS.find(({ id }) => id === 'I16')?.look(db(), new Date()))?.broken).toBe(0n)
  expect((await INVARIANTS.find(({ id }) => id === 'I6')?.look(db(), new Date()))?.broken).toBe(0n)
})
