import { beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS, permissionsOf, ROLE_NAMES, ROLES } from '../../lib/auth/permissions'
import { pool, sqlState, withTransaction } from '../../lib/db/client'
import { auditEntry, duty } from '../../lib/db/schema'
import { UserError } from '../../lib/errors'
import { DUTIES, DUTY_CONFLICTS, type Duty } from '../../lib/returns/duties'
import { execute } from '../../lib/workflow/execute'
import { COMMANDS } from '../../lib/workflow/registry'
import { openFacility, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
beforeAll(() => openFacility())

/** Everything that a command could change; the command log and the refusals are no changes. */
async function everything(): Promise<string> {
  const { rows } = await pool().query<{ n: string }>(`
    SELECT string_agg(n::text, ',') AS n FROM (
      SELECT (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', table_name), false, true, '')))[1]::text AS n
      FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT IN ('refusal') ORDER BY table_name) t`)
  return rows[0]?.n ?? ''
}

describe('who may carry out what', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s: the roles of its permission and nobody else',
    async (_name, command) => {
      expect(Object.keys(PERMISSIONS)).toContain(command.permission)
      const before = await everything()
      for (const role of ROLE_NAMES) {
        const actor = somebody(`matrix-${role}`, [role])
        // An input that no command takes: whoever may, is told so; whoever may not, is told that and nothing of the input.
        const code = await execute(actor, command, { nothing: 'of the kind' }).then(
          () => 'done',
          (error: unknown) => (error instanceof UserError ? error.code : String(error)),
        )
        const may = permissionsOf([role]).has(command.permission)
        expect(code, `${role} ${may ? 'may' : 'may not'}`).toBe(may ? 'invalid_input' : 'forbidden')
      }
      expect(await everything()).toBe(before)
    },
  )

  it('and every attempt of somebody who may not is written down', async () => {
    const { rows } = await pool().query<{ command: string; actor: string }>(
      "SELECT DISTINCT command, actor FROM refusal WHERE code = 'forbidden'",
    )
    const seen = new Set(rows.map(({ command, actor }) => `${command} ${actor}`))
    for (const command of COMMANDS)
      for (const role of ROLE_NAMES)
        if (!permissionsOf([role]).has(command.permission))
          expect(seen).toContain(`${command.name} person-matrix-${role}`)
  })

  it('gives auditors and executives no write but to look at a control', () => {
    const writes = (role: 'auditor' | 'exec_viewer') =>
      COMMANDS.filter(({ permission }) => permissionsOf([role]).has(permission)).map(({ name }) => name)
    expect(writes('exec_viewer')).toEqual([])
    expect(writes('auditor')).toEqual(['control.look'])
    expect(ROLES.auditor.permissions).not.toContain('approvals:decide')
  })
})

/** One person notes a duty; answers the code of the control that refused it. */
async function note(person: string, name: Duty, about: { unitId: string; rmaId: string }): Promise<string> {
  try {
    await withTransaction(async (tx) => {
      await tx.insert(auditEntry).values({
        ...{ at: new Date(), actorKind: 'system', actor: 'x', action: 'x', objectType: 'x', objectId: 'x', diff: {} },
      })
      await tx.insert(duty).values({ ...about, duty: name, person, at: new Date() })
    })
    return 'noted'
  } catch (error) {
    if (sqlState(error) !== 'BH001') throw error
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      if ('detail' in each) return String(each.detail)
    return 'BH001'
  }
}

describe('which duties exclude each other', () => {
  const scopeOf = (a: Duty, b: Duty) =>
    DUTY_CONFLICTS.find(([first, second]) => (first === a && second === b) || (first === b && second === a))?.[2]
  const pairs = DUTIES.flatMap((a) => DUTIES.map((b) => [a, b] as const))

  it.each(pairs)('%s, then %s', async (first, second) => {
    const scope = scopeOf(first, second)
    const about = (unit: number) => ({ unitId: `U-${first}-${second}-${unit}`, rmaId: `R-${first}-${second}` })
    expect(await note('one', first, about(1))).toBe('noted')
    // Somebody else always may; the same person not on the same unit, nor, where the pair excludes each other on the whole case, on another.
    expect(await note('other', second, about(1))).toBe('noted')
    expect(await note('one', second, about(1))).toBe(scope === undefined ? 'noted' : 'segregation_of_duties')
    expect(await note('one', second, about(2))).toBe(scope === 'rma' ? 'segregation_of_duties' : 'noted')
    expect(await note('one', second, { unitId: `U-else-${first}-${second}`, rmaId: `R-else-${first}-${second}` })).toBe(
      'noted',
    )
  })

  it('whoever did both on a whole case did them on each unit of it', async () => {
    expect(await note('whole', 'receive', { unitId: '', rmaId: 'R-whole' })).toBe('noted')
    expect(await note('whole', 'inspect', { unitId: 'U-whole', rmaId: 'R-whole' })).toBe('segregation_of_duties')
  })

  it('no person may be the outside of a source', async () => {
    expect(await note('/wms/venlo', 'receive', { unitId: 'U-src', rmaId: 'R-src' })).toBe('noted')
    expect(await note('/wms/venlo', 'inspect', { unitId: 'U-src', rmaId: 'R-src' })).toBe('noted')
  })
})
