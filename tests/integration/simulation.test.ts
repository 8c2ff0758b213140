import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../lib/auth/actor'
import { db, pool } from '../../lib/db/client'
import { parseAmount } from '../../lib/money'
import { textRows } from '../../lib/returns/policy-text'
import type { SimulatedKindName } from '../../lib/returns/simulation-kinds'
import { activePolicy } from '../../lib/workflow/policies'
import { approvalsFor } from '../../lib/workflow/read/approvals'
import {
  allSimulatedCases,
  endedLately,
  simulatedCases,
  simulationRun,
  simulationsOf,
  widestOf,
} from '../../lib/workflow/read/simulation'
import type { SimulationResult, SimulationRun } from '../../lib/workflow/read/simulation-types'
import { askSimulation, stopSimulation } from '../../lib/workflow/simulation/ask'
import { simulateOnce } from '../../lib/workflow/simulation/worker'
import { freshDatabases } from '../setup/databases'
import {
  american,
  DAY,
  farah,
  greta,
  hugo,
  ines,
  jo,
  maya,
  refused,
  rows,
  ruben,
  run,
  workedPast,
} from '../setup/worked-past'

await freshDatabases()
beforeAll(workedPast, 240_000)

/** Asks for a trial and lets the worker carry it out. */
async function tried(
  actor: Actor,
  asked: { version: number; against?: number; channel?: string; category?: string },
  kind: SimulatedKindName = 'returns',
): Promise<SimulationRun & { result: SimulationResult }> {
  const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
  const { id } = await askSimulation(actor, kind, { from: day(-89), to: day(1), ...asked })
  while (await simulateOnce());
  const done = await simulationRun(actor, kind, id)
  if (!done.result) throw new Error(`${done.state}: ${done.error}`)
  return { ...done, result: done.result }
}

