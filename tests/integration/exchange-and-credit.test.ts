import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { stripe } from '../../lib/payments/stripe'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { takeShipped } from '../../lib/workflow/exchange/shipped'
import { execute } from '../../lib/workflow/execute'
import { compare } from '../../lib/workflow/reconciliation/compare'
import { everything } from '../../lib/workflow/reconciliation/side'
import { record } from '../../lib/workflow/record/record'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested } from '../../lib/workflow/request/request'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { type FakeProvider, startFakeProvider } from '../../scripts/demo/payment-provider'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
let provider: FakeProvider
beforeAll(async () => {
  provider = await startFakeProvider()
  await openFacility()
})
afterAll(() => provider.close())

const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const oscar = somebody('oscar', ['refund_approver_l2'])
const farah = somebody('farah', ['controller'])
const nadia = somebody('nadia', ['accountant'])

const run = async <Result = Record<string, unknown>>(actor: typeof ines, name: string, input: unknown) => {
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
const one = async (sql: string, ...values: unknown[]) => (await rows(sql, ...values))[0]
const settled = (id: string) => one('SELECT state, amount, last_error FROM settlement WHERE id = $1', id)
const goods = (id: string) => one('SELECT * FROM replacement WHERE settlement_id = $1', id)
const paymentOf = (id: string) =>
  one('SELECT captured, reserved, refunded, charged_back, credited, over FROM payment WHERE order_id = $1', `O-${id}`)
const refunds = (id: string) =>
  provider.refunds.filter(({ payment_intent }) => payment_intent === `O-${id}`).map(({ amount }) => amount)

async function pay(): Promise<void> {
  for (let round = 0; round < 20; round += 1)
    if ((await payOnce(stripe({ key: 'test', url: provider.url }), new Date())) === 0) return
}

/** A piece for `net` that has come back and is here. */
async function here(id: string, net = '40.00', customerId = `C-${id}`): Promise<string> {
  await onItsWay({ id, sku: 'SKU-1', quantity: 1, net, unitCost: '20.00', customerId }, { asked: 0 })
  const { units } = await run<Requested>(ines, 'return.request', {
    orderId: `O-${id}`,
    lines: [{ orderLineId: id, quantity: 1, reason: 'too_large' }],
  })
  const [unit = ''] = units
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo', quantity: 1 })
  return unit
}

async function propose(unit: string, more: Record<string, unknown>): Promise<string> {
  const { id } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit, ...more })
  await approveAll(id)
  return id
}
async function approveAll(subject: string): Promise<void> {
  for (const person of [oscar, farah]) {
    const open = await one("SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'", subject)
    if (open) await run(person, 'approval.approve', { ids: [open.id] })
  }
}

/** The shop tells that it has sent a replacement, as the projector takes it. */
async function shipped(
  reference: string,
  more: Record<string, unknown> = {},
  attributes: Record<string, unknown> = {},
) {
  const source = '/shop/test'
  const event = {
    ...{ specversion: '1.0', id: `${reference}/sale`, source, type: 'sale.shipped.v1', subject: `${reference}/1` },
    time: new Date().toISOString(),
    data: {
      ...{ order_id: reference, order_line_id: `${reference}/1`, sku: 'SKU-1', quantity: 1, net_amount: '0' },
      ...{
        tax_amount: '0',
        currency: 'EUR',
        channel: 'dtc',
        unit_cost: '20.00',
        entity: 'acme-eu',
        customer_id: 'C-x',
      },
      ...more,
    },
    ...attributes,
  } as AnyEvent
  const doer = { kind: 'source' as const, id: source, name: source, roles: [] }
  await withTransaction(async (tx) => {
    const at = new Date()
    await record(tx, { events: [event], doer, at })
    await takeShipped(tx, [event], doer, at)
  })
}

/** Every invariant that PostgreSQL can answer, and the tie of the sub-ledgers. */
async function allHold(): Promise<void> {
  const found = await withTransaction(async (tx) => {
    const broken: string[] = []
    for (const { id, look } of INVARIANTS)
      broken.push(...(await look(tx, new Date())).examples.map((each) => `${id} ${each}`))
    const { differences } = await compare(tx, 'ledger', everything, new Date())
    return [...broken, ...differences.map(({ title, ours, theirs }) => `${title}: ${ours} / ${theirs}`)]
  })
  expect(found).toEqual([])
}

