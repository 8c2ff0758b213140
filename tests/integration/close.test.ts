import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import type { Actor } from '../../lib/auth/actor'
import { db, pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { CLOSE_TASKS } from '../../lib/returns/close-tasks'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { lookAndKeep } from '../../lib/workflow/controls/keep'
import { execute } from '../../lib/workflow/execute'
import { closeView } from '../../lib/workflow/read/close'
import { journalPage } from '../../lib/workflow/read/journal'
import { type ExportProfile, journalExport } from '../../lib/workflow/read/journal-export'
import { trialBalance } from '../../lib/workflow/read/trial-balance'
import { periodOf, post } from '../../lib/workflow/record/books'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const nadia = somebody('nadia', ['accountant'])
const farah = somebody('farah', ['controller'])
const olga = somebody('olga', ['controller'])
const oscar = somebody('oscar', ['refund_approver_l2'])
const greta = somebody('greta', ['auditor'])
const ENTITY = 'acme-eu'

/** One for the whole file: its month, which is that of the books' zone, does not move while it runs. */
const TODAY = new Date()
const run = async <T = Record<string, string>>(actor: Actor, name: string, input: unknown): Promise<T> => {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  return (await execute(actor, command, input, crypto.randomUUID(), TODAY)).result as T
}
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

const NOW = periodOf(TODAY)
const monthsAgo = (months: number): string => {
  const day = new Date(`${NOW}-10T00:00:00Z`)
  day.setUTCMonth(day.getUTCMonth() - months)
  return day.toISOString().slice(0, 10)
}
const LAST = monthsAgo(1).slice(0, 7)
const BEFORE = monthsAgo(2).slice(0, 7)

const entry = (day: string, amount: string, more: object = {}) => ({
  ...{ entity: ENTITY, currency: 'EUR', day, memo: 'Bank fee of the month' },
  lines: [
    { account: 'return_costs.payment_fee', debit: amount },
    { account: 'accrued_costs', credit: amount },
  ],
  ...more,
})
const approved = async (asked: { approvalId: string }, by: Actor = farah) =>
  run(by, 'approval.approve', { ids: [asked.approvalId] })
const lookEverywhere = async () => {
  for (const each of INVARIANTS) await withTransaction((tx) => lookAndKeep(tx, each, new Date()))
}
const signAll = async (period: string) => {
  for (const { id, owner } of CLOSE_TASKS)
    await run(owner === 'accountant' ? nadia : farah, 'close.sign', { entity: ENTITY, period, task: id })
}

let n = 0
const received = (unit: string, time: string): AnyEvent =>
  ({
    ...{ specversion: '1.0', id: `c${++n}`, source: '/shop/test', type: 'unit.received.v1', time, subject: unit },
    data: { unit_id: unit, facility: 'venlo', quantity: 1, location: 'dock' },
  }) as AnyEvent

beforeAll(async () => {
  await openFacility()
  for (const [line, day] of [
    ['A', monthsAgo(2)],
    ['B', monthsAgo(1)],
    ['C', monthsAgo(1)],
  ] as const) {
    const { unit } = await onItsWay(
      { id: line, sku: 'SKU-1', quantity: 1, net: '100', unitCost: '20' },
      { at: new Date(`${day}T06:00:00Z`) },
    )
    await tell([received(unit, `${day}T10:00:00Z`)])
  }
})

describe('an entry that a person writes', () => {
  it('is refused with everything that is wrong with it', async () => {
    const wrong = (lines: unknown[], more: object = {}) =>
      refused(run(nadia, 'journal.prepare', entry(monthsAgo(1), '1', { lines, ...more })))
    expect(await wrong([{ account: 'accrued_costs', debit: '1' }])).toBe('invalid_input')
    expect(
      await wrong([
        { account: 'accrued_costs', debit: '1' },
        { account: 'suspense', credit: '2' },
      ]),
    ).toBe('invalid_entry')
    expect(
      await wrong([
        { account: 'inventory.hold', debit: '1' },
        { account: 'suspense', credit: '1' },
      ]),
    ).toBe('invalid_entry')
    expect(
      await wrong([
        { account: 'nowhere', debit: '1' },
        { account: 'suspense', credit: '1' },
      ]),
    ).toBe('invalid_entry')
    expect(
      await wrong([
        { account: 'accrued_costs', debit: '1', credit: '1' },
        { account: 'suspense', credit: '1' },
      ]),
    ).toBe('invalid_entry')
    expect(
      await wrong([
        { account: 'accrued_costs', debit: '0.001' },
        { account: 'suspense', credit: '0.001' },
      ]),
    ).toBe('invalid_entry')
    expect(
      await wrong([
        { account: 'accrued_costs', debit: '-1' },
        { account: 'suspense', credit: '-1' },
      ]),
    ).toBe('invalid_input')
    const fine = [
      { account: 'accrued_costs', debit: '1' },
      { account: 'suspense', credit: '1' },
    ]
    expect(await wrong(fine, { entity: 'nobody' })).toBe('unknown_entity')
    expect(await wrong(fine, { day: '2999-01-01' })).toBe('future_day')
    expect(await wrong(fine, { memo: 'x' })).toBe('invalid_input')
    expect(await refused(run(farah, 'journal.prepare', entry(monthsAgo(1), '1')))).toBe('forbidden')
    expect(await refused(run(greta, 'journal.prepare', entry(monthsAgo(1), '1')))).toBe('forbidden')
  })

  it('is posted with the yes of a controller who did not write it, in its own period, and is never changed', async () => {
    const asked = await run<{ id: string; approvalId: string }>(nadia, 'journal.prepare', entry(monthsAgo(1), '12.50'))
    const both = { ...somebody('nadia', ['accountant', 'controller']) }
    expect(await refused(approved(asked, both))).toBe('segregation_of_duties')
    await approved(asked)
    const page = await journalPage(greta, { q: asked.id })
    expect(page.entries).toHaveLength(1)
    expect(page.entries[0]).toMatchObject({ period: LAST, origin: 'manual', size: '12.5000', late: false })
    expect(page.entries[0]?.approvedBy).toBe('person-farah')
    await expect(pool().query("UPDATE manual_entry SET memo = 'something else'")).rejects.toThrow(/not changed/)
    await expect(pool().query("DELETE FROM journal_entry WHERE origin = 'manual'")).rejects.toThrow(/append-only/)
  })

  it('is taken back once, by its opposite; what a case posted is not', async () => {
    const asked = await run<{ approvalId: string }>(nadia, 'journal.prepare', entry(monthsAgo(1), '7'))
    await approved(asked)
    const before = await trialBalance(greta, ENTITY, NOW)
    const [own] = (await journalPage(greta, { origin: 'manual' })).entries.filter(({ size }) => size === '7.0000')
    const reversal = { entryId: own?.id, memo: 'It was booked twice' }
    const back = await run<{ approvalId: string }>(nadia, 'journal.reverse', reversal)
    expect(await refused(run(nadia, 'journal.reverse', reversal))).toBe('already_reversed')
    await approved(back)
    expect(await refused(run(nadia, 'journal.reverse', reversal))).toBe('already_reversed')
    const after = await trialBalance(greta, ENTITY, NOW)
    const fee = (lines: typeof before) =>
      Number(lines.find(({ account }) => account === 'return_costs.payment_fee')?.closing)
    expect(fee(before) - fee(after)).toBeCloseTo(7)
    const [automatic] = (await journalPage(greta, { origin: 'automatic' })).entries
    expect(await refused(run(nadia, 'journal.reverse', { entryId: automatic?.id, memo: 'It is all wrong' }))).toBe(
      'not_reversible',
    )
  })

  it('rejected leaves nothing', async () => {
    const asked = await run<{ id: string; approvalId: string }>(nadia, 'journal.prepare', entry(monthsAgo(1), '99'))
    await run(farah, 'approval.reject', { ids: [asked.approvalId], reason: 'Not ours' })
    expect((await journalPage(greta, { q: asked.id })).entries).toHaveLength(0)
    const { rows } = await pool().query('SELECT state FROM manual_entry WHERE id = $1', [asked.id])
    expect(rows).toEqual([{ state: 'rejected' }])
  })
})

describe('the close of a period', () => {
  const about = (task: string, period = BEFORE) => ({ entity: ENTITY, period, task })

  it('is signed task after task, each by its owner, on a figure that is zero', async () => {
    expect(await refused(run(nadia, 'close.sign', about('controls')))).toBe('other_owner')
    expect(await refused(run(nadia, 'close.sign', about('ledger')))).toBe('task_before')
    expect(await refused(run(farah, 'close.sign', about('manual')))).toBe('task_before')
    expect(await refused(run(greta, 'close.sign', about('events')))).toBe('forbidden')
    await run(nadia, 'close.sign', about('events'))
    expect(await refused(run(nadia, 'close.sign', about('events')))).toBe('already_signed')
    await pool().query(
      `ALTER TABLE stock_balance DISABLE TRIGGER USER; UPDATE stock_balance SET value = value + 1, quantity = quantity + 1`,
    )
    expect(await refused(run(nadia, 'close.sign', about('stock')))).toBe('task_off')
    await pool().query(
      `UPDATE stock_balance SET value = value - 1, quantity = quantity - 1; ALTER TABLE stock_balance ENABLE TRIGGER USER`,
    )
    await run(nadia, 'close.sign', about('stock'))
    await run(nadia, 'close.sign', about('payments'))
    await run(nadia, 'close.sign', about('ledger'))
    // What rests on a signature goes with it.
    expect(await run(nadia, 'close.unsign', { ...about('stock'), reason: 'Counted again' })).toEqual({
      tasks: ['stock', 'ledger'],
    })
  })

  it('is done by a controller: locked before closed, in the order of periods, with every task signed', async () => {
    const period = { entity: ENTITY, period: BEFORE }
    expect(await refused(run(nadia, 'period.lock', period))).toBe('forbidden')
    expect(await refused(run(farah, 'period.close', period))).toBe('period_state')
    const presses = await Promise.all([
      refused(run(farah, 'period.lock', period)),
      refused(run(olga, 'period.lock', period)),
    ])
    expect(presses.sort()).toEqual(['done', 'period_state'])
    expect(await refused(run(farah, 'period.close', period))).toBe('tasks_open')
    await pool()
      .query('DELETE FROM close_task')
      .catch(() => undefined)
    for (const task of ['stock', 'ledger'] as const) await run(nadia, 'close.sign', about(task))
    await lookEverywhere()
    for (const { id, owner } of CLOSE_TASKS)
      await refused(run(owner === 'accountant' ? nadia : farah, 'close.sign', about(id)))
    await run(farah, 'period.lock', { entity: ENTITY, period: LAST })
    await signAll(LAST)
    expect(await refused(run(farah, 'period.close', { entity: ENTITY, period: LAST }))).toBe('period_order')
    const { hash } = await run<{ hash: string }>(farah, 'period.close', period)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    await run(farah, 'period.close', { entity: ENTITY, period: LAST })
    expect(await refused(run(farah, 'period.close', { entity: ENTITY, period: NOW }))).toBe('period_state')
    await run(farah, 'period.lock', { entity: ENTITY, period: NOW })
    expect(await refused(run(farah, 'period.close', { entity: ENTITY, period: NOW }))).toBe('period_running')
    await run(farah, 'period.unlock', { entity: ENTITY, period: NOW, reason: 'The month runs on' })
  })

  it('takes nothing in afterwards: cases post late into the next, people are refused, and the database refuses past them', async () => {
    const { unit } = await onItsWay(
      { id: 'D', sku: 'SKU-1', quantity: 1, net: '100', unitCost: '20' },
      { at: new Date(`${monthsAgo(1)}T06:00:00Z`) },
    )
    await tell([received(unit, `${monthsAgo(1)}T12:00:00Z`)])
    const { entries } = await journalPage(greta, { q: unit })
    expect(entries[0]).toMatchObject({ period: NOW, late: true })
    expect(await refused(run(nadia, 'journal.prepare', entry(monthsAgo(1), '1')))).toBe('period_closed')
    await expect(
      pool().query(`INSERT INTO journal_entry (id, cause_id, template, entity, period, currency, occurred_at, origin, prepared_by)
        VALUES ('JE-past', 'past', 'x', '${ENTITY}', '${LAST}', 'EUR', now(), 'automatic', 'x')`),
    ).rejects.toThrow(/closed/)
    await expect(pool().query(`UPDATE period SET state = 'open' WHERE period = '${LAST}'`)).rejects.toThrow(
      /approval of others/,
    )
  })

  it('is seen to have been tampered with by its hash', async () => {
    const broken = async () => (await INVARIANTS.find(({ id }) => id === 'I10')?.look(db(), new Date()))?.examples
    expect(await broken()).toEqual([])
    await pool().query(`ALTER TABLE journal_line DISABLE TRIGGER USER; UPDATE journal_line SET debit = debit + 10000 WHERE debit > 0
      AND entry_id = (SELECT id FROM journal_entry WHERE period = '${LAST}' ORDER BY id LIMIT 1)`)
    expect(await broken()).toEqual([`Period ${LAST} of ${ENTITY} is not what was closed`])
    await pool().query(`UPDATE journal_line SET debit = debit - 10000 WHERE debit > 0
      AND entry_id = (SELECT id FROM journal_entry WHERE period = '${LAST}' ORDER BY id LIMIT 1); ALTER TABLE journal_line ENABLE TRIGGER USER`)
    expect(await broken()).toEqual([])
  })

  it('is opened again by two others, the last one first, and comes back locked with nothing signed', async () => {
    const ask = (period: string) =>
      run<{ approvalId: string }>(nadia, 'period.reopen', { entity: ENTITY, period, reason: 'An invoice came late' })
    expect(await refused(ask(BEFORE))).toBe('period_order')
    const asked = await ask(LAST)
    expect(await refused(approved(asked, nadia))).toBe('forbidden')
    await approved(asked, farah)
    expect((await closeView(greta, { entity: ENTITY, period: LAST }))?.period.state).toBe('closed')
    expect(await refused(approved(asked, farah))).not.toBe('done')
    await approved(asked, oscar)
    const view = await closeView(greta, { entity: ENTITY, period: LAST })
    expect(view?.period).toMatchObject({ state: 'soft', reopened: 1, signed: 0 })
    expect(view?.hash).toBeNull()
    // A locked period takes what a controller approves, and nothing of its own accord.
    const late = await run<{ approvalId: string; id: string }>(nadia, 'journal.prepare', entry(monthsAgo(1), '3'))
    await approved(late, farah)
    expect((await journalPage(greta, { q: late.id })).entries[0]).toMatchObject({ period: LAST, late: false })
  })

  it('lets no entry in while it is being closed', async () => {
    await pool().query(
      `INSERT INTO facility (id, name, kind, entity, country, tz, shifts) VALUES ('race', 'race', 'warehouse', 'acme-race', 'NL', 'UTC', '[]') ON CONFLICT DO NOTHING`,
    )
    const posting = (index: number) =>
      withTransaction(async (tx) => {
        await tx.execute(
          `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'system', 'x', 'x', 'x', 'x', '{}')`,
        )
        await post(tx, [
          {
            ...{ cause: `race:${index}`, template: 'x', entity: 'acme-race', currency: 'EUR', preparedBy: 'x' },
            at: new Date(`${monthsAgo(1)}T10:00:00Z`),
            lines: new Map([
              ['suspense', 10_000n],
              ['accrued_costs', -10_000n],
            ]),
          },
        ])
      })
    await posting(0)
    // Postings that do not pause are told as busy, with the advice to try again.
    const pressed = async <T>(name: string): Promise<T> => {
      for (;;) {
        try {
          return await run<T>(farah, name, { entity: 'acme-race', period: LAST })
        } catch (error) {
          if (!(error instanceof UserError && error.code === 'period_busy')) throw error
        }
      }
    }
    const closing = async () => {
      await pressed('period.lock')
      await lookEverywhere()
      for (const { id, owner } of CLOSE_TASKS)
        await run(owner === 'accountant' ? nadia : farah, 'close.sign', { entity: 'acme-race', period: LAST, task: id })
      return pressed<{ hash: string }>('period.close')
    }
    const posts = Promise.allSettled(Array.from({ length: 60 }, async (_, index) => posting(index + 1)))
    await closing()
    await posts
    const { rows } = await pool().query(
      `SELECT period, count(*)::int AS n FROM journal_entry WHERE entity = 'acme-race' GROUP BY 1 ORDER BY 1`,
    )
    expect(rows.map(({ period }) => period).every((period) => period >= LAST)).toBe(true)
    expect((await INVARIANTS.find(({ id }) => id === 'I10')?.look(db(), new Date()))?.broken).toBe(0n)
  })
})

describe('what leaves for the ERP', () => {
  const file = async (profile: ExportProfile) => {
    const { pages, columns, totals } = await journalExport(greta, ENTITY, BEFORE, profile)
    const rows: (string | number | null)[][] = []
    for await (const page of pages) rows.push(...page)
    return { columns, rows, totals, bytes: JSON.stringify([columns, rows]) }
  }

  it.each(['itemized', 'netsuite', 'summary'] as const)(
    '%s: the same bytes each time, and its totals are the rows’',
    async (profile) => {
      const first = await file(profile)
      expect((await file(profile)).bytes).toBe(first.bytes)
      expect(first.rows.length).toBeGreaterThan(0)
      const at = (name: string) => first.columns.indexOf(name)
      const cents = (name: string) =>
        first.rows.reduce((sum, row) => sum + Math.round(Number(row[at(name)] || 0) * 100), 0)
      expect(cents('Debit')).toBe(cents('Credit'))
      expect(cents('Debit')).toBe(first.totals.reduce((sum, { debit }) => sum + Math.round(Number(debit) * 100), 0))
    },
  )

  it('NetSuite: every external id balances in itself', async () => {
    const { rows, columns } = await file('netsuite')
    expect(columns).toEqual([
      'External ID',
      'Date',
      'Posting Period',
      'Subsidiary',
      'Currency',
      'Account',
      'Debit',
      'Credit',
      'Memo',
    ])
    const sums = new Map<string, number>()
    for (const row of rows)
      sums.set(
        String(row[0]),
        (sums.get(String(row[0])) ?? 0) + Math.round(Number(row[6] || 0) * 100) - Math.round(Number(row[7] || 0) * 100),
      )
    expect([...sums.values()].every((sum) => sum === 0)).toBe(true)
  })

  it('is not for whoever may not', async () => {
    await expect(journalExport(somebody('jo', ['receiver']), ENTITY, BEFORE, 'itemized')).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(
      journalExport(
        somebody('us', ['accountant'], { entities: ['acme-us'], facilities: null, channels: null }),
        ENTITY,
        BEFORE,
        'itemized',
      ),
    ).rejects.toMatchObject({ code: 'unknown_entity' })
  })
})
