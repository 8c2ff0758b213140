import { beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../lib/auth/accounts'
import type { Actor } from '../../lib/auth/actor'
import type { RoleName } from '../../lib/auth/permissions'
import { pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { raise, resolveByMachine } from '../../lib/workflow/exceptions'
import { execute } from '../../lib/workflow/execute'
import { exceptionQueue } from '../../lib/workflow/read/exceptions'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

const ines = somebody('ines', ['cs_agent'])
const piotr = somebody('piotr', ['warehouse_manager'], { entities: null, facilities: ['lodz'], channels: null })

async function run<Result>(actor: Actor, name: string, input: unknown): Promise<Result> {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  const { result } = await execute(actor, command, input)
  return result as Result
}

const refused = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : `unexpected: ${String(error)}`),
  )

const rowOf = async (id: string) =>
  (await pool().query('SELECT * FROM case_exception WHERE id = $1', [id])).rows[0] as Record<string, unknown>

describe('exceptions', () => {
  const units: string[] = []
  const ids: string[] = []

  beforeAll(async () => {
    await freshDatabases()
    await openFacility('venlo')
    await openFacility('lodz', 'Europe/Warsaw')
    for (const [id, facility] of [
      ['x1', 'venlo'],
      ['x2', 'venlo'],
      ['x3', 'lodz'],
    ] as const) {
      const { unit } = await onItsWay({ id, sku: 'SKU-X', quantity: 1, net: '40', unitCost: '10' }, { facility })
      units.push(unit)
      const { id: raised } = await run<{ id: string }>(ines, 'exception.raise', {
        kind: 'late_shipment',
        unitId: unit,
        message: 'Nobody has seen it since Monday.',
      })
      ids.push(raised)
    }
  })

  it('are raised once while they are open, with owner, due time and what is at stake by their kind', async () => {
    const again = await run<{ id: string }>(ines, 'exception.raise', {
      kind: 'late_shipment',
      unitId: units[0],
      message: 'Still nothing.',
    })
    expect(again.id).toBe(ids[0])
    const row = await rowOf(ids[0] ?? '')
    expect(row).toMatchObject({
      owner_role: 'cs_agent',
      severity: 'low',
      state: 'open',
      value: 400000n,
      rma_id: 'R-x1',
    })
    expect(Date.parse(String(row.due_at)) - Date.parse(String(row.raised_at))).toBe(7 * 86_400_000)
  })

  it('are about something that the person may see', async () => {
    const about = { kind: 'late_shipment', message: 'Not mine.' }
    expect(await refused(run(piotr, 'exception.raise', { ...about, unitId: units[0] }))).toBe('not_found')
    expect(await refused(run(ines, 'exception.raise', { ...about, unitId: 'nothing' }))).toBe('not_found')
    expect(await refused(run(ines, 'exception.raise', about))).toBe('subject_missing')
    expect(await refused(run(piotr, 'exception.resolve', { ids: [ids[0]], resolution: 'arrived' }))).toBe('not_found')
    const { lines } = await exceptionQueue(piotr, {})
    expect(lines.map(({ id }) => id)).toEqual([ids[2]])
  })

  it('are given only to somebody who may resolve them, and keep every note', async () => {
    const scope = { entities: null, facilities: null, channels: null }
    const account = async (name: string, roles: RoleName[], own = scope) =>
      createAccount({ email: `${name}@test.example`, name, roles, password: 'correct horse battery', scope: own })
    const agent = await account('agent', ['cs_agent'])
    const reader = await account('reader', ['auditor'])
    const elsewhere = await createAccount({
      email: 'elsewhere@test.example',
      name: 'elsewhere',
      roles: ['cs_agent'],
      password: 'correct horse battery',
      scope: { ...scope, facilities: ['lodz'] },
    })
    const id = ids[0]
    expect(await refused(run(ines, 'exception.assign', { id, assignee: reader.id }))).toBe('not_theirs')
    expect(await refused(run(ines, 'exception.assign', { id, assignee: elsewhere.id }))).toBe('not_theirs')
    expect(await refused(run(ines, 'exception.assign', { id, assignee: crypto.randomUUID() }))).toBe('unknown_person')
    await run(ines, 'exception.assign', { id, assignee: agent.id })
    await run(ines, 'exception.note', { id, note: 'Asked nordpost.' })
    expect(await refused(run(ines, 'exception.note', { id, note: ' ' }))).toBe('invalid_input')
    const audited = await pool().query(
      `SELECT action FROM audit_entry WHERE object_id = $1 AND action IN ('exception.assigned', 'exception.noted') ORDER BY seq`,
      [id],
    )
    expect(audited.rows.map(({ action }) => action)).toEqual(['exception.assigned', 'exception.noted'])
    await run(ines, 'exception.resolve', { ids: [id], resolution: 'traced_with_carrier', note: 'Found in Duisburg.' })
    expect(await rowOf(id ?? '')).toMatchObject({
      state: 'resolved',
      resolution: 'traced_with_carrier',
      assignee: agent.id,
      note: 'ines: Asked nordpost.\nFound in Duisburg.',
      resolved_by: 'person-ines',
    })
  })

  it('end with an outcome of their kind, several at once or none of them', async () => {
    const [, second, third] = ids
    expect(await refused(run(ines, 'exception.resolve', { ids: [second], resolution: 'let_go' }))).toBe(
      'unknown_resolution',
    )
    expect(await refused(run(ines, 'exception.resolve', { ids: [second, ids[0]], resolution: 'arrived' }))).toBe(
      'exception_closed',
    )
    expect(await rowOf(second ?? '')).toMatchObject({ state: 'open' })
    expect(await run(ines, 'exception.resolve', { ids: [second, third, second], resolution: 'arrived' })).toEqual({
      resolved: 2,
    })
    expect(await rowOf(third ?? '')).toMatchObject({ state: 'resolved', resolution: 'arrived' })
    const { total } = await exceptionQueue(ines, {})
    expect(total).toBe(0)
  })

  it('end by themselves when what they were about is over, and only those', async () => {
    const { unit } = await onItsWay({ id: 'x4', sku: 'SKU-X', quantity: 1, net: '40', unitCost: '10' })
    await withTransaction(async (tx) => {
      const recorder = automationRecorder(tx, 'exceptions', new Date(), 'test/x4')
      await raise(recorder, { kind: 'late_shipment', unitId: unit, rmaId: 'R-x4', message: 'Late.' })
      await raise(recorder, { kind: 'serial_conflict', unitId: unit, rmaId: 'R-x4', message: 'Another serial.' })
      await resolveByMachine(recorder, {
        kind: 'late_shipment',
        unitId: unit,
        resolution: 'arrived',
        note: 'Received.',
      })
    })
    const { rows } = await pool().query('SELECT kind, state FROM case_exception WHERE unit_id = $1 ORDER BY kind', [
      unit,
    ])
    expect(rows).toEqual([
      { kind: 'late_shipment', state: 'resolved' },
      { kind: 'serial_conflict', state: 'open' },
    ])
  })

  it('of outside systems belong to the role that the kind belongs to here, whatever the sender called it', async () => {
    const { unit } = await onItsWay({ id: 'x5', sku: 'SKU-X', quantity: 1, net: '90', unitCost: '10' })
    await tell(
      [
        {
          specversion: '1.0',
          id: 'wms/x5',
          source: '/wms/test',
          type: 'exception.raised.v1',
          time: new Date(Date.now() - 9 * 86_400_000).toISOString(),
          subject: unit,
          data: {
            exception_id: 'WMS-5',
            kind: 'quantity_mismatch',
            unit_id: unit,
            owner_role: 'warehouse',
            severity: 'high',
          },
        },
      ],
      '/wms/test',
    )
    const manager = somebody('mira', ['warehouse_manager'])
    const { lines, mine } = await exceptionQueue(manager, { mine: true })
    expect(mine).toBe(1)
    expect(lines[0]).toMatchObject({ id: 'WMS-5', ownerRole: 'warehouse_manager', mine: true, overdue: true })
    expect((await exceptionQueue(ines, { mine: true })).lines.map(({ id }) => id)).not.toContain('WMS-5')
  })
})