describe('an exchange', () => {
  it('for the same again costs nothing: ordered when it may go, done when the shop has sent it', async () => {
    const id = await propose(await here('x1'), { kind: 'exchange' })
    expect(await settled(id)).toMatchObject({ state: 'approved', amount: 0n })
    expect(await goods(id)).toMatchObject({ state: 'reserved', value: 400_000n, applied: 400_000n, due: 0n })
    await pay()
    expect(await goods(id)).toMatchObject({ state: 'ordered' })
    expect(await paymentOf('x1')).toMatchObject({ captured: 400_000n, reserved: 400_000n, credited: 0n, over: 0n })
    const { reference } = await goods(id)
    await shipped(reference)
    await pay()
    expect(await settled(id)).toMatchObject({ state: 'paid' })
    expect(await goods(id)).toMatchObject({ state: 'shipped', order_line_id: `${reference}/1`, carried: 400_000n })
    expect(await paymentOf('x1')).toMatchObject({ reserved: 0n, credited: 400_000n, refunded: 0n, over: 0n })
    expect(refunds('x1')).toEqual([])
    // The piece that was sent is worth what it was taken for, and can be given back itself.
    expect(await one('SELECT captured FROM payment WHERE order_id = $1', reference)).toEqual({ captured: 400_000n })
    const back = await run<Requested>(ines, 'return.request', {
      orderId: reference,
      lines: [{ orderLineId: `${reference}/1`, quantity: 1, reason: 'too_small' }],
    })
    await run(jo, 'unit.receive', { unitId: back.units[0], facility: 'venlo', quantity: 1 })
    const again = await propose(back.units[0] ?? '', { kind: 'refund' })
    await pay()
    expect(await settled(again)).toMatchObject({ state: 'paid', amount: 400_000n })
    await allHold()
  })

  it('for something cheaper refunds the difference through the provider, when the piece is sent', async () => {
    await tell([
      {
        ...{
          specversion: '1.0',
          id: 'other',
          source: '/shop/test',
          type: 'sale.shipped.v1',
          time: '2026-01-05T08:00:00Z',
        },
        data: {
          order_id: 'O-any',
          order_line_id: 'any',
          sku: 'SKU-2',
          quantity: 1,
          net_amount: '30',
          currency: 'EUR',
          channel: 'dtc',
        },
      } as AnyEvent,
    ])
    const unit = await here('x2', '100.00')
    expect(
      await refused(run(ines, 'settlement.propose', { unitId: unit, kind: 'exchange', replacementSku: 'SKU-?' })),
    ).toBe('unknown_sku')
    expect(
      await refused(run(ines, 'settlement.propose', { unitId: unit, kind: 'exchange', replacementSku: 'SKU-2' })),
    ).toBe('price_missing')
    const id = await propose(unit, { kind: 'exchange', replacementSku: 'SKU-2', replacementPrice: '70.00' })
    await pay()
    expect(refunds('x2')).toEqual([])
    await shipped((await goods(id)).reference, { sku: 'SKU-2' })
    await pay()
    expect(await settled(id)).toMatchObject({ state: 'paid', amount: 300_000n })
    expect(refunds('x2')).toEqual([3_000])
    expect(await paymentOf('x2')).toMatchObject({ credited: 1_000_000n, reserved: 0n, over: 0n })
    await allHold()
  })

  it('for something dearer refunds nothing and says what the customer pays; the weight is that of the whole piece', async () => {
    const unit = await here('x3', '100.00')
    const { id, waitsFor } = await run<{ id: string; waitsFor: string | null }>(ines, 'settlement.propose', {
      ...{ unitId: unit, kind: 'exchange', replacementPrice: '130.00' },
    })
    expect(waitsFor).not.toBeNull()
    expect(await goods(id)).toMatchObject({ applied: 1_000_000n, due: 300_000n })
    await approveAll(id)
    await pay()
    await shipped((await goods(id)).reference, { net_amount: '30.00' })
    await pay()
    expect(await settled(id)).toMatchObject({ state: 'paid', amount: 0n })
    expect(await one('SELECT captured FROM payment WHERE order_id = $1', (await goods(id)).reference)).toEqual({
      captured: 1_300_000n,
    })
    await allHold()
  })

  it('whose replacement is not to be had is refunded the usual way, with the usual approvals', async () => {
    const id = await propose(await here('x4', '80.00'), { kind: 'exchange' })
    await pay()
    expect(await refused(run(ines, 'settlement.reject', { settlementId: id, reason: 'changed' }))).toBe('not_now')
    const { refundId } = await run<{ refundId: string }>(ines, 'exchange.cancel', {
      ...{ settlementId: id, reason: 'Sold out in this size.' },
    })
    expect(await goods(id)).toMatchObject({ state: 'cancelled', reason: 'Sold out in this size.' })
    expect(await settled(id)).toMatchObject({ state: 'rejected' })
    expect(await settled(refundId)).toMatchObject({ state: 'proposed', amount: 800_000n })
    await approveAll(refundId)
    await pay()
    expect(refunds('x4')).toEqual([8_000])
    // The shop sends it all the same: a fact, and a question for a person.
    await shipped((await goods(id)).reference)
    expect(await one("SELECT kind, state FROM case_exception WHERE subject LIKE 'XO-%/after_cancel'")).toEqual({
      kind: 'contradiction',
      state: 'open',
    })
    expect(await refused(run(ines, 'exchange.cancel', { settlementId: id, reason: 'again' }))).toBe('not_now')
    await allHold()
  })

  it('takes its replacement with it when it is withdrawn before it was ordered', async () => {
    const unit = await here('x5', '400.00')
    const { id } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit, kind: 'exchange' })
    await run(ines, 'settlement.reject', { settlementId: id, reason: 'wants the money' })
    expect(await goods(id)).toMatchObject({ state: 'cancelled' })
    expect(await propose(unit, { kind: 'refund' })).toBe(`ST-${unit}-2`)
    await allHold()
  })

  it('is open again when the shop takes the shipment back before it was finished', async () => {
    const unit = await here('x6', '90.00')
    const id = await propose(unit, { kind: 'exchange', replacementPrice: '60.00' })
    await pay()
    const { reference } = await goods(id)
    await shipped(reference)
    await shipped(reference, {}, { revision: 1, voided: true })
    expect(await goods(id)).toMatchObject({ state: 'ordered', order_line_id: null, carried: 0n })
    await pay()
    expect(refunds('x6')).toEqual([])
    await shipped(reference, {}, { revision: 2 })
    await pay()
    expect(refunds('x6')).toEqual([3_000])
    await allHold()
  })
})

