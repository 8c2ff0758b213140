import { describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { execute } from '../../lib/workflow/execute'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested, RequestInput } from '../../lib/workflow/request/request'
import { onItsWay, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const ines = somebody('ines', ['cs_agent'])
const other = somebody('otto', ['cs_agent'])
const receiver = somebody('jo', ['receiver'])

const run = async <Result>(actor: typeof ines, name: string, input: unknown, id?: string) => {
  const command = commandNamed(name)
  if (!command) throw new Error(name)
  return (await execute(actor, command, input, id)) as { result: Result; repeated: boolean; commandId: string }
}
const ask = (order: string, quantity: number, more: Partial<RequestInput['lines'][number]> = {}) => ({
  orderId: `O-${order}`,
  lines: [{ orderLineId: order, quantity, reason: 'too_small', ...more }],
})
/** An order sold ten days before three days ago, with nothing of it in returns. */
const sold = (id: string, quantity = 2, daysAgo = 3) =>
  onItsWay(
    { id, sku: 'SKU-1', quantity, net: '100.00', unitCost: '20.00' },
    { asked: 0, at: new Date(Date.now() - daysAgo * 86_400_000) },
  )
const refused = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof UserError ? error.code : `not refused: ${String(error)}`
}

describe('asking for a return', () => {
  it('makes a numbered RMA, one unit a piece, authorized by the policy row that the case names', async () => {
    await sold('a1')
    const { result } = await run<Requested>(ines, 'return.request', ask('a1', 2))
    expect(result).toMatchObject({ decision: 'authorized', judged: [{ row: 'standard' }] })
    expect(result.rmaId).toMatch(/^RMA-20\d\d-\d{6}$/)
    expect(result.units).toEqual([`${result.rmaId}-1`, `${result.rmaId}-2`])
    const { rows } = await pool().query('SELECT overall, goods, money, decision, policy_row FROM rma WHERE id = $1', [
      result.rmaId,
    ])
    expect(rows).toEqual([
      { overall: 'authorized', goods: 'expected', money: 'nothing', decision: 'authorized', policy_row: 'standard' },
    ])
    const audited = await pool().query(
      'SELECT DISTINCT actor_kind, actor FROM audit_entry WHERE rma_id = $1 ORDER BY 1',
      [result.rmaId],
    )
    expect(audited.rows).toEqual([
      { actor_kind: 'automation', actor: 'policy_approval' },
      { actor_kind: 'person', actor: 'person-ines' },
    ])
    const logged = await pool().query('SELECT type, count(*) FROM event_log WHERE body LIKE $1 GROUP BY 1 ORDER BY 1', [
      `%${result.rmaId}%`,
    ])
    expect(logged.rows).toEqual([
      { type: 'return.authorized.v1', count: 2n },
      { type: 'return.requested.v1', count: 2n },
    ])
  })

  it('says why not, by the row, and lets an approved exception of somebody else through', async () => {
    await sold('a2', 1, 100)
    expect(await refused(run(ines, 'return.request', ask('a2', 1)))).toBe('not_returnable')
    const raised = await run<{ id: string }>(ines, 'exception.raise', {
      kind: 'policy_override',
      rmaId: 'O-a2',
      message: 'A regular customer, in hospital.',
    })
    expect(await refused(run(ines, 'return.request', { ...ask('a2', 1), exceptionId: raised.result.id }))).toBe(
      'override_not_approved',
    )
    await run(other, 'exception.resolve', { ids: [raised.result.id], resolution: 'approved' })
    const { result } = await run<Requested>(ines, 'return.request', { ...ask('a2', 1), exceptionId: raised.result.id })
    expect(result.decision).toBe('waiting')
  })

  it('two people at once never return the same piece, and the same press twice is one return', async () => {
    await sold('a3', 3)
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => run<Requested>(i % 2 ? ines : other, 'return.request', ask('a3', 1))),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await sold('a4', 2)
    const id = crypto.randomUUID()
    const [first, second] = await Promise.all([
      run<Requested>(ines, 'return.request', ask('a4', 1), id),
      run<Requested>(ines, 'return.request', ask('a4', 1), id),
    ])
    expect(first.result.rmaId).toBe(second.result.rmaId)
    expect([first.repeated, second.repeated].filter(Boolean)).toHaveLength(1)
    expect(await refused(run(ines, 'return.request', ask('a4', 2), id))).toBe('command_reused')
  })

  it('bad input is told what to do, and nothing is half done', async () => {
    await sold('a5')
    expect(await refused(run(ines, 'return.request', ask('a5', 1, { reason: 'other' })))).toBe('invalid_input')
    expect(await refused(run(ines, 'return.request', ask('a5', 9)))).toBe('over_ordered')
    expect(
      await refused(
        run(ines, 'return.request', { orderId: 'O-none', lines: [{ orderLineId: 'x', quantity: 1, reason: 'gift' }] }),
      ),
    ).toBe('not_found')
    expect(await refused(run(receiver, 'return.request', ask('a5', 1)))).toBe('forbidden')
    const elsewhere = somebody('us', ['cs_agent'], { entities: ['acme-us'], facilities: null, channels: null })
    expect(await refused(run(elsewhere, 'return.request', ask('a5', 1)))).toBe('not_found')
    const { rows } = await pool().query("SELECT count(*) FROM return_unit WHERE order_line_id = 'a5'")
    expect(rows).toEqual([{ count: 0n }])
    const refusals = await pool().query("SELECT DISTINCT code FROM refusal WHERE actor IN ('person-jo', 'person-us')")
    expect(refusals.rows.map(({ code }) => code).sort()).toEqual(['forbidden', 'not_found'])
  })
})

