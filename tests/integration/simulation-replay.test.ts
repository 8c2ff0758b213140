// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import { beforeAll, describe, expect, it } from 'vitest'
import { EVERYTHING } from '../../lib/auth/actor'
import { db } from '../../lib/db/client'
import { convert, parseAmount, RATE_SCALE } from '../../lib/money'
import type { DecisionTable } from '../../lib/returns/policy'
import type { SimulatedKindName } from '../../lib/returns/simulation-kinds'
import { activePolicy } from '../../lib/workflow/policies'
import { type Changed, replay } from '../../lib/workflow/simulation/replay'
import { freshDatabases } from '../setup/databases'
import { rows, workedPast } from '../setup/worked-past'

await freshDatabases()
beforeAll(workedPast, 240_000)

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
