import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { COMMANDS, commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility } from '../setup/cases'
import { brokenNow, contents } from '../setup/contents'
import { cutAt } from '../setup/cut'
import { freshDatabases } from '../setup/databases'
import type { Job } from '../setup/job-child'
import { SCENARIOS } from '../setup/scenarios/all'
import { bought, jo, rows, type Scenario } from '../setup/scenarios/scenario'
import { type ShortLived, shortLived } from '../setup/short-lived'

/**
 * At how many statements of each command it is cut, and whether a process is killed on one side of its commit, by turns, or on both:
 * `CRASH_POINTS=1000` for every statement and both sides.
 */
const POINTS = Number(process.env.CRASH_POINTS ?? 1)
const BOTH = POINTS > 10

/** Tables in which a command notes that it was carried out, and what it saw. */
const UNAUDITED = new Set(['command', 'control_check'])

await freshDatabases()
let processes: ShortLived
beforeAll(async () => {
  processes = await shortLived('tests/setup/job-child.ts')
  await openFacility()
})
afterAll(() => processes.close())

/** A scenario brought about, with the ways to press its button: here, and in a process that can be killed. */
async function ready({ command: name, build }: Scenario) {
  const command = commandNamed(name)
  if (!command) throw new Error(`there is no command ${name}`)
  const { actor, input } = await build()
  const { permissions: _, ...person } = actor
  const [id, at] = [crypto.randomUUID(), new Date()]
  const job: Job = { kind: 'command', actor: person, name, input, id, at: at.toISOString() }
  return { id, actor, press: () => execute(actor, command, input, id, at), job }
}

/** At most so many of the statements before the last, evenly spread; where they begin is another for each scenario, so that none is left out of all. */
const spread = (statements: number, scenario: number): number[] => {
  const step = Math.max(1, Math.ceil((statements - 1) / POINTS))
  const first = 1 + (scenario % step)
  return Array.from({ length: Math.ceil((statements - first) / step) }, (_, index) => first + index * step)
}

it('has every command there is', () => {
  const covered = new Set(SCENARIOS.map(({ command }) => command))
  expect(COMMANDS.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([])
})

describe('a command that dies leaves all of it or nothing, and is done once when it is pressed again', () => {
  it.each(
    SCENARIOS.map((each, index) => [`${each.command}${each.about ? `: ${each.about}` : ''}`, each, index] as const),
  )('%s', async (_title, scenario, index) => {
    const { id, actor, press, job } = await ready(scenario)
    const before = await contents()
    const held = await brokenNow()

    // The database's process dies before the commit reaches it; and either process at statements on the way there.
    const { statements = 0, error } = await cutAt('commit', 'server', press)
    if (statements === 0) throw error ?? new Error('it was carried out without a transaction')
    expect(error).toBeInstanceOf(Error)
    expect(await contents(), 'cut at the commit').toEqual(before)
    for (const n of spread(statements, index)) {
      const cut = await cutAt(n, n % 2 === 0 ? 'client' : 'server', press)
      expect(cut.error, `cut at statement ${n}`).toBeInstanceOf(Error)
      expect(await contents(), `cut at statement ${n}`).toEqual(before)
    }
    // No connection is kept by what died on it.
    expect(pool().totalCount).toBe(pool().idleCount)

    // The process is killed right before its commit, and right after.
    const early = index % 2 === 0
    if (BOTH || early) {
      expect(await processes.run('before_command_commit', job)).toMatchObject({ killed: true })
      expect(await contents(), 'killed before the commit').toEqual(before)
    }
    if (BOTH || !early) expect(await processes.run('after_command_commit', job)).toMatchObject({ killed: true })
    else expect(await press()).toMatchObject({ repeated: false, commandId: id })
    const after = await contents()
    expect(await rows('SELECT name, actor FROM command WHERE id = $1', id)).toEqual([
      { name: scenario.command, actor: actor.userId },
    ])
    // What it changed is in the audit log with it; to look at a control changes nothing but what was seen.
    const changed = Object.keys(after).filter((name) => after[name] !== before[name] && !UNAUDITED.has(name))
    const entries = await rows('SELECT FROM audit_entry WHERE command_id = $1', id)
    expect(entries.length > 0, changed.join(', ')).toBe(changed.length > 0)
    const known = await rows<{ n: number }>(
      `SELECT (SELECT count(*) FROM case_event WHERE command_id = $1 AND NOT voided)::int
         - (SELECT count(*) FROM event_log l JOIN case_event c ON c.source = l.source AND c.id = l.id AND c.revision = l.revision WHERE c.command_id = $1 AND NOT c.voided)::int AS n`,
      id,
    )
    expect(known, 'every event of the case is in the log').toEqual([{ n: 0 }])
    const found = Object.keys(await brokenNow()).filter((each) => !(each in held) && each !== scenario.finds)
    expect(found, 'invariants').toEqual([])

    expect(await press()).toMatchObject({ repeated: true, commandId: id })
    expect(await contents(), 'pressed again').toEqual(after)
  })
})

const receiving: Scenario = {
  command: 'unit.receive',
  async build() {
    const { unit } = await onItsWay(bought('points', { quantity: 2 }))
    return { actor: jo, input: { unitId: unit, facility: 'venlo', quantity: 1 } }
  },
}

it.each(['after_case_events', 'after_case_rows', 'after_case_books', 'after_case_audit'])(
  'killed %s, a change of a case has left nothing',
  async (point) => {
    const { press, job } = await ready(receiving)
    const before = await contents()
    expect(await processes.run(point, job)).toMatchObject({ killed: true })
    expect(await contents()).toEqual(before)
    expect(await press()).toMatchObject({ repeated: false })
  },
)

it('a commit whose answer is lost is all or nothing, and the one who pressed is told which', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { id, press } = await ready(receiving)
    const before = await contents()
    const { error } = await cutAt('commit', 'client', press)
    const [done] = await rows('SELECT FROM command WHERE id = $1', id)
    // Sent and done, it answers with what was done; otherwise it failed, and nothing was.
    if (done) expect(error).toBeUndefined()
    else expect(await contents()).toEqual(before)
    expect(await press()).toMatchObject({ repeated: done !== undefined })
  }
})
