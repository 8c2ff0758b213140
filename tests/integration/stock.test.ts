import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectOnce } from '../../ingest/projector/projector'
import type { Actor } from '../../lib/auth/actor'
import { pool } from '../../lib/db/client'
import { approvalCommands } from '../../lib/workflow/approvals'
import { execute } from '../../lib/workflow/execute'
import type { AnyCommand } from '../../lib/workflow/registry'
import { stockCommands } from '../../lib/workflow/stock/commands'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { openPipeline, type Pipeline } from '../setup/pipeline'

const databases = await freshDatabases()
const lena = somebody('lena', ['inventory_controller'])
const piotr = somebody('piotr', ['warehouse_manager'])
const farah = somebody('farah', ['controller'])
const PLACE = { facility: 'venlo', location: 'dock', sku: 'SKU-1', status: 'received' }
const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
let pipeline: Pipeline

beforeAll(async () => {
  pipeline = await openPipeline(databases)
  await openFacility()
  for (const n of [1, 2, 3]) await receive(`L${n}`)
})
afterAll(() => pipeline.close())

async function receive(line: string, sku = 'SKU-1', unitCost = '30') {
  const { unit } = await onItsWay({ id: line, sku, quantity: 1, net: '60', unitCost })
  await tell([
    {
      specversion: '1.0',
      id: `${line}/received`,
      source: '/shop/test',
      type: 'unit.received.v1',
      time: at(2),
      subject: unit,
      data: { unit_id: unit, facility: 'venlo', quantity: 1, location: 'dock' },
    },
  ])
  return unit
}

const run = async <T>(actor: Actor, name: string, input: unknown): Promise<T> => {
  const commands: readonly AnyCommand[] = [...stockCommands, ...approvalCommands]
  const command = commands.find((each) => each.name === name)
  if (!command) throw new Error(`no command ${name}`)
  return (await execute(actor, command, input)).result as T
}
const refused = (actor: Actor, name: string, input: unknown) =>
  run(actor, name, input).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )
const open = async () =>
  (
    await pool().query(
      "SELECT * FROM case_exception WHERE kind = 'stock_difference' AND state = 'open' ORDER BY raised_at",
    )
  ).rows
const booked = async (sku = 'SKU-1') => {
  const { rows } = await pool().query(
    "SELECT quantity, value::text FROM stock_balance WHERE facility = 'venlo' AND sku = $1 AND status = 'received'",
    [sku],
  )
  return rows[0]
}
const inventory = async () => {
  const { rows } = await pool().query<{ account: string; value: string }>(
    `SELECT account, sum(debit - credit)::text AS value FROM journal_line WHERE account IN ('inventory.received', 'inventory_adjustments')
     GROUP BY 1`,
  )
  return Object.fromEntries(rows.map(({ account, value }) => [account, Number(value) / 10_000]))
}

describe('counting', () => {
  it('notes what the ledger says; an agreement is nothing, a difference is an exception, once', async () => {
    expect(await run(lena, 'stock.count', { ...PLACE, counted: 3 })).toMatchObject({ expected: 3, difference: 0 })
    expect(await open()).toEqual([])
    const first = await run<{ exceptionId: string }>(lena, 'stock.count', { ...PLACE, counted: 2 })
    expect(first).toMatchObject({ expected: 3, difference: -1 })
    const second = await run<{ exceptionId: string }>(lena, 'stock.count', { ...PLACE, counted: 2 })
    expect(second.exceptionId).toBe(first.exceptionId)
    const [exception, ...more] = await open()
    expect(more).toEqual([])
    expect(exception).toMatchObject({
      facility: 'venlo',
      entity: 'acme-eu',
      value: 300_000n,
      subject: 'venlo/dock/SKU-1/received',
    })
    await run(lena, 'stock.count', { ...PLACE, counted: 3 })
    expect(await open()).toEqual([])
    const { rows } = await pool().query('SELECT count(*)::int AS n FROM stock_count WHERE NOT settled')
    expect(rows[0].n).toBe(0)
  })

  it('is for who may, in their own facility, of what lies in return zones', async () => {
    expect(await refused(piotr, 'stock.count', { ...PLACE, counted: 1 })).toBe('forbidden')
    const elsewhere = somebody('e', ['inventory_controller'], { entities: null, facilities: ['lodz'], channels: null })
    expect(await refused(elsewhere, 'stock.count', { ...PLACE, counted: 1 })).toBe('unknown_facility')
    expect(await refused(lena, 'stock.count', { ...PLACE, status: 'restocked', counted: 1 })).toBe('invalid_input')
    expect(await refused(lena, 'stock.count', { ...PLACE, counted: -1 })).toBe('invalid_input')
  })

  it('is taken from outside too: beside what the ledger said at that moment, the same count once', async () => {
    const event = (id: string, time: string, quantity: number, more: object = {}) =>
      JSON.stringify({
        ...{ specversion: '1.0', id, source: '/wms/venlo', type: 'stock.counted.v1', time, subject: 'venlo', ...more },
        data: { count_id: id, ...PLACE, quantity },
      })
    const apply = async (...raws: string[]) => {
      await pipeline.accept(raws)
      await pipeline.drain()
      while ((await projectOnce()) > 0);
    }
    // Before any of them had been received nothing lay there.
    await apply(event('n0', at(2.9), 0), event('n1', at(1), 3), event('n1', at(1), 3))
    const { rows } = await pool().query(
      "SELECT id, expected, counted, settled FROM stock_count WHERE id LIKE 'n%' ORDER BY id",
    )
    expect(rows).toEqual([
      { id: 'n0', expected: 0, counted: 0, settled: true },
      { id: 'n1', expected: 3, counted: 3, settled: true },
    ])
    expect(await open()).toEqual([])
    // Our own counts of the test before came by in the log as well, and were known.
    const before = await pool().query('SELECT count(*)::int AS n FROM stock_count')
    const later = new Date(Date.now() + 1000).toISOString()
    await apply(event('n2', later, 5))
    expect((await pool().query('SELECT count(*)::int AS n FROM stock_count')).rows[0].n).toBe(before.rows[0].n + 1)
    expect(await open()).toMatchObject([{ message: 'SKU-1 at venlo, dock, received: counted 5, booked 3.' }])
    await apply(
      event('n2', later, 5, { revision: 1, voided: true }),
      event('n3', new Date(Date.now() + 2000).toISOString(), 3),
    )
    expect(await open()).toEqual([])
    expect((await pool().query("SELECT FROM stock_count WHERE id = 'n2'")).rowCount).toBe(0)
  })
})