describe('a trial', () => {
  let draft = 0
  let hash = ''
  const change = async (row: string, gives: Record<string, string>) => {
    const { table } = await activePolicy(db(), 'returns', new Date())
    const saved = await run<{ hash: string }>(hugo, 'policy.edit', {
      ...{ kind: 'returns', version: draft, seen: hash },
      rows: textRows(table).map((each) => (each.id === row ? { ...each, gives: { ...each.gives, ...gives } } : each)),
    })
    hash = saved.hash
  }
  beforeAll(async () => {
    draft = (await run<{ version: number }>(hugo, 'policy.draft', { kind: 'returns' })).version
    hash = (await rows("SELECT hash FROM policy WHERE kind = 'returns' AND version = $1", draft))[0]?.hash
  })

  it('of a version against the same one changes nothing', async () => {
    const { result } = await tried(hugo, { version: draft, against: 1 })
    expect(result.units).toBeGreaterThan(35)
    expect(result).toMatchObject({ changedUnits: 0, changedLines: 0, kept: 0, unknown: 0, withoutRate: 0 })
    for (const { before, after } of result.figures) expect(after).toBe(before)
    for (const share of result.verdicts) expect(share.unitsAfter).toBe(share.unitsBefore)
    expect(result.days?.after).toBe(result.days?.before)
  })

  it('says what a fee would have changed, to the cent, with the cases behind it', async () => {
    await change('standard', { fee_percent: '10', release: 'on_inspection' })
    const { id, result, hash: judged } = await tried(hugo, { version: draft })
    expect(judged).toBe(hash)
    const figure = (name: string) => result.figures.find((each) => each.id === name)
    const sum = (list: readonly string[]) => list.reduce((total, each) => total + (parseAmount(each) ?? 0n), 0n)
    const { cases, count } = await simulatedCases(hugo, 'returns', id, {})
    expect(count).toBe(result.changedLines)
    expect(cases.length).toBe(count)
    for (const name of ['refund', 'fee', 'kept', 'margin'])
      expect(
        sum(cases.map(({ after }) => after.sums[name] ?? '0')) -
          sum(cases.map(({ before }) => before.sums[name] ?? '0')),
      ).toBe((parseAmount(figure(name)?.after ?? '') ?? 0n) - (parseAmount(figure(name)?.before ?? '') ?? 0n))
    // Those that came back and were not looked at would not have been paid yet.
    const two = cases.filter(
      ({ about, rmaId }) => about.reason === 'too_small' && rmaId !== '' && about.category === 'apparel',
    )
    expect(two.length).toBeGreaterThanOrEqual(2)
    expect(cases.every(({ before }) => before.row === 'standard')).toBe(true)
    const only = await simulatedCases(hugo, 'returns', id, { row: 'late' })
    expect(only.count).toBe(0)
    const exported = []
    for await (const page of allSimulatedCases(id, {})) exported.push(...page)
    expect(exported.length).toBe(count)
  })

  it('is narrowed by channel and category, and by the rows of whoever asks', async () => {
    await change('wholesale', { fee_percent: '20' })
    const all = await tried(farah, { version: draft })
    const trade = await tried(farah, { version: draft, channel: 'wholesale' })
    expect(trade.result).toMatchObject({ units: 6, lines: 1, changedLines: 1 })
    expect((await tried(farah, { version: draft, category: 'beauty' })).result.units).toBe(0)
    const own = await tried(american, { version: draft })
    expect(own.partial).toBe(true)
    expect(own.result).toMatchObject({ units: 7, lines: 2 })
    // What was made from more rows than somebody may see is not theirs to look at; the other way round it is.
    expect(await refused(simulationRun(american, 'returns', all.id))).toBe('not_found')
    expect(await refused(simulatedCases(american, 'returns', all.id, {}))).toBe('not_found')
    expect((await simulationsOf(american, 'returns')).map(({ id }) => id)).toEqual([own.id])
    expect((await simulationRun(farah, 'returns', own.id)).state).toBe('done')
    expect(await refused(simulationRun(farah, 'routing', own.id))).toBe('not_found')
    expect(await refused(simulationRun(farah, 'returns', 'nothing'))).toBe('not_found')
  })

  it('is for who writes, approves or audits policies', async () => {
    const asked = { version: draft, from: '2026-01-01', to: '2026-02-01' }
    for (const actor of [ines, jo, maya, ruben])
      expect(await refused(askSimulation(actor, 'returns', asked))).toBe('forbidden')
    expect(await refused(simulationsOf(ines, 'returns'))).toBe('forbidden')
    expect((await tried(greta, { version: 1 })).state).toBe('done')
    const [entry] = await rows(
      "SELECT actor, object_id FROM audit_entry WHERE action = 'policy.simulated' ORDER BY seq DESC LIMIT 1",
    )
    expect(entry).toEqual({ actor: greta.userId, object_id: 'returns/1' })
  })

  it('refuses what cannot be tried', async () => {
    const asked = { version: draft, from: '2026-01-01', to: '2026-02-01' }
    expect(await refused(askSimulation(hugo, 'returns', { ...asked, version: 99 }))).toBe('not_found')
    expect(await refused(askSimulation(hugo, 'returns', { ...asked, against: 99 }))).toBe('not_found')
    expect(await refused(askSimulation(hugo, 'returns', { ...asked, to: '2025-12-31' }))).toBe('invalid_span')
    expect(await refused(askSimulation(hugo, 'returns', { ...asked, to: '2028-01-03' }))).toBe('invalid_span')
  })

  it('waits its turn, is one however often it is pressed, and ends when it is stopped', async () => {
    const asked = (to: string) => ({ version: draft, from: '2026-01-01', to })
    const [one, again] = await Promise.all([
      askSimulation(hugo, 'returns', asked('2026-03-01')),
      askSimulation(hugo, 'returns', asked('2026-03-01')),
    ])
    expect(again.id).toBe(one.id)
    const two = await askSimulation(hugo, 'returns', asked('2026-03-02'))
    await askSimulation(hugo, 'returns', asked('2026-03-03'))
    expect(await refused(askSimulation(hugo, 'returns', asked('2026-03-04')))).toBe('too_many')
    expect(await refused(stopSimulation(farah, two.id))).toBe('not_now')
    expect(await stopSimulation(hugo, two.id)).toEqual({ state: 'stopped' })
    while (await simulateOnce());
    const states = await Promise.all([one, two].map(({ id }) => simulationRun(hugo, 'returns', id)))
    expect(states.map(({ state }) => state)).toEqual(['done', 'stopped'])
    expect((await endedLately(hugo)).map(({ id }) => id)).toContain(one.id)
    expect(await refused(stopSimulation(hugo, one.id))).toBe('not_now')
  })

  it('that its worker left is begun again by the next, and given up after three', async () => {
    const { id } = await askSimulation(hugo, 'returns', { version: draft, from: '2026-01-01', to: '2026-04-01' })
    const leave = (tries: number) =>
      pool().query(
        "UPDATE simulation SET state = 'running', tries = $2, beat_at = now() - interval '2 minutes' WHERE id = $1",
        [id, tries],
      )
    await leave(1)
    while (await simulateOnce());
    expect((await simulationRun(hugo, 'returns', id)).state).toBe('done')
    await leave(3)
    while (await simulateOnce());
    expect(await simulationRun(hugo, 'returns', id)).toMatchObject({ state: 'failed' })
  })

  it('is of the table as it was: one that was saved since is told, and not what an approver sees', async () => {
    const { id, hash: judged } = await tried(hugo, { version: draft })
    expect(await widestOf(farah, { kind: 'returns', version: draft, hash: judged })).toMatchObject({ id })
    const waiting = await askSimulation(hugo, 'returns', { version: draft, from: '2026-01-01', to: '2026-05-01' })
    await change('standard', { fee_percent: '5' })
    while (await simulateOnce());
    expect(await simulationRun(hugo, 'returns', waiting.id)).toMatchObject({ state: 'failed', stale: true })
    expect((await simulationRun(hugo, 'returns', id)).stale).toBe(true)
    expect(await widestOf(farah, { kind: 'returns', version: draft, hash })).toBeNull()
    const last = await tried(hugo, { version: draft })
    const { approvalId } = await run<{ approvalId: string }>(hugo, 'policy.submit', {
      ...{ kind: 'returns', version: draft, note: 'A small fee for everybody' },
    })
    const line = (await approvalsFor(farah)).find((each) => each.id === approvalId)
    expect(line?.tried).toMatchObject({ href: expect.stringContaining(last.id) })
    // A narrower trial that came later does not stand before it.
    await tried(hugo, { version: draft, channel: 'wholesale' })
    expect(await widestOf(farah, { kind: 'returns', version: draft, hash })).toMatchObject({ id: last.id })
    // Of each version the five latest are kept.
    expect((await simulationsOf(farah, 'returns', draft)).length).toBeLessThanOrEqual(6)
  })
})
