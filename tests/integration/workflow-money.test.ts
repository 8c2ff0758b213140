import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { stripe } from '../../lib/payments/stripe'
import { execute } from '../../lib/workflow/execute'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested } from '../../lib/workflow/request/request'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { type FakeProvider, startFakeProvider } from '../../scripts/demo/payment-provider'
import { onItsWay, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
let provider: FakeProvider
beforeAll(async () => {
  provider = await startFakeProvider()
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts, daily_capacity) VALUES ('venlo', 'Venlo', 'warehouse', 'acme-eu', 'NL', 'Europe/Amsterdam', '[]', 100)`,
  )
})
afterAll(() => provider.close())
const payments = () => stripe({ key: 'test', url: provider.url })

const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const aga = somebody('aga', ['inspector'])
const maya = somebody('maya', ['refund_approver_l1'])
const oscar = somebody('oscar', ['refund_approver_l2'])
const farah = somebody('farah', ['controller'])
const nadia = somebody('nadia', ['accountant'])

const run = async <Result>(actor: typeof ines, name: string, input: unknown) => {
  const command = commandNamed(name)
  if (!command) throw new Error(name)
  return (await execute(actor, command, input)).result as Result
}
const refused = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof UserError ? error.code : `not refused: ${String(error)}`
}
const rows = async (sql: string, ...values: unknown[]) => (await pool().query(sql, values)).rows
const stateOf = async (id: string) => (await rows('SELECT state FROM settlement WHERE id = $1', id))[0]?.state

/** An order of `quantity` pieces for `net`, all asked back. */
async function asked(id: string, net: string, quantity = 1, customerId = `C-${id}`): Promise<Requested> {
  await onItsWay({ id, sku: 'SKU-1', quantity, net, unitCost: '20.00', customerId }, { asked: 0 })
  return run<Requested>(ines, 'return.request', {
    orderId: `O-${id}`,
    lines: [{ orderLineId: id, quantity, reason: 'too_large' }],
  })
}
const receive = (unit: string) => run(jo, 'unit.receive', { unitId: unit, facility: 'venlo', quantity: 1 })
const inspect = (unit: string) =>
  run(aga, 'unit.inspect', { unitId: unit, condition: 'A', finding: 'as_new', checklist: { tags: true, clean: true } })
const approvalOf = async (settlement: string) =>
  (await rows("SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'", settlement))[0]?.id as string

/** Lets time pass until nothing is due. */
async function pay(minutes = 0): Promise<void> {
  for (let round = 0; round < 20; round += 1)
    if ((await payOnce(payments(), new Date(Date.now() + minutes * 60_000))) === 0) return
}

describe('a refund', () => {
  it('in policy and small is proposed, approved, paid and posted by itself once the parcel is here', async () => {
    const { units } = await asked('m1', '40.00')
    const [unit = ''] = units
    await pay()
    expect(await rows('SELECT 1 FROM settlement WHERE unit_id = $1', unit)).toEqual([])
    await receive(unit)
    await pay()
    expect(
      await rows('SELECT state, amount, proposed_by, approved_by, external FROM settlement WHERE unit_id = $1', unit),
    ).toEqual([
      {
        state: 'paid',
        amount: 400_000n,
        proposed_by: 'conditional_refund',
        approved_by: 'conditional_refund',
        external: false,
      },
    ])
    expect(provider.refunds.filter(({ metadata }) => metadata.settlement_id === `ST-${unit}-1`)).toMatchObject([
      { amount: 4000, payment_intent: 'O-m1' },
    ])
    const posted = await rows(
      `SELECT e.template, l.account, l.debit - l.credit AS amount FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id WHERE e.unit_id = $1 ORDER BY e.posted_at, e.template, l.line`,
      unit,
    )
    expect(posted).toEqual([
      { template: 'unit_received', account: 'inventory.received', amount: 200_000n },
      { template: 'unit_received', account: 'cost_of_sales', amount: -200_000n },
      { template: 'settlement_approved', account: 'returns_and_allowances', amount: 400_000n },
      { template: 'settlement_approved', account: 'refunds_payable', amount: -400_000n },
      { template: 'settlement_paid', account: 'refunds_payable', amount: 400_000n },
      { template: 'settlement_paid', account: 'cash_clearing', amount: -400_000n },
    ])
  })

  it('above 50 waits for level 1, and nobody approves what they asked for or touched', async () => {
    const { units, rmaId } = await asked('m2', '120.00')
    const [unit = ''] = units
    await receive(unit)
    const both = {
      ...jo,
      roles: ['receiver', 'refund_approver_l1'] as const,
      permissions: new Set([...jo.permissions, ...maya.permissions]),
    }
    const { id } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit })
    const approval = await approvalOf(id)
    expect(await refused(run(ines, 'approval.approve', { ids: [approval] }))).toBe('forbidden')
    expect(await refused(run(both, 'approval.approve', { ids: [approval] }))).toBe('segregation_of_duties')
    expect(await refused(run(farah, 'approval.approve', { ids: [approval] }))).toBe('approval_role')
    expect(await refused(run(maya, 'approval.approve', { ids: [approval], hashes: { [approval]: 'as it was' } }))).toBe(
      'approval_stale',
    )
    await run(maya, 'approval.approve', { ids: [approval] })
    expect(await refused(run(oscar, 'approval.approve', { ids: [approval] }))).toBe('approval_closed')
    await pay()
    expect(await stateOf(id)).toBe('paid')
    expect(await rows('SELECT money FROM rma WHERE id = $1', rmaId)).toEqual([{ money: 'paid' }])
    const refusals = await rows("SELECT code FROM refusal WHERE command = 'approval.approve' ORDER BY id")
    expect(refusals.map(({ code }) => code)).toEqual([
      'forbidden',
      'segregation_of_duties',
      'approval_role',
      'approval_stale',
      'approval_closed',
    ])
  })

  it('five small ones for one customer are weighed as one', async () => {
    const ids: string[] = []
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const { units } = await asked(`split${n}`, '49.00', 1, 'C-split')
      await receive(units[0] ?? '')
      ids.push((await run<{ id: string }>(ines, 'settlement.propose', { unitId: units[0] ?? '' })).id)
    }
    const approvals = await rows(
      'SELECT subject_id, weighed FROM approval WHERE subject_id = ANY($1) ORDER BY requested_at',
      ids,
    )
    // The first needs nobody; from the second on they are weighed together.
    expect(approvals.map(({ weighed }) => weighed)).toEqual([2, 3, 4, 5, 6].map((n) => BigInt(n * 490_000)))
  })

  it('and so are those of one order of a guest', async () => {
    await onItsWay(
      { id: 'guest', sku: 'SKU-1', quantity: 2, net: '98.00', unitCost: '20.00', customerId: '' },
      { asked: 0 },
    )
    const ids: string[] = []
    for (let n = 0; n < 2; n += 1) {
      const { units } = await run<Requested>(ines, 'return.request', {
        orderId: 'O-guest',
        lines: [{ orderLineId: 'guest', quantity: 1, reason: 'too_large' }],
      })
      await receive(units[0] ?? '')
      ids.push((await run<{ id: string }>(ines, 'settlement.propose', { unitId: units[0] ?? '' })).id)
    }
    const weighed = await rows('SELECT subject_id, weighed FROM approval WHERE subject_id = ANY($1)', ids)
    expect(weighed).toEqual([{ subject_id: ids[1], weighed: 980_000n }])
  })

  it('above 2,000 needs two people; a rejected one is told why and may be proposed again', async () => {
    const { units } = await asked('m3', '2400.00')
    const [unit = ''] = units
    await run(oscar, 'return.authorize', { rmaId: unit.slice(0, -2) }).catch(() => undefined)
    await run(somebody('otto', ['cs_agent']), 'return.authorize', { rmaId: unit.slice(0, -2) })
    await receive(unit)
    await inspect(unit)
    const first = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit })
    await run(oscar, 'approval.reject', { ids: [await approvalOf(first.id)], reason: 'No photo of the label.' })
    expect(await stateOf(first.id)).toBe('rejected')
    const { id } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit })
    const approval = await approvalOf(id)
    await run(oscar, 'approval.approve', { ids: [approval] })
    expect(await stateOf(id)).toBe('proposed')
    expect(await refused(run(oscar, 'approval.approve', { ids: [approval] }))).toBe('approval_role')
    await run(farah, 'approval.approve', { ids: [approval] })
    await pay()
    expect(await stateOf(id)).toBe('paid')
  })
})

describe('the provider', () => {
  const ready = async (id: string) => {
    const { units } = await asked(id, '30.00')
    await receive(units[0] ?? '')
    const { id: settlement } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: units[0] ?? '' })
    const approval = await approvalOf(settlement)
    if (approval) await run(oscar, 'approval.approve', { ids: [approval] })
    return settlement
  }
  const made = (settlement: string) =>
    provider.refunds.filter(({ metadata }) => metadata.settlement_id === settlement).length

  it('loses the answer: it is asked what became of it, and pays once', async () => {
    const id = await ready('p1')
    provider.fail('lost_answer')
    await payOnce(payments())
    expect(await stateOf(id)).toBe('unknown')
    await pay(60)
    expect([await stateOf(id), made(id)]).toEqual(['paid', 1])
  })

  it('fails before and after: one refund in the end', async () => {
    const id = await ready('p2')
    provider.fail('error_before', 'error_after')
    await payOnce(payments())
    await pay(60)
    await pay(600)
    expect([await stateOf(id), made(id)]).toEqual(['paid', 1])
  })

  it('declines: an exception says so, the reservation is free again, and an accountant may try again', async () => {
    const id = await ready('p3')
    provider.fail('declined')
    await pay()
    expect(await stateOf(id)).toBe('failed')
    expect(await rows("SELECT kind FROM case_exception WHERE subject = $1 AND state = 'open'", id)).toEqual([
      { kind: 'payment_failed' },
    ])
    expect(await rows("SELECT reserved FROM payment WHERE order_id = 'O-p3'")).toEqual([{ reserved: 0n }])
    await run(nadia, 'settlement.retry', { settlementId: id })
    await pay()
    expect([await stateOf(id), made(id)]).toEqual(['paid', 1])
  })
})

/** Something that a provider tells of money, as of now. */
const told = (unit: string, id: string, kind: string, amount: string) =>
  tell(
    [
      {
        specversion: '1.0',
        id,
        source: '/psp/test',
        type: 'settlement.paid.v1',
        time: new Date().toISOString(),
        subject: unit,
        data: { settlement_id: id, unit_id: unit, kind, amount, currency: 'EUR' },
      } as AnyEvent,
    ],
    '/psp/test',
  )

describe.each([
  ['refunds', ['refund']],
  ['refunds, store credits and exchanges, with chargebacks between them,', ['refund', 'store_credit', 'exchange']],
] as const)('64 %s at once on one payment', (_name, kinds) => {
  it('never exceed what was captured; the losers are told why', { timeout: 240_000 }, async () => {
    const id = `race${kinds.length}`
    const mixed = kinds.length > 1
    const { units, rmaId } = await asked(id, '640.00', 64)
    const [first = ''] = units
    // A third of the capture is gone already, elsewhere.
    await told(first, `${id}-outside`, 'goodwill', '213.00')
    await Promise.all(units.map((unit) => receive(unit)))
    const [proposed] = await Promise.all([
      Promise.allSettled(
        units.map((unit, n) =>
          run<{ id: string }>(ines, 'settlement.propose', { unitId: unit, kind: kinds[n % kinds.length] }),
        ),
      ),
      // The bank takes its part while everybody proposes.
      ...(mixed ? [told(first, `${id}-bank`, 'chargeback', '57.00')] : []),
    ])
    const open = await rows("SELECT id FROM approval WHERE rma_id = $1 AND state = 'open'", rmaId)
    const ids = open.map(({ id: each }) => each)
    for (let at = 0; at < ids.length; at += 32) await run(oscar, 'approval.approve', { ids: ids.slice(at, at + 32) })
    const second = await rows("SELECT id FROM approval WHERE id = ANY($1) AND state = 'open'", ids)
    for (const { id: each } of second) await run(farah, 'approval.approve', { ids: [each] })
    await Promise.all(Array.from({ length: 8 }, () => pay()))
    await pay()
    const [payment] = await rows(
      'SELECT captured, refunded + charged_back + credited + reserved AS drawn, over FROM payment WHERE order_id = $1',
      `O-${id}`,
    )
    const drawn = BigInt(payment.drawn)
    expect(drawn <= payment.captured).toBe(true)
    // Nothing is left but what is less than a piece: nobody lost without need.
    expect(payment.captured - drawn < 100_000n).toBe(true)
    expect(payment.over).toBe(0n)
    const sums = await rows(
      `SELECT kind, sum(amount + coalesce(applied, 0))::bigint AS sum FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id
       WHERE s.order_id = $1 AND (s.state = 'paid' OR r.state = 'ordered') GROUP BY 1 ORDER BY 1`,
      `O-${id}`,
    )
    expect(sums.reduce((all, { sum }) => all + BigInt(sum), 0n)).toBe(drawn)
    if (mixed)
      expect(sums.map(({ kind }) => kind)).toEqual(['chargeback', 'exchange', 'goodwill', 'refund', 'store_credit'])
    const atProvider = provider.refunds
      .filter(({ payment_intent }) => payment_intent === `O-${id}`)
      .reduce((sum, { amount }) => sum + BigInt(amount) * 100n, 0n)
    expect(atProvider).toBe(BigInt(sums.find(({ kind }) => kind === 'refund')?.sum ?? 0))
    const lost = proposed.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(lost.length).toBeGreaterThan(0)
    for (const error of lost) {
      expect(error).toBeInstanceOf(UserError)
      expect(error.code).toBe('nothing_due')
    }
    for (const { last_error } of await rows(
      "SELECT last_error FROM settlement WHERE order_id = $1 AND state = 'failed'",
      `O-${id}`,
    ))
      expect(last_error).toContain('less left')
  })
})

it('the books agree: what is payable is what is approved and not given, store credit what customers hold, and every entry balances', async () => {
  const [sums] = await rows(
    `SELECT (SELECT coalesce(sum(credit - debit), 0) FROM journal_line WHERE account IN ('refunds_payable', 'store_credit_liability'))::bigint AS payable,
       (SELECT coalesce(sum(amount), 0) FROM settlement WHERE state IN ('approved', 'reserved', 'submitting', 'unknown', 'failed'))::bigint AS owed,
       (SELECT coalesce(sum(balance - owed), 0) FROM store_credit)::bigint AS held,
       (SELECT coalesce(sum(amount), 0) FROM store_credit_movement)::bigint AS moved,
       (SELECT coalesce(sum(amount), 0) FROM settlement WHERE state = 'paid' AND kind = 'store_credit')::bigint AS issued,
       (SELECT sum(debit - credit) FROM journal_line)::bigint AS balance`,
  )
  expect(sums.payable).toBe(sums.owed + sums.held)
  expect([sums.held, sums.moved]).toEqual([sums.issued, sums.issued])
  expect(sums.issued > 0n).toBe(true)
  expect(sums.balance).toBe(0n)
})
