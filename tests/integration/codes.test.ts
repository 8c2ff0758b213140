import { afterAll, beforeAll, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { applyOnce } from '../../ingest/codes/apply'
import { projectOnce } from '../../ingest/projector/projector'
import { REACTIONS } from '../../ingest/projector/reactions/reactions'
import { refreshCodes } from '../../ingest/relay/codes'
import { rebuild } from '../../ingest/relay/rebuild'
import { verify } from '../../ingest/relay/verify'
import type { Actor } from '../../lib/auth/actor'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { commandNamed } from '../../lib/workflow/registry'
import { openFacility, somebody, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { openPipeline, type Pipeline } from '../setup/pipeline'
import { openDoor, quarantined } from './ingest-client'

const databases = await freshDatabases()
const door = openDoor()
const sam = somebody('sam', ['integration_admin'])
const hugo = somebody('hugo', ['compliance_officer'])
let pipeline: Pipeline

beforeAll(async () => {
  await openFacility('ams1')
  pipeline = await openPipeline(databases)
})

afterAll(() => pipeline.close())

const SHOP = '/shop/brand'
const event = (type: string, id: string, time: string, data: object, more: object = {}) => ({
  ...{ specversion: '1.0', id, source: SHOP, type, time, ...more },
  data: { unit_id: 'U-1', ...data },
})
const asked = (unit: string, reason: string) =>
  event('return.requested.v1', `${unit}/asked`, '2026-05-10T10:00:00Z', {
    ...{
      unit_id: unit,
      rma_id: `R-${unit}`,
      order_line_id: `L-${unit}`,
      sku: 'BH-1',
      quantity: 1,
      reason_code: reason,
    },
    ...{ currency: 'EUR', unit_price: '40.00', unit_cost: '12.00', facility: 'ams1', entity: 'acme-eu' },
  })
const received = (unit: string, condition: string) =>
  event('unit.received.v1', `${unit}/here`, '2026-05-12T10:00:00Z', {
    ...{ unit_id: unit, facility: 'ams1', quantity: 1, condition_code: condition },
  })
const inspected = (unit: string, condition: string, finding: string) =>
  event('unit.inspected.v1', `${unit}/seen`, '2026-05-13T10:00:00Z', {
    ...{ unit_id: unit, condition_code: condition, finding_code: finding },
  })

const run = async <T>(actor: Actor, name: string, input: unknown): Promise<T> => {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  return (await execute(actor, command, input)).result as T
}
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const map = (actor: Actor, list: string, outside: string, code: string, seen = 0, reason = 'as their manual says') =>
  run<{ version: number }>(actor, 'code.map', { source: SHOP, list, outside, code, seen, reason })

/** What the processes do by themselves, once round. */
async function settle() {
  const applied = await applyOnce(new Date())
  await refreshCodes(pipeline.pool, pipeline.client)
  await pipeline.drain()
  while ((await projectOnce(REACTIONS)) > 0);
  return applied
}

async function served(): Promise<Record<string, Record<string, string>>> {
  const result = await readClient(databases.clickhouseReadUrl).query({
    query: 'SELECT unit_id, reason, condition, finding, disposition, status FROM units FINAL ORDER BY unit_id',
    format: 'JSONEachRow',
  })
  const rows = await result.json<Record<string, string>>()
  return Object.fromEntries(rows.map(({ unit_id: unit = '', ...row }) => [unit, row]))
}

async function expectClean() {
  const found = await verify(pipeline.pool, pipeline.client)
  expect(found).toMatchObject({ differences: [], rollups: [], served: { stale: 0 }, pending: 0 })
}

/** The cases and the figures say the same of every unit. */
async function expectBothSides(units: Record<string, object>) {
  const figures = await served()
  for (const [unit, codes] of Object.entries(units)) {
    expect({ unit, ...figures[unit] }).toMatchObject({ unit, ...codes })
    expect({ unit, ...(await unitNow(unit)) }).toMatchObject({ unit, ...codes })
  }
}

const exceptions = async () =>
  (
    await pool().query<{ subject: string; state: string; resolution: string | null; owner_role: string }>(
      "SELECT subject, state, resolution, owner_role FROM case_exception WHERE kind = 'unmapped_code' ORDER BY raised_at, subject",
    )
  ).rows

test('an unknown code waits with the code beside it, and one exception says so', async () => {
  const { answer } = await door.post([
    ...[asked('U-1', 'APPAREL_TOO_SMALL'), asked('U-2', 'APPAREL_TOO_SMALL'), asked('U-3', 'quality')],
    ...[received('U-1', 'GRADE-B'), inspected('U-1', 'GRADE-B', 'WORN')],
  ])
  expect(answer).toMatchObject({ accepted: 1, quarantined: 4, errors: [{ code: 'code_unknown' }, {}, {}, {}] })
  expect((await pool().query('SELECT path, given FROM quarantine ORDER BY id')).rows).toEqual(
    expect.arrayContaining([
      { path: 'data.reason_code', given: 'APPAREL_TOO_SMALL' },
      { path: 'data.condition_code', given: 'GRADE-B' },
    ]),
  )
  await settle()
  await settle()
  expect(await exceptions()).toEqual([
    ...[
      { subject: '/shop/brand condition GRADE-B', state: 'open', resolution: null, owner_role: 'integration_admin' },
      {
        ...{ subject: '/shop/brand reason APPAREL_TOO_SMALL', state: 'open', resolution: null },
        owner_role: 'integration_admin',
      },
    ],
  ])
  expect(Object.keys(await served())).toEqual(['U-3'])
})

test('who may say what it means: the right role, a standard code, what was seen', async () => {
  const ines = somebody('ines', ['cs_agent'])
  expect(await refused(map(ines, 'reason', 'APPAREL_TOO_SMALL', 'too_small'))).toBe('forbidden')
  expect(await refused(map(sam, 'reason', 'APPAREL_TOO_SMALL', 'too_tight'))).toBe('unknown_code')
  expect(await refused(map(sam, 'reason', 'quality', 'defective'))).toBe('standard_code')
  expect(await refused(map(sam, 'status', 'GONE', 'lost'))).toBe('invalid_input')
  expect(await refused(map(sam, 'reason', 'APPAREL_TOO_SMALL', 'too_small', 3))).toBe('changed_meanwhile')
  const both = await Promise.all([
    refused(map(sam, 'reason', 'APPAREL_TOO_SMALL', 'too_large')),
    refused(map(hugo, 'reason', 'APPAREL_TOO_SMALL', 'too_large')),
  ])
  expect(both.sort()).toEqual(['changed_meanwhile', 'done'])
  await expect(pool().query("UPDATE code_mapping SET code = 'too_small'")).rejects.toThrow('audit')
  await expect(pool().query('DELETE FROM code_mapping')).rejects.toThrow('never removed')
})

test('a mapping lets in what waited: the case and the figures have it, and the exception is over', async () => {
  expect(await settle()).toEqual({ replayed: 2, units: 0 })
  await expectBothSides({
    'U-1': { reason: 'too_large' },
    'U-2': { reason: 'too_large' },
    'U-3': { reason: 'quality' },
  })
  await settle()
  const [, reason] = await exceptions()
  expect(reason).toMatchObject({ state: 'resolved', resolution: 'mapped' })
  // The log keeps the sender's own bytes; so does the truth.
  const { rows } = await pool().query<{ body: string }>("SELECT body FROM event_log WHERE id = 'U-1/asked'")
  expect(rows[0]?.body).toBe(JSON.stringify(asked('U-1', 'APPAREL_TOO_SMALL')))
  // What comes in later is understood at the door, and what came in already is a duplicate.
  const again = await door.post([asked('U-1', 'APPAREL_TOO_SMALL')])
  expect(again.answer.accepted + again.answer.duplicates + again.answer.quarantined).toBe(1)
  await settle()
  await expectClean()
})

test('a code behind another: the inspection waits for its finding once its condition is known', async () => {
  await map(sam, 'condition', 'GRADE-B', 'B')
  expect(await settle()).toMatchObject({ replayed: 1 })
  expect((await quarantined()).filter(({ state }) => state === 'open').map(({ path }) => path)).toEqual([
    'data.finding_code',
  ])
  await map(hugo, 'finding', 'WORN', 'used')
  expect(await settle()).toMatchObject({ replayed: 1 })
  await expectBothSides({ 'U-1': { reason: 'too_large', condition: 'B', finding: 'used', status: 'received' } })
  await settle()
  expect((await exceptions()).every(({ state, resolution }) => state === 'resolved' && resolution === 'mapped')).toBe(
    true,
  )
  await expectClean()
})

test('another meaning: history is read again on both sides, nothing else moves, and a rebuild gives the same', async () => {
  expect(await refused(map(sam, 'reason', 'APPAREL_TOO_SMALL', 'too_small', 1, ''))).toBe('reason_missing')
  expect(await map(sam, 'reason', 'APPAREL_TOO_SMALL', 'too_small', 1, 'It was mapped by mistake')).toEqual({
    version: 2,
  })
  const before = await unitNow('U-3')
  expect(await settle()).toEqual({ replayed: 0, units: 2 })
  await expectBothSides({ 'U-1': { reason: 'too_small', finding: 'used' }, 'U-2': { reason: 'too_small' } })
  expect(await unitNow('U-3')).toEqual(before)
  expect(await settle()).toEqual({ replayed: 0, units: 0 })
  await expectClean()
  const figures = await served()
  await rebuild(pipeline.pool, pipeline.client, databases.clickhouseUrl)
  expect(await served()).toEqual(figures)
  await expectClean()
  const { rows } = await pool().query<{ action: string; actor: string; reason: string; diff: unknown }>(
    "SELECT action, actor, reason, diff FROM audit_entry WHERE object_type = 'code_mapping' AND object_id LIKE '%TOO_SMALL' ORDER BY seq",
  )
  expect(rows.map(({ action, diff }) => ({ action, diff }))).toEqual([
    { action: 'code.mapped', diff: { code: [null, 'too_large'], version: [null, 1] } },
    { action: 'code.mapped', diff: { code: ['too_large', 'too_small'], version: [1, 2] } },
    { action: 'code.applied', diff: { code: 'too_small', units: 2 } },
  ])
  expect(rows[1]).toMatchObject({ actor: 'person-sam', reason: 'It was mapped by mistake' })
})

test('a disposition that means something else moves goods and books with it', async () => {
  await door.post([
    event('unit.dispositioned.v1', 'U-1/what', '2026-05-14T10:00:00Z', { unit_id: 'U-1', disposition: 'SALVAGE' }),
  ])
  await map(sam, 'disposition', 'SALVAGE', 'liquidate')
  await settle()
  await expectBothSides({ 'U-1': { disposition: 'liquidate', status: 'liquidation' } })
  await map(sam, 'disposition', 'SALVAGE', 'refurbish', 1, 'They mend these, they do not sell them off')
  await settle()
  await expectBothSides({ 'U-1': { disposition: 'refurbish', status: 'refurbish' } })
  const { rows } = await pool().query<{ status: string; quantity: number }>(
    "SELECT status, sum(quantity)::int AS quantity FROM stock_balance WHERE sku = 'BH-1' AND status <> 'expected' GROUP BY status HAVING sum(quantity) <> 0",
  )
  expect(rows).toEqual([{ status: 'refurbish', quantity: 1 }])
  await expectClean()
})

test('a code that is dismissed ends its exception as ignored', async () => {
  await door.post([asked('U-9', 'X17')])
  await settle()
  await run(sam, 'quarantine.dismiss', { which: { given: 'X17' }, reason: 'a test of the sender' })
  await settle()
  expect((await exceptions()).at(-1)).toMatchObject({ subject: '/shop/brand reason X17', resolution: 'ignored' })
})
