import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectOnce } from '../../ingest/projector/projector'
import { REACTIONS } from '../../ingest/projector/reactions/reactions'
import { seal } from '../../ingest/relay/seal'
import { pool, withTransaction } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { stripe } from '../../lib/payments/stripe'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { addEvidence } from '../../lib/workflow/evidence/add'
import { execute } from '../../lib/workflow/execute'
import { caseOf } from '../../lib/workflow/read/case'
import { fetchPayments } from '../../lib/workflow/reconciliation/fetch-payments'
import { commandNamed } from '../../lib/workflow/registry'
import type { Requested } from '../../lib/workflow/request/request'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { type FakeProvider, startFakeProvider } from '../../scripts/demo/payment-provider'
import { onItsWay, openFacility, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { openPipeline, type Pipeline } from '../setup/pipeline'

const databases = await freshDatabases()
let provider: FakeProvider
let pipeline: Pipeline
beforeAll(async () => {
  provider = await startFakeProvider()
  pipeline = await openPipeline(databases)
  await openFacility()
  Object.assign(process.env, { STRIPE_SECRET_KEY: 'sk_test', STRIPE_API_URL: provider.url })
  rereadEnv()
})
afterAll(async () => {
  await Promise.all([provider.close(), pipeline.close()])
})

const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const oscar = somebody('oscar', ['refund_approver_l2'])
const nadia = somebody('nadia', ['accountant'])

const run = async <Result = Record<string, unknown>>(actor: typeof ines, name: string, input: unknown) => {
  const command = commandNamed(name)
  if (!command) throw new Error(name)
  return (await execute(actor, command, input)).result as Result
}
const refused = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )
const rows = async (sql: string, ...values: unknown[]) => (await pool().query(sql, values)).rows
const one = async (sql: string, ...values: unknown[]) => (await rows(sql, ...values))[0]
const paymentOf = (id: string) =>
  one('SELECT captured, reserved, refunded, charged_back, credited, over FROM payment WHERE order_id = $1', `O-${id}`)
const pay = async () => {
  for (let round = 0; round < 20; round += 1)
    if ((await payOnce(stripe({ key: 'test', url: provider.url }), new Date())) === 0) return
}

/** Asks the provider what became of its refunds and disputes, and lets what it says reach the cases. */
let hours = 0
async function fetched(): Promise<void> {
  hours += 1
  await fetchPayments(null, new Date(Date.now() + hours * 3_600_000))
  while ((await seal(pool())) > 0);
  await pipeline.drain()
  while ((await projectOnce(REACTIONS)) > 0);
}

/** A piece of `id` that came back and was refunded by the provider. */
async function refunded(id: string, net: string): Promise<{ unit: string; rma: string }> {
  await onItsWay({ id, sku: 'SKU-1', quantity: 1, net, unitCost: '20.00', customerId: `C-${id}` }, { asked: 0 })
  const { units, rmaId } = await run<Requested>(ines, 'return.request', {
    orderId: `O-${id}`,
    lines: [{ orderLineId: id, quantity: 1, reason: 'too_large' }],
  })
  const [unit = ''] = units
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo', quantity: 1 })
  const { id: settlement } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit })
  const approval = await one("SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'", settlement)
  if (approval) await run(oscar, 'approval.approve', { ids: [approval.id] })
  await pay()
  return { unit, rma: rmaId }
}

async function allHold(): Promise<void> {
  const broken = await withTransaction(async (tx) => {
    const found: string[] = []
    for (const { id, look } of INVARIANTS)
      found.push(...(await look(tx, new Date())).examples.map((each) => `${id} ${each}`))
    return found
  })
  // What the provider reports later than it was asked about is not in its report yet.
  expect(broken.filter((each) => !each.startsWith('I8'))).toEqual([])
}

it('a bank takes back what was refunded: it counts against the payment, is a double credit, and stands in the books', {
  timeout: 120_000,
}, async () => {
  const { unit, rma } = await refunded('a', '80.00')
  const dispute = provider.dispute('O-a', 8_000)
  // Of an order that nobody returned: a difference of the reconciliation, and no case.
  provider.dispute('O-nobody', 500)
  await fetched()
  const id = `CB-stripe-${dispute}`
  expect(await one('SELECT state, kind, external, unit_id, order_id FROM settlement WHERE id = $1', id)).toEqual({
    ...{ state: 'paid', kind: 'chargeback', external: true, unit_id: unit, order_id: 'O-a' },
  })
  expect(await paymentOf('a')).toMatchObject({
    captured: 800_000n,
    refunded: 800_000n,
    charged_back: 0n,
    over: 800_000n,
  })
  expect(await rows('SELECT kind, state, subject FROM case_exception WHERE unit_id = $1', unit)).toEqual([
    { kind: 'duplicate_credit', state: 'open', subject: id },
  ])
  expect(
    await rows(
      `SELECT l.account, l.debit - l.credit AS amount FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id WHERE e.cause_id LIKE 'settlement:' || $1 || '#%' ORDER BY l.line`,
      id,
    ),
  ).toEqual([
    { account: 'returns_and_allowances', amount: 800_000n },
    { account: 'cash_clearing', amount: -800_000n },
  ])
  await fetched()
  expect(await rows("SELECT id FROM event_log WHERE source = '/payments/stripe'")).toEqual([{ id: `${dispute}/taken` }])

  const view = await caseOf(nadia, rma)
  const actions = view.actions.filter(({ subject }) => subject?.id === id)
  expect(actions).toEqual([
    {
      ...{ command: 'chargeback.dispute', title: 'Dispute the chargeback', subject: { type: 'settlement', id } },
      why: 'Add a document to the case first that shows it.',
    },
    {
      ...{ command: 'chargeback.accept', title: 'Let the chargeback stand', subject: { type: 'settlement', id } },
      why: null,
    },
  ])
  expect(view.waits.map(({ what }) => what)).toContain('an answer to the chargeback')
  await allHold()
})