describe('store credit', () => {
  const held = (customer: string) => one('SELECT balance, owed FROM store_credit WHERE customer_id = $1', customer)
  const spend = (customerId: string, orderId: string, amount: string) =>
    run(ines, 'store_credit.spend', { customerId, currency: 'EUR', orderId, amount })

  it('is held by the customer once it is issued, spent once an order, and never below zero', async () => {
    const id = await propose(await here('c1'), { kind: 'store_credit' })
    expect(await held('C-c1')).toBeUndefined()
    await pay()
    expect(await settled(id)).toMatchObject({ state: 'paid' })
    expect(await held('C-c1')).toEqual({ balance: 400_000n, owed: 0n })
    expect(await spend('C-c1', 'N-1', '15.00')).toMatchObject({ left: '25.0000', before: false })
    expect(await spend('C-c1', 'N-1', '15.00')).toMatchObject({ left: '25.0000', before: true })
    expect(await refused(spend('C-c1', 'N-1', '16.00'))).toBe('order_paid_already')
    expect(await refused(spend('C-c1', 'N-2', '25.01'))).toBe('store_credit_short')
    expect(await refused(spend('C-nobody', 'N-2', '1.00'))).toBe('not_found')
    expect(await refused(spend('C-c1', 'N-2', '0.001'))).toBe('amount_too_fine')
    const posted = await rows(
      `SELECT l.account, l.debit - l.credit AS amount FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
       WHERE e.template = 'store_credit_spent' ORDER BY l.line`,
    )
    expect(posted).toEqual([
      { account: 'store_credit_liability', amount: 150_000n },
      { account: 'store_credit_redeemed', amount: -150_000n },
    ])
    // The log knows it too.
    expect(
      await rows(
        "SELECT body::jsonb -> 'data' -> 'store_credit' ->> 'order_id' AS o FROM event_log WHERE type = 'journal.posted.v1'",
      ),
    ).toEqual([{ o: 'N-1' }])
    await allHold()
  })

  it('is spent by sixteen at once only as far as it goes', async () => {
    await propose(await here('c2'), { kind: 'store_credit' })
    await pay()
    const spent = await Promise.allSettled(Array.from({ length: 16 }, (_, n) => spend('C-c2', `R-${n}`, '7.00')))
    expect(spent.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(await held('C-c2')).toEqual({ balance: 50_000n, owed: 0n })
    const twice = await Promise.allSettled(Array.from({ length: 8 }, () => spend('C-c2', 'R-same', '2.00')))
    expect(twice.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await held('C-c2')).toEqual({ balance: 30_000n, owed: 0n })
    await allHold()
  })

  it('is ended only with another’s yes, and only as far as it is still there', async () => {
    await propose(await here('c3'), { kind: 'store_credit' })
    await pay()
    const ask = (amount: string) =>
      run<{ id: string }>(nadia, 'store_credit.void', {
        ...{ customerId: 'C-c3', currency: 'EUR', amount, reason: 'Given to the wrong customer.' },
      })
    const first = await ask('30.00')
    expect(await refused(ask('1.00'))).toBe('ending_open')
    await spend('C-c3', 'N-9', '20.00')
    const open = await one("SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'", first.id)
    expect(await refused(run(farah, 'approval.approve', { ids: [open.id] }))).toBe('store_credit_short')
    await run(farah, 'approval.reject', { ids: [open.id], reason: 'spent meanwhile' })
    const second = await ask('20.00')
    const last = await one("SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'", second.id)
    await run(farah, 'approval.approve', { ids: [last.id] })
    expect(await held('C-c3')).toEqual({ balance: 0n, owed: 0n })
    expect(
      await one("SELECT kind, amount, actor FROM store_credit_movement WHERE customer_id = 'C-c3' AND kind = 'voided'"),
    ).toEqual({ kind: 'voided', amount: -200_000n, actor: 'person-farah' })
    // Past the program nothing moves either.
    await expect(
      pool().query(
        `INSERT INTO store_credit_movement (id, customer_id, entity, currency, kind, amount, reason, actor, at) VALUES ('x', 'C-c1', 'acme-eu', 'EUR', 'voided', -10000, 'x', 'x', now())`,
      ),
    ).rejects.toThrow('with the yes of somebody')
    await expect(pool().query("UPDATE store_credit SET balance = -1 WHERE customer_id = 'C-c1'")).rejects.toThrow()
    await allHold()
  })

  it('told by a shop is held too; taken back after it was spent it is owed, and the books agree', async () => {
    const unit = await here('c4')
    const told = (type: string, at: number, more: Record<string, unknown> = {}) =>
      ({
        ...{ specversion: '1.0', id: `c4/${type}/${at}`, source: '/shop/test', type, subject: unit },
        time: new Date(Date.now() + at).toISOString(),
        data: { settlement_id: 'S-c4', unit_id: unit, kind: 'store_credit', amount: '25.00', currency: 'EUR', ...more },
      }) as AnyEvent
    await tell([told('settlement.paid.v1', 1_000)])
    expect(await held('C-c4')).toEqual({ balance: 250_000n, owed: 0n })
    await tell([told('settlement.paid.v1', 2_000, { amount: '24.00' })])
    expect(await held('C-c4')).toEqual({ balance: 240_000n, owed: 0n })
    await spend('C-c4', 'N-4', '20.00')
    await tell([told('settlement.rejected.v1', 3_000)])
    expect(await held('C-c4')).toEqual({ balance: 0n, owed: 200_000n })
    expect(await refused(spend('C-c4', 'N-5', '1.00'))).toBe('store_credit_short')
    await allHold()
  })

  it('beyond what was captured is not issued: it fails with the reason, and a person is asked', async () => {
    const unit = await here('c5')
    const id = await propose(unit, { kind: 'store_credit' })
    await tell([
      {
        ...{ specversion: '1.0', id: 'c5/back', source: '/psp/test', type: 'settlement.paid.v1', subject: unit },
        time: new Date().toISOString(),
        data: { settlement_id: 'CB-c5', unit_id: unit, kind: 'chargeback', amount: '10.00', currency: 'EUR' },
      } as AnyEvent,
    ])
    await pay()
    expect(await settled(id)).toMatchObject({ state: 'failed', last_error: expect.stringContaining('less left') })
    expect(await held('C-c5')).toBeUndefined()
    expect(await one("SELECT kind FROM case_exception WHERE subject = $1 AND state = 'open'", id)).toEqual({
      kind: 'payment_failed',
    })
    await allHold()
  })
})
