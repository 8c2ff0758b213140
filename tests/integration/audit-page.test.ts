import { beforeAll, expect, it } from 'vitest'
import { createAccount } from '../../lib/auth/accounts'
import { pool, withTransaction } from '../../lib/db/client'
import { AUDIT_ACTS } from '../../lib/db/schema'
import { auditPage } from '../../lib/workflow/read/audit'
import { audit } from '../../lib/workflow/record/audit'
import type { Doer } from '../../lib/workflow/record/types'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const greta = somebody('greta', ['auditor'])
const by = (kind: Doer['kind']): Doer => ({ kind, id: `${kind}-1`, name: kind, roles: [] })
const did = (doer: Doer, action: string, count = 1, objectType = action.split('.')[0] ?? '') =>
  withTransaction((tx) =>
    audit(
      tx,
      doer,
      new Date(),
      Array.from({ length: count }, (_, at) => ({ action, objectType, objectId: `${objectType}-${at}`, diff: {} })),
    ),
  )

beforeAll(async () => {
  await did(by('person'), 'rma.created')
  await did(by('key'), 'settlement.changed')
  await did(by('automation'), 'approval.expired')
  // At the machine itself, where nobody has signed in.
  await createAccount({ email: 'ada@test.example', name: 'Ada', roles: ['auditor'] })
  await did(by('person'), 'evidence.opened')
  await did(by('source'), 'unit.changed', 3_000)
  await did(by('automation'), 'unit.changed', 200)
  await did(by('system'), 'rules.installed')
})

const actionsOf = async (asked: Parameters<typeof auditPage>[1]) =>
  (await auditPage(greta, asked)).lines.map(({ action, actorKind }) => `${actorKind} ${action}`)

it('shows what people, keys and approvals changed, and who may do what, behind thousands of scans', async () => {
  expect(await actionsOf({ kind: 'acts' })).toEqual([
    'system account.created',
    'automation approval.expired',
    'key settlement.changed',
    'person rma.created',
  ])
  expect((await auditPage(greta, { kind: 'acts' })).next).toBeNull()
  expect(await actionsOf({ kind: 'acts', action: 'unit.changed' })).toEqual([])
  expect(await actionsOf({ kind: 'person' })).toEqual(['person evidence.opened', 'person rma.created'])
})

it('shows everything to who asks for it, a page at a time', async () => {
  const first = await auditPage(greta, {})
  expect(first.lines[0]).toMatchObject({ actorKind: 'system', action: 'rules.installed' })
  expect(first.lines[1]).toMatchObject({ actorKind: 'automation', action: 'unit.changed' })
  expect(first.next).not.toBeNull()
  const { rows } = await pool().query("SELECT seq::text FROM audit_entry WHERE action = 'rma.created'")
  const last = await auditPage(greta, { before: String(Number(rows[0].seq) + 1) })
  expect(last.lines[0]).toMatchObject({ action: 'rma.created' })
})

it('finds what people did without reading what lies between', async () => {
  await pool().query('ANALYZE audit_entry')
  const { rows } = await pool().query(
    `EXPLAIN SELECT seq FROM audit_entry e WHERE ${AUDIT_ACTS} ORDER BY e.seq DESC LIMIT 61`,
  )
  expect(JSON.stringify(rows)).toContain('audit_entry_acts')
})
