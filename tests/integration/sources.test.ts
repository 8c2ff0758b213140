import { expect, test } from 'vitest'
import { verifyKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { codesView } from '../../lib/workflow/read/codes'
import { sourcesView } from '../../lib/workflow/read/sources'
import { commandNamed } from '../../lib/workflow/registry'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { openDoor, receipt } from './ingest-client'

await freshDatabases()
const door = openDoor()
const sam = somebody('sam', ['integration_admin'])
const ada = somebody('ada', ['auditor'])
const ines = somebody('ines', ['cs_agent'])

const run = (actor: typeof sam, name: string, input: unknown, commandId?: string) => {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  return execute(actor, command, input, commandId)
}
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

test('a key made by command works, is told once, kept nowhere, audited, and revoked', async () => {
  const input = { name: 'Venlo WMS', scope: 'events:write', sources: '/wms/venlo, /wms/lodz*', days: 30 }
  expect(await refused(run(ada, 'key.create', input))).toBe('forbidden')
  expect(await refused(run(sam, 'key.create', { ...input, sources: 'a*b' }))).toBe('source_invalid')
  const id = crypto.randomUUID()
  const first = (await run(sam, 'key.create', input, id)).result as { id: string; key: string }
  expect(await verifyKey(first.key)).toMatchObject({ id: first.id, sources: ['/wms/venlo', '/wms/lodz*'] })
  // The same press again: the same key, and no secret, since nobody has it any more.
  const again = await run(sam, 'key.create', input, id)
  expect(again).toMatchObject({ repeated: true, result: { id: first.id, key: '' } })
  const secret = first.key.split('_').at(-1) ?? ''
  const { rows: told } = await pool().query('SELECT FROM command WHERE result::text LIKE $1', [`%${secret}%`])
  expect(told).toEqual([])
  await run(sam, 'key.revoke', { id: first.id, reason: 'the warehouse has left' })
  expect(await refused(run(sam, 'key.revoke', { id: first.id, reason: 'the warehouse has left' }))).toBe('key_unknown')
  const { rows } = await pool().query<{ action: string; actor: string; reason: string; diff: string }>(
    "SELECT action, actor, reason, diff::text FROM audit_entry WHERE object_type = 'api_key' AND object_id = $1 ORDER BY seq",
    [first.id],
  )
  expect(rows.map(({ action, actor, reason }) => ({ action, actor, reason }))).toEqual([
    { action: 'api_key.created', actor: 'person-sam', reason: '' },
    { action: 'api_key.changed', actor: 'person-sam', reason: 'the warehouse has left' },
  ])
  expect(rows.map(({ diff }) => diff).join()).not.toContain(secret)
})

test('sources say when they last spoke, how much, how late, and what waits; only to who may know', async () => {
  const now = new Date(Date.now() - 60_000).toISOString()
  await door.post([
    receipt('a', { source: '/wms/venlo', time: now }),
    receipt('b', { source: '/wms/venlo', time: now }),
    receipt('b', { source: '/wms/venlo', time: now }, { quantity: 9 }),
    receipt('c', { source: '/wms/lodz', time: 'yesterday' }),
    receipt('d', { source: '/shop/x', time: now }, { condition_code: 'Like-New' }),
  ])
  expect(await refused(sourcesView(ines))).toBe('forbidden')
  const { sources, delivery, keys } = await sourcesView(sam)
  expect(sources).toEqual([
    expect.objectContaining({ source: '/shop/x', events: 0, lastAt: null, lagSeconds: null, refused: 1, conflicts: 0 }),
    expect.objectContaining({ source: '/wms/lodz', events: 0, refused: 1, silent: false }),
    expect.objectContaining({ source: '/wms/venlo', events: 2, refused: 0, conflicts: 1 }),
  ])
  expect(sources[2]?.lagSeconds).toBeGreaterThan(55)
  expect(delivery.unsealed).toBe(2)
  expect(keys?.map(({ state }) => state).sort()).toEqual(['in_force', 'revoked'])
  expect((await sourcesView(ada)).keys).not.toBeNull()
  expect((await codesView(ines)).closed).toMatch(/compliance officer/)
  expect(await codesView(sam)).toMatchObject({
    closed: '',
    tasks: [
      { source: '/shop/x', list: 'condition', outside: 'Like-New', events: 1, units: 1, suggestion: { code: 'B' } },
    ],
  })
})