describe('adjusting', () => {
  it('waits for somebody else, then moves stock and books alike', async () => {
    await receive('M1', 'SKU-2')
    await receive('M2', 'SKU-2')
    const place = { ...PLACE, sku: 'SKU-2' }
    const counted = await run<{ countId: string }>(lena, 'stock.count', { ...place, counted: 1 })
    const asked = await run<{ approvalId: string; value: string; adjustmentId: string }>(lena, 'stock.adjust', {
      countId: counted.countId,
      reason: 'one is missing since Monday',
    })
    expect(asked).toMatchObject({ delta: -1, value: '-30.0000', currency: 'EUR' })
    expect(await booked('SKU-2')).toEqual({ quantity: 2, value: '600000' })
    expect(await refused(lena, 'stock.adjust', { ...place, delta: -1, reason: 'the same once more' })).toBe(
      'adjustment_open',
    )
    // Who asked does not answer, in whatever role.
    const both = {
      ...lena,
      roles: ['inventory_controller', 'warehouse_manager'] as const,
      permissions: new Set([...lena.permissions, ...piotr.permissions]),
    }
    expect(await refused(both, 'approval.approve', { ids: [asked.approvalId] })).toMatch(
      /self_approval|segregation_of_duties/,
    )
    expect(await refused(farah, 'approval.approve', { ids: [asked.approvalId] })).toBe('approval_role')
    await run(piotr, 'approval.approve', { ids: [asked.approvalId] })
    expect(await booked('SKU-2')).toEqual({ quantity: 1, value: '300000' })
    expect(await inventory()).toMatchObject({ inventory_adjustments: 30 })
    const { rows } = await pool().query('SELECT state, decided_by FROM stock_adjustment WHERE id = $1', [
      asked.adjustmentId,
    ])
    expect(rows).toEqual([{ state: 'posted', decided_by: piotr.userId }])
    expect((await open()).filter(({ subject }) => subject.includes('SKU-2'))).toEqual([])
    expect(await run(lena, 'stock.count', { ...place, counted: 1 })).toMatchObject({ expected: 1, difference: 0 })
    expect(await refused(lena, 'stock.adjust', { countId: counted.countId, reason: 'and once again' })).toBe(
      'count_settled',
    )
  })

  it('changes nothing when it is refused, and never takes away what is not there', async () => {
    await receive('N1', 'SKU-3')
    const place = { ...PLACE, sku: 'SKU-3' }
    expect(await refused(lena, 'stock.adjust', { ...place, delta: -2, reason: 'two are missing' })).toBe(
      'stock_below_zero',
    )
    const asked = await run<{ approvalId: string }>(lena, 'stock.adjust', {
      ...place,
      delta: 1,
      reason: 'found behind a shelf',
    })
    await run(piotr, 'approval.reject', { ids: [asked.approvalId], reason: 'it is of another SKU' })
    expect(await booked('SKU-3')).toEqual({ quantity: 1, value: '300000' })
    const large = await run<{ approvalId: string }>(lena, 'stock.adjust', {
      ...place,
      delta: 4,
      reason: 'a whole box was found',
    })
    expect(await refused(piotr, 'approval.approve', { ids: [large.approvalId] })).toBe('approval_role')
    await run(farah, 'approval.approve', { ids: [large.approvalId] })
    expect(await booked('SKU-3')).toEqual({ quantity: 5, value: '1500000' })
  })

  it('follows what outside systems have adjusted, and raises what it cannot follow', async () => {
    await receive('P1', 'SKU-4')
    const event = (id: string, quantity: number) =>
      JSON.stringify({
        ...{ specversion: '1.0', id, source: '/wms/venlo', type: 'stock.adjusted.v1', time: at(0.5), subject: 'venlo' },
        data: { adjustment_id: id, ...PLACE, sku: 'SKU-4', quantity, reason: 'found' },
      })
    await pipeline.accept([event('a1', 1), event('a2', -9)])
    await pipeline.drain()
    while ((await projectOnce()) > 0);
    expect(await booked('SKU-4')).toEqual({ quantity: 2, value: '600000' })
    expect((await open()).map(({ message }) => message)).toEqual([
      '/wms/venlo adjusted SKU-4 at venlo, received, by -9; the stock ledger does not have that much.',
    ])
  })

  it('keeps ledger, movements and books the same', async () => {
    const { rows } = await pool().query(
      `WITH stock AS (SELECT sum(value) AS value FROM stock_balance WHERE status = 'received'),
        moves AS (SELECT sum(CASE WHEN to_status = 'received' THEN quantity * to_value ELSE 0 END - CASE WHEN from_status = 'received' THEN quantity * from_value ELSE 0 END) AS value FROM stock_movement),
        books AS (SELECT sum(debit - credit) AS value FROM journal_line WHERE account = 'inventory.received')
       SELECT stock.value = moves.value AND moves.value = books.value AS same FROM stock, moves, books`,
    )
    expect(rows).toEqual([{ same: true }])
  })
})