it('it is disputed with documents of its case by somebody who had no part in the refund, and what the bank decides is what stands', {
  timeout: 120_000,
}, async () => {
  const { unit } = await refunded('b', '60.00')
  const dispute = provider.dispute('O-b', 6_000)
  await fetched()
  const id = `CB-stripe-${dispute}`
  const file = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300)])
  const { sha256 } = await addEvidence(jo, { bytes: file, subjectType: 'unit', subjectId: unit, note: 'receipt' })
  const say = (by: typeof ines, evidence: string[]) =>
    run(by, 'chargeback.dispute', { settlementId: id, evidence, note: 'It was refunded on the same day.' })
  expect(await refused(say(ines, [sha256]))).toBe('forbidden')
  expect(await refused(say(nadia, ['0'.repeat(64)]))).toBe('evidence_missing')
  const both = {
    ...oscar,
    roles: ['refund_approver_l2', 'accountant'] as const,
    permissions: new Set([...oscar.permissions, ...nadia.permissions]),
  }
  expect(await refused(say(both, [sha256]))).toBe('segregation_of_duties')
  await say(nadia, [sha256])
  expect(await refused(say(nadia, [sha256]))).toBe('not_now')
  expect(await one('SELECT state, resolution FROM case_exception WHERE subject = $1', id)).toEqual({
    ...{ state: 'resolved', resolution: 'chargeback_contested' },
  })
  await pay()
  const there = provider.disputes.find((each) => each.id === dispute)
  expect(there?.status).toBe('under_review')
  expect(there?.evidence.uncategorized_text).toMatch(
    /same day\.\nGiven back on .*: refund of 60\.00 EUR, re_.*\nDocuments \(SHA-256\): [0-9a-f]{64}\./,
  )
  expect(
    await one('SELECT sent_at IS NOT NULL AS sent, last_error FROM chargeback_answer WHERE settlement_id = $1', id),
  ).toEqual({
    ...{ sent: true, last_error: '' },
  })
  expect(await paymentOf('b')).toMatchObject({ over: 600_000n })
  provider.decide(dispute, 'won')
  await fetched()
  await fetched()
  expect(await one('SELECT state FROM settlement WHERE id = $1', id)).toEqual({ state: 'rejected' })
  expect(await paymentOf('b')).toMatchObject({ refunded: 600_000n, charged_back: 0n, over: 0n })
  const [sums] = await rows(
    `SELECT coalesce(sum(l.debit - l.credit), 0)::bigint AS left FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
     WHERE e.cause_id LIKE 'settlement:' || $1 || '#%' AND l.account = 'cash_clearing'`,
    id,
  )
  expect(sums).toEqual({ left: 0n })
  await allHold()
})

it('it is let stand, which ends its exception and tells the provider', { timeout: 120_000 }, async () => {
  await refunded('c', '30.00')
  const dispute = provider.dispute('O-c', 3_000)
  await fetched()
  const id = `CB-stripe-${dispute}`
  await run(nadia, 'chargeback.accept', { settlementId: id, reason: 'Costs more than it is worth.' })
  expect(await refused(run(nadia, 'chargeback.accept', { settlementId: id, reason: 'again' }))).toBe('not_now')
  await pay()
  expect(provider.disputes.find((each) => each.id === dispute)?.status).toBe('lost')
  expect(await one('SELECT state, resolution FROM case_exception WHERE subject = $1', id)).toEqual({
    ...{ state: 'resolved', resolution: 'accepted' },
  })
  await allHold()
})

it('it stops a refund that is reserved and not sent yet', { timeout: 120_000 }, async () => {
  await onItsWay(
    { id: 'd', sku: 'SKU-1', quantity: 1, net: '40.00', unitCost: '20.00', customerId: 'C-d' },
    { asked: 0 },
  )
  const { units } = await run<Requested>(ines, 'return.request', {
    orderId: 'O-d',
    lines: [{ orderLineId: 'd', quantity: 1, reason: 'too_large' }],
  })
  const [unit = ''] = units
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo', quantity: 1 })
  const { id } = await run<{ id: string }>(ines, 'settlement.propose', { unitId: unit })
  // As a worker leaves it that dies between the reservation and the submission.
  const client = await pool().connect()
  await client.query(`BEGIN; INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'system', 'x', 'x', 'x', 'x', '{}');
    UPDATE settlement SET state = 'reserved' WHERE id = '${id}'; UPDATE payment SET reserved = 400000 WHERE order_id = 'O-d'; COMMIT`)
  client.release()
  provider.dispute('O-d', 2_500)
  await fetched()
  expect(await paymentOf('d')).toMatchObject({ charged_back: 250_000n, reserved: 150_000n, over: 250_000n })
  await pay()
  expect(provider.refunds.filter(({ payment_intent }) => payment_intent === 'O-d')).toEqual([])
  expect(await one('SELECT state, last_error FROM settlement WHERE id = $1', id)).toMatchObject({
    ...{ state: 'failed', last_error: expect.stringContaining('taken back meanwhile') },
  })
  expect(await paymentOf('d')).toMatchObject({ charged_back: 250_000n, reserved: 0n, over: 0n })
  await allHold()
})
