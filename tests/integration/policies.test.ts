import { expect, it } from 'vitest'
import type { Actor } from '../../lib/auth/actor'
import { db, pool } from '../../lib/db/client'
import { type TextRow, textRows } from '../../lib/returns/policy-text'
import { enabled } from '../../lib/workflow/automation'
import { execute } from '../../lib/workflow/execute'
import { activePolicy } from '../../lib/workflow/policies'
import { commandNamed } from '../../lib/workflow/registry'
import { settingOf } from '../../lib/workflow/settings'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const hugo = somebody('hugo', ['compliance_officer'])
const heidi = somebody('heidi', ['compliance_officer'])
const farah = somebody('farah', ['controller'])
const oscar = somebody('oscar', ['refund_approver_l2'])
const sam = somebody('sam', ['integration_admin'])

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
const versionOf = async (version: number) =>
  (
    await pool().query<{ state: string; hash: string }>(
      "SELECT state, hash FROM policy WHERE kind = 'returns' AND version = $1",
      [version],
    )
  ).rows[0]
const rowsNow = async (): Promise<TextRow[]> => textRows((await activePolicy(db(), 'returns', new Date())).table)
const about = (version: number) => ({ kind: 'returns', version })

it('a version is drafted, edited, sent, approved by two others, and then decides', async () => {
  expect(await refused(run(farah, 'policy.draft', { kind: 'returns' }))).toBe('forbidden')
  const { version } = await run<{ version: number }>(hugo, 'policy.draft', { kind: 'returns' })
  expect(version).toBe(2)
  expect(await refused(run(hugo, 'policy.draft', { kind: 'returns' }))).toBe('draft_exists')
  const seen = (await versionOf(2))?.hash ?? ''
  expect(await refused(run(hugo, 'policy.submit', { ...about(2), note: 'It changes nothing' }))).toBe('nothing_changed')
  const rows = await rowsNow()
  const changed = rows.map((row) =>
    row.id === 'abuse' ? { ...row, when: { ...row.when, returns_90d: '20 ..' } } : row,
  )
  expect(await refused(run(hugo, 'policy.edit', { ...about(2), seen: 'old', rows: changed }))).toBe('changed_meanwhile')
  expect(
    await refused(
      run(hugo, 'policy.edit', {
        ...about(2),
        seen,
        rows: rows.map((row) => ({ ...row, when: { ...row.when, days: 'many' } })),
      }),
    ),
  ).toBe('invalid_table')
  expect(await refused(run(hugo, 'policy.edit', { ...about(2), seen, rows: [...rows, ...rows.slice(0, 1)] }))).toBe(
    'invalid_table',
  )
  await run(hugo, 'policy.edit', { ...about(2), seen, rows: changed })
  expect(
    await refused(
      run(hugo, 'policy.submit', { ...about(2), note: 'Later than never', effectiveFrom: '2020-01-01T00:00:00Z' }),
    ),
  ).toBe('past_date')
  const { approvalId } = await run<{ approvalId: string }>(hugo, 'policy.submit', {
    ...about(2),
    note: 'Loyal customers return more',
  })
  expect(await refused(run(hugo, 'policy.edit', { ...about(2), seen, rows }))).toBe('policy_state')
  await expect(
    pool().query("UPDATE policy SET \"table\" = '{}' WHERE version = 2 AND kind = 'returns'"),
  ).rejects.toThrow(/not changed/)
  expect(await refused(run(hugo, 'approval.approve', { ids: [approvalId] }))).not.toBe('done')
  await run(farah, 'approval.approve', { ids: [approvalId] })
  expect((await activePolicy(db(), 'returns', new Date())).version).toBe(1)
  expect(await refused(run(farah, 'approval.approve', { ids: [approvalId] }))).not.toBe('done')
  await run(oscar, 'approval.approve', { ids: [approvalId] })
  const active = await activePolicy(db(), 'returns', new Date())
  expect(active.version).toBe(2)
  expect(active.table.rows.find(({ id }) => id === 'abuse')?.when).toEqual({ returns_90d: { from: 20 } })
  // What was decided before stays decided by what was in force then.
  expect((await activePolicy(db(), 'returns', new Date(Date.now() - 3_600_000))).version).toBe(1)
})

it('a version for later decides from its day on; a rejected one never; a discarded one is gone', async () => {
  const { version } = await run<{ version: number }>(heidi, 'policy.draft', { kind: 'returns' })
  const seen = (await versionOf(version))?.hash ?? ''
  const rows = (await rowsNow()).filter(({ id }) => id !== 'abuse')
  await run(heidi, 'policy.edit', { ...about(version), seen, rows })
  const later = new Date(Date.now() + 86_400_000)
  const { approvalId } = await run<{ approvalId: string }>(heidi, 'policy.submit', {
    ...about(version),
    note: 'From tomorrow on',
    effectiveFrom: later.toISOString(),
  })
  await run(farah, 'approval.approve', { ids: [approvalId] })
  await run(hugo, 'approval.approve', { ids: [approvalId] })
  expect((await activePolicy(db(), 'returns', new Date())).version).toBe(2)
  expect((await activePolicy(db(), 'returns', new Date(later.getTime() + 1))).version).toBe(version)
  const second = await run<{ version: number }>(heidi, 'policy.draft', { kind: 'returns', from: 1 })
  const asked = await run<{ approvalId: string }>(heidi, 'policy.submit', {
    ...about(second.version),
    note: 'Back to the first one',
  })
  await run(farah, 'approval.reject', { ids: [asked.approvalId], reason: 'We have just left it' })
  expect((await versionOf(second.version))?.state).toBe('rejected')
  const third = await run<{ version: number }>(heidi, 'policy.draft', { kind: 'returns' })
  await run(heidi, 'policy.discard', about(third.version))
  expect((await versionOf(third.version))?.state).toBe('rejected')
})

it('of two who draft at once, each has a version of their own', async () => {
  const made = await Promise.all([
    run<{ version: number }>(hugo, 'policy.draft', { kind: 'routing' }),
    run<{ version: number }>(heidi, 'policy.draft', { kind: 'routing' }),
  ])
  expect(made.map(({ version }) => version).sort()).toEqual([2, 3])
})

it('automation is switched, limits are set, and both are obeyed at once', async () => {
  expect(await enabled(db(), 'routing')).toBe(true)
  await run(sam, 'automation.switch', { id: 'routing', enabled: false, reason: 'Stocktaking' })
  expect(await enabled(db(), 'routing')).toBe(false)
  expect(await refused(run(sam, 'automation.switch', { id: 'routing', enabled: false, reason: 'Stocktaking' }))).toBe(
    'nothing_changed',
  )
  expect(
    await refused(run(sam, 'automation.switch', { id: 'everything', enabled: false, reason: 'Stocktaking' })),
  ).toBe('invalid_input')
  await run(sam, 'setting.change', { key: 'late_hours', value: '48', reason: 'Carriers are slow' })
  expect(await settingOf(db(), 'late_hours')).toBe(48)
  for (const value of ['-1', '"two"', '{', '1.5'])
    expect(await refused(run(sam, 'setting.change', { key: 'late_hours', value, reason: 'Try' }))).toBe('invalid_value')
  expect(await refused(run(sam, 'setting.change', { key: 'no_such', value: '1', reason: 'Try' }))).toBe('invalid_input')
  const { rows } = await pool().query(
    "SELECT action FROM audit_entry WHERE action IN ('automation.switched', 'setting.changed') ORDER BY seq",
  )
  expect(rows.map(({ action }) => action)).toEqual(['automation.switched', 'setting.changed'])
})
