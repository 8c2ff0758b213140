// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { decideRequests } from '../../ingest/projector/reactions/decide-requests'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { db, pool, withTransaction } from '../../lib/db/client'
import { convert, parseAmount, RATE_SCALE } from '../../lib/money'
import type { DecisionTable } from '../../lib/returns/policy'
import { textRows } from '../../lib/returns/policy-text'
import type { SimulatedKindName } from '../../lib/returns/simulation-kinds'
import { execute } from '../../lib/workflow/execute'
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
import { record } from '../../lib/workflow/record/record'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested } from '../../lib/workflow/request/request'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { askSimulation, stopSimulation } from '../../lib/workflow/simulation/ask'
import { type Changed, replay } from '../../lib/workflow/simulation/replay'
import { simulateOnce } from '../../lib/workflow/simulation/worker'
import { openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const DAY = 86_400_000
const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const aga = somebody('aga', ['inspector'])
const ruben = somebody('ruben', ['disposition_lead'])
const maya = somebody('maya', ['refund_approver_l1'])
const hugo = somebody('hugo', ['compliance_officer'])
const farah = somebody('farah', ['controller'])
const greta = somebody('greta', ['auditor'])
const american = somebody('amy', ['controller'], { ...EVERYTHING, entities: ['acme-us'] })

const run = async <Result>(actor: Actor, name: string, input: unknown): Promise<Result> => {
  const command = commandNamed(name)
  if (!command) throw new Error(name)
  return (await execute(actor, command, input)).result as Result
}
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const rows = async (sql: string, ...values: unknown[]) => (await pool().query(sql, values)).rows

interface Sale {
  readonly quantity?: number
  readonly net?: string
  readonly tax?: string
  readonly currency?: string
  readonly channel?: string
  readonly entity?: string
  readonly customer?: string
  readonly daysAgo?: number
  readonly finding?: string
}

const event = (type: string, id: string, at: Date, subject: string, data: Record<string, unknown>): AnyEvent =>
  ({ specversion: '1.0', id, source: '/shop/test', type, time: at.toISOString(), subject, data }) as AnyEvent

async function sold(id: string, sale: Sale = {}): Promise<void> {
  await tell([
    event('sale.shipped.v1', `${id}/sale`, new Date(Date.now() - (sale.daysAgo ?? 10) * DAY), id, {
      ...{ order_id: `O-${id}`, order_line_id: id, sku: `S-${id}`, quantity: sale.quantity ?? 1 },
      ...{ net_amount: sale.net ?? '100.00', tax_amount: sale.tax ?? '19.00', currency: sale.currency ?? 'EUR' },
      ...{ channel: sale.channel ?? 'dtc', category: 'apparel', unit_cost: '20', entity: sale.entity ?? 'acme-eu' },
      ...{ customer_id: sale.customer ?? `C-${id}`, supplier_id: 'SUP', facility: 'venlo' },
    }),
  ])
}
/** A return of whole lines of one order, asked for here. */
const ask = (ids: readonly string[], quantity = 1, reason = 'too_small'): Promise<Requested> =>
  run(ines, 'return.request', {
    orderId: `O-${ids[0]}`,
    lines: ids.map((orderLineId) => ({ orderLineId, quantity, reason })),
  })
const receive = (unitId: string) => run(jo, 'unit.receive', { unitId, facility: 'venlo' })
const inspect = (unitId: string, condition: string, finding = 'used') =>
  run<{ proposal: { disposition: string; row: string } }>(aga, 'unit.inspect', {
    ...{ unitId, condition, finding, checklist: { tags: true, clean: true } },
  })
const dispose = (unitId: string, disposition: string) => run(ruben, 'unit.dispose', { unitId, disposition })

/** A table of which every answer is another one than any that was given. */
const otherwise = (table: DecisionTable, then: Record<string, string | boolean>): DecisionTable => ({
  ...table,
  rows: [{ id: 'otherwise', note: '', when: {}, ...{ then: { ...table.rows[0]?.then, ...then } } }],
})
const span = { from: '2000-01-01', until: '2100-01-01', tz: 'Europe/Berlin', channel: '', category: '' }

/** Everything of the past as a version judged it: what it makes of what a quite different table would change. */
async function judgedBy(
  kind: SimulatedKindName,
  then: Record<string, string | boolean>,
): Promise<Map<string, Changed>> {
  const { table } = await activePolicy(db(), kind, new Date())
  const heard: Changed[] = []
  await replay(
    { kind, before: table, after: otherwise(table, then), span: { ...span, scope: EVERYTHING } },
    {
      progress: async () => undefined,
      changed: async (cases) => void heard.push(...cases),
    },
  )
  return new Map(heard.map((each) => [kind === 'approval' ? (each.about.id ?? '') : each.unitId, each]))
}

beforeAll(async () => {
  await openFacility()
  await openFacility('lodz', 'Europe/Warsaw')
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ('SUP', 'Supplier', 'DE', 0.8, 60, 'EUR')`,
  )
  await pool().query(
    `INSERT INTO fx_rate (currency, day, rate, source) VALUES ('USD', '2020-01-01', 0.9123456789, 'test'), ('USD', '2090-01-01', 2, 'test')`,
  )
  // Two of an odd amount: the cents of a line are shared among its pieces.
  await sold('two', { quantity: 2, net: '33.33', tax: '6.34' })
  const two = await ask(['two'], 2)
  for (const unit of two.units) await receive(unit)
  // Late: a person decides, a tenth and the label are kept, paid after a look, which finds it damaged.
  await sold('late', { daysAgo: 40, net: '80.00', tax: '15.20' })
  const late = await ask(['late'])
  await run(ines, 'return.authorize', { rmaId: late.rmaId })
  await receive(late.units[0] ?? '')
  const seen = await inspect(late.units[0] ?? '', 'D')
  await dispose(late.units[0] ?? '', seen.proposal.disposition)
  // In dollars, and expensive by the rate of the day.
  await sold('usd', { currency: 'USD', net: '549.00', tax: '0', entity: 'acme-us' })
  await ask(['usd'])
  // One line of a case that a person must look at makes the other wait with it.
  await sold('mixed')
  await tell([
    event('sale.shipped.v1', 'mixed2/sale', new Date(Date.now() - 10 * DAY), 'mixed2', {
      ...{ order_id: 'O-mixed', order_line_id: 'mixed2', sku: 'S-2', quantity: 1, net_amount: '700', tax_amount: '0' },
      ...{ currency: 'EUR', channel: 'dtc', category: 'apparel', unit_cost: '20', entity: 'acme-eu' },
      ...{ customer_id: 'C-mixed', facility: 'venlo' },
    }),
  ])
  await ask(['mixed', 'mixed2'])
  // Trade customers send cartons and pay for putting them back.
  await sold('carton', { quantity: 6, net: '600.00', tax: '0', channel: 'wholesale', entity: 'acme-us' })
  const carton = await ask(['carton'], 6, 'changed_mind')
  await run(ines, 'return.authorize', { rmaId: carton.rmaId })
  await run(jo, 'unit.receive', { unitId: carton.units[0], facility: 'venlo', quantity: 6 })
  const cartonSeen = await inspect(carton.units[0] ?? '', 'C')
  await dispose(carton.units[0] ?? '', cartonSeen.proposal.disposition)
  // The thirteenth return of somebody within ninety days is looked at; the twelfth was not.
  for (let n = 0; n < 14; n += 1) {
    await sold(`many${n}`, { customer: 'C-many', net: '10.00', tax: '0' })
    await ask([`many${n}`])
  }
  // The same by a shop's event: eleven before it, and itself, which does not count.
  for (let n = 0; n < 11; n += 1) {
    await sold(`shop${n}`, { customer: 'C-shop', net: '10.00', tax: '0' })
    await ask([`shop${n}`])
  }
  await sold('shop', { customer: 'C-shop', net: '10.00', tax: '0' })
  const asked = event('return.requested.v1', 'shop/request', new Date(), 'R-shop-1', {
    ...{ unit_id: 'R-shop-1', rma_id: 'R-shop', order_id: 'O-shop', order_line_id: 'shop', sku: 'S-shop' },
    ...{ quantity: 1, reason_code: 'too_small', currency: 'EUR' },
  })
  await withTransaction(async (tx) => {
    const at = new Date()
    const source = { kind: 'source' as const, id: '/shop/test', name: '/shop/test', roles: [] }
    await decideRequests(tx, [asked], await record(tx, { events: [asked], doer: source, at }), at)
  })
  // Recalled goods are kept apart first: a second decision begins where the first left it.
  await sold('defect')
  const defect = await ask(['defect'], 1, 'defective')
  await receive(defect.units[0] ?? '')
  const found = await inspect(defect.units[0] ?? '', 'D', 'confirmed_defect')
  await dispose(defect.units[0] ?? '', found.proposal.disposition)
  await run(aga, 'unit.regrade', {
    ...{ unitId: defect.units[0], condition: 'C', finding: 'confirmed_defect', reason: 'Looked at again' },
  })
  await run(ruben, 'unit.dispose', { unitId: defect.units[0], disposition: 'liquidate' })
  // A return that was asked back and cancelled, which nobody judged to its end.
  await sold('gone')
  const gone = await ask(['gone'])
  await run(ines, 'return.cancel', { rmaId: gone.rmaId, reason: 'Keeps it after all' })
  // What is due is proposed, and somebody is asked where the matrix says so.
  await sold('large', { net: '120.00', tax: '0' })
  const large = await ask(['large'])
  await receive(large.units[0] ?? '')
  for (let round = 0; round < 5; round += 1) if ((await payOnce(undefined)) === 0) break
}, 240_000)

describe('what was decided is what the version in force makes of it again', () => {
  it('row, decision and terms of every return that was asked for here, and the amounts that were proposed', async () => {
    const judged = await judgedBy('returns', { returnable: false })
    const cases =
      await rows(`SELECT u.id, u.order_line_id, u.rma_id, u.channel, r.policy_decision AS kept, r.decision, s.amount, s.fee, s.deduction, s.tax, s.currency
      FROM return_unit u JOIN rma r ON r.id = u.rma_id LEFT JOIN settlement s ON s.unit_id = u.id WHERE r.policy_decision IS NOT NULL AND u.cancelled_at IS NULL`)
    expect(cases.length).toBeGreaterThan(30)
    expect([...judged.keys()].sort()).toEqual(cases.map(({ id }) => id).sort())
    const byHand = await rows(
      `SELECT DISTINCT rma_id FROM audit_entry WHERE action = 'automation.did' AND object_id = 'policy_approval'`,
    )
    const automatic = new Set(byHand.map(({ rma_id }) => rma_id))
    const seen = new Set<string>()
    for (const each of cases) {
      const before = judged.get(each.id)?.before
      const line = each.kept.lines.find(
        ({ orderLineId }: { orderLineId: string }) => orderLineId === each.order_line_id,
      )
      expect([each.id, before?.row]).toEqual([each.id, line.row])
      expect([each.id, before?.verdict]).toEqual([each.id, automatic.has(each.rma_id) ? 'auto' : 'manual'])
      seen.add(line.row)
      if (each.amount === null) continue
      expect([each.id, before?.sums.refund, before?.sums.fee, before?.sums.kept]).toEqual([
        ...[each.id, each.amount, each.fee, each.deduction],
      ])
    }
    // A shop's return is not among the customer's others either.
    expect(judged.get('R-shop-1')?.before.row).toBe('standard')
    expect([...seen].sort()).toEqual(['abuse', 'expensive', 'late', 'our-fault', 'standard', 'wholesale'])
    expect(cases.filter(({ amount }) => amount !== null).length).toBeGreaterThanOrEqual(5)
    // Margin: what is paid out less its tax, what goods of a condition bring in (nothing has ended yet) and what handling cost.
    const late = cases.find(({ order_line_id }) => order_line_id === 'late')
    const [{ cost } = { cost: 0n }] = await rows(
      'SELECT coalesce(sum(amount), 0)::bigint AS cost FROM return_cost WHERE unit_id = $1',
      late.id,
    )
    expect(judged.get(late.id)?.before.sums.margin).toBe(late.tax - late.amount - cost)
  })

  it('dollars at the rate of the day they were asked for', async () => {
    const judged = await judgedBy('returns', { returnable: true, release: 'at_once', approval: 'auto' })
    const [unit] = await rows("SELECT id FROM return_unit WHERE order_line_id = 'usd'")
    const after = judged.get(unit.id)?.after
    expect(after?.sums.refund).toBe(
      convert(parseAmount('549.00') ?? 0n, (RATE_SCALE * 9_123_456_789n) / 10_000_000_000n),
    )
    expect(judged.get(unit.id)?.before).toMatchObject({ row: 'expensive', verdict: 'manual', sums: { refund: 0n } })
  })

  it('the facility of every return', async () => {
    const judged = await judgedBy('routing', { facility: 'lodz' })
    const cases =
      await rows(`SELECT u.id, u.order_line_id, r.policy_decision AS kept FROM return_unit u JOIN rma r ON r.id = u.rma_id
      WHERE r.policy_decision IS NOT NULL AND u.cancelled_at IS NULL`)
    for (const { id, order_line_id, kept } of cases) {
      const line = kept.lines.find(({ orderLineId }: { orderLineId: string }) => orderLineId === order_line_id)
      expect(judged.get(id)?.before).toMatchObject({ verdict: line.routing.facility, row: line.routing.row })
      expect(judged.get(id)?.after).toMatchObject({ verdict: 'lodz', row: 'otherwise' })
    }
  })

  it('every decision about goods, the second of a unit from where the first left it', async () => {
    const { table } = await activePolicy(db(), 'disposition', new Date())
    const heard: Changed[] = []
    await replay(
      {
        ...{ kind: 'disposition', before: table, after: otherwise(table, { disposition: 'donate' }) },
        span: { ...span, scope: EVERYTHING },
      },
      { progress: async () => undefined, changed: async (cases) => void heard.push(...cases) },
    )
    const decided = await rows(
      `SELECT unit_id, data ->> 'rule_row' AS row, data ->> 'disposition' AS disposition FROM case_event WHERE type = 'unit.dispositioned.v1' ORDER BY unit_id, time`,
    )
    expect(decided.length).toBe(4)
    expect(
      heard.map(({ unitId, before }) => ({ unit_id: unitId, row: before.row, disposition: before.verdict })),
    ).toEqual(decided)
    expect(decided.map(({ row }) => row)).toEqual(expect.arrayContaining(['supplier-defect', 'supplier-refused']))
  })

  it('everything that somebody was asked about, and what nobody was', async () => {
    const judged = await judgedBy('approval', { steps: 'exec_viewer' })
    const settlements = await rows(
      `SELECT s.id, a.rule, a.weighed FROM settlement s LEFT JOIN approval a ON a.subject_id = s.id`,
    )
    const asked = settlements.filter(({ rule }) => rule !== null)
    expect(asked.length).toBeGreaterThan(0)
    expect(settlements.length).toBeGreaterThan(asked.length)
    for (const { id, rule } of settlements) {
      const before = judged.get(id)?.before
      if (rule) expect(rule).toBe(`version 1, row ${before?.row}`)
      else expect([id, before?.verdict]).toEqual([id, ''])
    }
  })
})

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
    // Of each version the five latest are kept.
    expect((await simulationsOf(farah, 'returns', draft)).length).toBeLessThanOrEqual(6)
  })
})