describe('deciding', () => {
  const waiting = async (id: string) => {
    await sold(id, 1, 25)
    const { result } = await run<Requested>(ines, 'return.request', ask(id, 1))
    expect(result).toMatchObject({ decision: 'waiting', judged: [{ row: 'late' }] })
    return result.rmaId
  }
  const versionOf = async (rma: string): Promise<number> =>
    (await pool().query('SELECT version FROM rma WHERE id = $1', [rma])).rows[0].version

  it('a late one waits for a person, who authorizes it once', async () => {
    const rmaId = await waiting('b1')
    await run(other, 'return.authorize', { rmaId, version: await versionOf(rmaId) })
    expect(await refused(run(other, 'return.authorize', { rmaId }))).toBe('not_now')
    expect(await refused(run(ines, 'return.cancel', { rmaId, version: 0, reason: 'changed her mind' }))).toBe(
      'changed_meanwhile',
    )
  })

  it('a rejected one is at its end, with its reason', async () => {
    const rmaId = await waiting('b2')
    await run(other, 'return.reject', { rmaId, reason: 'Too late and worn.' })
    const { rows } = await pool().query(
      'SELECT r.overall, r.closed_at IS NOT NULL AS closed, u.status FROM rma r JOIN return_unit u ON u.rma_id = r.id WHERE r.id = $1',
      [rmaId],
    )
    expect(rows).toEqual([{ overall: 'rejected', closed: true, status: 'cancelled' }])
  })

  it('a label tells carrier and number; a cancelled piece may be returned again', async () => {
    await sold('b3', 1)
    const { result } = await run<Requested>(ines, 'return.request', ask('b3', 1))
    await run(ines, 'return.label', {
      rmaId: result.rmaId,
      carrier: 'nordpost',
      trackingNumber: 'NP123456',
      expectedAt: '2026-12-01T10:00:00+01:00',
    })
    const { rows } = await pool().query(
      'SELECT tracking, carrier, labelled_at IS NOT NULL AS labelled FROM return_unit WHERE rma_id = $1',
      [result.rmaId],
    )
    expect(rows).toEqual([{ tracking: 'NP123456', carrier: 'nordpost', labelled: true }])
    await run(ines, 'return.cancel', { rmaId: result.rmaId, reason: 'keeps it after all' })
    await run(ines, 'return.request', ask('b3', 1))
    const balances = await pool().query(
      "SELECT status, sum(quantity)::int AS n FROM stock_balance WHERE sku = 'SKU-1' AND status = 'cancelled' GROUP BY 1",
    )
    expect(balances.rows).toEqual([{ status: 'cancelled', n: 2 }])
  })
})
