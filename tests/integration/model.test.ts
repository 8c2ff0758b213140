import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { ROLE_NAMES } from '../../lib/auth/permissions'
import { pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { stripe } from '../../lib/payments/stripe'
import { takeShipped } from '../../lib/workflow/exchange/shipped'
import { execute } from '../../lib/workflow/execute'
import { record } from '../../lib/workflow/record/record'
import { commandNamed } from '../../lib/workflow/registry'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { type FakeProvider, type Fault, startFakeProvider } from '../../scripts/demo/payment-provider'
import { onItsWay, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

/** Sequences of commands against a naive model; `MODEL_RUNS=2000 MODEL_SEED=7` for a long night. The seed of a failure is in its message. */
const RUNS = Number(process.env.MODEL_RUNS ?? 60)
const SEED = Number(process.env.MODEL_SEED ?? 1)

await freshDatabases()
let provider: FakeProvider
beforeAll(async () => {
  provider = await startFakeProvider()
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts, daily_capacity) VALUES ('venlo', 'Venlo', 'warehouse', 'acme-eu', 'NL', 'Europe/Amsterdam', '[]', 100)`,
  )
})
afterAll(() => provider.close())

/** People who hold every role: only what they have done on a case keeps them from the next step. */
const PEOPLE = ['ada', 'bo', 'cy', 'di'].map((name) => somebody(name, ROLE_NAMES))
type Person = 0 | 1 | 2 | 3

/** The model: what anybody with pencil and paper would keep. It knows nothing of the implementation. */
interface Unit {
  stage: 'expected' | 'received' | 'inspected' | 'decided' | 'cancelled'
  did: Map<string, Person>
  /** Who said yes to money of its case. */
  approvers: Set<Person>
}
interface Model {
  order: string
  sku: string
  sold: number
  price: number
  returned: number
  units: Map<string, Unit>
  rmas: Map<string, string[]>
  /** What banks took back, in cents. */
  chargedBack: number
  /** What the customer has spent of store credit, in cents. */
  spent: number
  /** The last command that was carried out, to be pressed again. */
  last: { person: Person; name: string; input: unknown; id: string; result: unknown } | undefined
}

const rows = async <Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> =>
  (await pool().query<Row & Record<string, unknown>>(sql, values)).rows

/** What a command came to: its result, or the code it was refused with. */
async function attempt(
  model: Model,
  person: Person,
  name: string,
  input: unknown,
): Promise<{ result?: Record<string, unknown>; code?: string }> {
  const command = commandNamed(name)
  const actor = PEOPLE[person]
  if (!command || !actor) throw new Error(name)
  const id = crypto.randomUUID()
  try {
    const { result } = await execute(actor, command, input, id)
    model.last = { person, name, input, id, result }
    return { result: result as Record<string, unknown> }
  } catch (error) {
    if (error instanceof UserError) return { code: error.code }
    throw error
  }
}

/** I1 to I13 as far as they are of one order ($1) and its item ($2), each as rows that break it. */
const INVARIANTS: Record<string, string> = {
  'I1 every entry balances': `SELECT l.entry_id FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
     WHERE u.order_id = $1 GROUP BY 1 HAVING sum(debit) <> sum(credit)`,
  'I2 never above what was captured, but for what banks took back': `SELECT p.order_id FROM payment p WHERE p.order_id = $1 AND
     (reserved + refunded + charged_back + credited > captured OR over > (SELECT coalesce(sum(amount), 0) FROM settlement s WHERE s.order_id = $1 AND s.kind = 'chargeback'))`,
  'I3 never more back than sold': `SELECT l.id FROM order_line l JOIN return_unit u ON u.order_line_id = l.id
     WHERE l.order_id = $1 AND u.split_at IS NULL AND u.status NOT IN ('cancelled', 'lost') GROUP BY l.id HAVING sum(u.quantity) > min(l.quantity)`,
  'I4 the stock ledger is where the units are': `SELECT * FROM (SELECT facility, status, sum(quantity)::int AS n FROM stock_balance WHERE quantity > 0 AND sku = $2 GROUP BY 1, 2) s
     FULL JOIN (SELECT facility, status, sum(quantity)::int AS n FROM return_unit WHERE split_at IS NULL AND quantity > 0 AND sku = $2 GROUP BY 1, 2) u
       USING (facility, status) WHERE s.n IS DISTINCT FROM u.n AND $1 <> ''`,
  'I4 the stock ledger is the sum of its movements': `SELECT * FROM (SELECT status, sum(quantity)::int AS n FROM stock_balance WHERE quantity > 0 AND sku = $2 GROUP BY 1) s
     FULL JOIN (SELECT status, sum(n)::int AS n FROM (SELECT to_status AS status, quantity AS n FROM stock_movement WHERE sku = $2
       UNION ALL SELECT from_status, -quantity FROM stock_movement WHERE sku = $2) m WHERE status <> 'outside' GROUP BY 1 HAVING sum(n) <> 0) m
       USING (status) WHERE s.n IS DISTINCT FROM m.n AND $1 <> ''`,
  'I5 sellable only after inspection and disposition': `SELECT id FROM return_unit WHERE order_id = $1 AND status IN ('sellable', 'restocked') AND (inspected_at IS NULL OR dispositioned_at IS NULL)`,
  'I6 stock at value is the control accounts': `SELECT * FROM (SELECT 'inventory.' || status AS account, sum(value) AS v FROM stock_balance WHERE value <> 0 AND sku = $2 GROUP BY 1) s
     FULL JOIN (SELECT account, sum(debit - credit) AS v FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
       WHERE u.order_id = $1 AND account LIKE 'inventory.%' GROUP BY 1 HAVING sum(debit - credit) <> 0) j
       USING (account) WHERE s.v IS DISTINCT FROM j.v`,
  'I7 refunds payable is what is owed': `SELECT 1 WHERE (SELECT coalesce(sum(credit - debit), 0) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
       WHERE u.order_id = $1 AND account = 'refunds_payable') <>
     (SELECT coalesce(sum(amount), 0) FROM settlement WHERE order_id = $1 AND kind <> 'store_credit' AND state IN ('approved', 'reserved', 'submitting', 'unknown', 'failed'))`,
  'I7 the store credit liability is what was promised, and what customers hold and have spent': `SELECT 1 WHERE (SELECT coalesce(sum(credit - debit), 0) FROM journal_line l
       JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id WHERE u.order_id = $1 AND account = 'store_credit_liability') <>
     (SELECT coalesce(sum(amount), 0) FROM settlement WHERE order_id = $1 AND kind = 'store_credit' AND state IN ('approved', 'failed')) +
     (SELECT coalesce(sum(amount), 0) FROM store_credit_movement WHERE customer_id = replace($1, 'O-', 'C-') AND kind = 'issued')`,
  'I7 a balance is the sum of its movements': `SELECT c.customer_id FROM store_credit c WHERE c.customer_id = replace($1, 'O-', 'C-') AND
     (c.balance < 0 OR c.balance - c.owed <> (SELECT sum(amount) FROM store_credit_movement m WHERE m.customer_id = c.customer_id))`,
  'I9 one fact, one entry': `SELECT cause_id FROM journal_entry e JOIN return_unit u ON u.id = e.unit_id WHERE u.order_id = $1 GROUP BY 1 HAVING count(*) > 1`,
  'I11 what is given, kept and withheld is what was due': `SELECT id FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id WHERE order_id = $1 AND NOT external
     AND amount + coalesce(r.applied, 0) + fee + deduction + (breakdown ->> 'withheld')::bigint <> entitled`,
  'I12 a unit is in one open claim': `SELECT c.unit_id FROM supplier_claim c JOIN return_unit u ON u.id = c.unit_id WHERE u.order_id = $1 AND c.state <> 'rejected' GROUP BY 1 HAVING count(*) > 1`,
  'I13 every change has its audit entry, in its own transaction': `SELECT u.id FROM return_unit u WHERE u.order_id = $1 AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.tx = u.xmin::text)
     UNION SELECT s.id FROM settlement s WHERE s.order_id = $1 AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.tx = s.xmin::text)`,
}

async function hold({ order, sku }: Model, after: string): Promise<void> {
  const broken = await rows<{ name: string; row: string }>(
    Object.entries(INVARIANTS)
      .map(([name, sql]) => `SELECT '${name}' AS name, to_jsonb(x)::text AS row FROM (${sql}) x`)
      .join(' UNION ALL '),
    `O-${order}`,
    sku,
  )
  expect(broken, after).toEqual([])
}

const CONFLICTS: readonly [string, string][] = [
  ['request', 'receive'],
  ['request', 'inspect'],
  ['request', 'dispose'],
  ['receive', 'inspect'],
  ['receive', 'dispose'],
  ['inspect', 'dispose'],
]
/** Whether the model lets this person do this to this unit. */
const segregated = (unit: Unit, person: Person, duty: string): boolean =>
  unit.approvers.has(person) ||
  CONFLICTS.some(([a, b]) => (a === duty || b === duty) && unit.did.get(a === duty ? b : a) === person)

type Step = {
  at: number
  person: Person
  kind:
    | 'request'
    | 'cancel'
    | 'receive'
    | 'inspect'
    | 'dispose'
    | 'propose'
    | 'approve'
    | 'reject'
    | 'pay'
    | 'again'
    | 'chargeback'
    | 'scan'
    | 'spend'
    | 'ship'
    | 'unexchange'
  quantity: number
  fault: Fault | 'none'
}
const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(20),
  person: fc.constantFrom<Person>(0, 1, 2, 3),
  kind: fc.constantFrom(
    'request',
    'request',
    'receive',
    'receive',
    'inspect',
    'inspect',
    'dispose',
    'propose',
    'propose',
    'approve',
    'approve',
    'pay',
    'cancel',
    'reject',
    'again',
    'chargeback',
    'scan',
    'spend',
    'ship',
    'unexchange',
  ),
  quantity: fc.integer({ min: 1, max: 3 }),
  fault: fc.constantFrom('none', 'none', 'none', 'lost_answer', 'error_before', 'error_after', 'declined'),
})

const pick = (model: Model, at: number): [string, Unit] | undefined =>
  [...model.units][at % Math.max(1, model.units.size)]

/** Does one step to both, and holds what came of it against what the model says. */
async function take(model: Model, { at, person, kind, quantity, fault }: Step): Promise<void> {
  if (kind === 'request') {
    const { result, code } = await attempt(model, person, 'return.request', {
      orderId: `O-${model.order}`,
      lines: [{ orderLineId: model.order, quantity, reason: 'too_small' }],
    })
    if (model.returned + quantity > model.sold) {
      expect(code).toBe('over_ordered')
      return
    }
    expect(code).toBeUndefined()
    const units = result?.units as string[]
    expect(units).toHaveLength(quantity)
    model.returned += quantity
    model.rmas.set(String(result?.rmaId), units)
    for (const id of units)
      model.units.set(id, { stage: 'expected', did: new Map([['request', person]]), approvers: new Set() })
    return
  }
  if (kind === 'again') {
    const { last } = model
    const command = last && commandNamed(last.name)
    const actor = last && PEOPLE[last.person]
    if (!last || !command || !actor) return
    expect(await execute(actor, command, last.input, last.id)).toEqual({
      ...{ result: last.result, repeated: true, commandId: last.id },
    })
    return
  }
  if (kind === 'pay') {
    if (fault !== 'none') provider.fail(fault)
    for (let round = 0; round < 3; round += 1)
      await payOnce(stripe({ key: 'k', url: provider.url }), new Date(Date.now() + round * 3_600_000))
    return
  }
  const chosen = pick(model, at)
  if (!chosen) return
  const [id, unit] = chosen
  if (kind === 'chargeback' || kind === 'scan') {
    await outside(model, id, kind, quantity)
    return
  }
  if (kind === 'spend' || kind === 'ship' || kind === 'unexchange') {
    await afterSettling(model, person, kind, quantity)
    return
  }
  if (kind === 'cancel') {
    const [rma = '', units = []] = [...model.rmas].find(([, ids]) => ids.includes(id)) ?? []
    const [gone] = await rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id WHERE s.rma_id = $1 AND NOT external
         AND (s.state IN ('reserved', 'submitting', 'unknown', 'paid') OR r.state IN ('ordered', 'shipped'))`,
      rma,
    )
    const { code } = await attempt(model, person, 'return.cancel', { rmaId: rma, reason: 'no longer wanted' })
    const all = units.map((each) => model.units.get(each)).filter((each) => each !== undefined)
    const open = all.filter(({ stage }) => stage !== 'cancelled')
    const possible = open.length > 0 && open.every(({ stage }) => stage === 'expected') && gone?.n === 0
    expect(code === undefined, `cancel: ${code}`).toBe(possible)
    if (!possible) return
    for (const each of open) each.stage = 'cancelled'
    model.returned -= open.length
    expect(
      await rows("SELECT id FROM settlement WHERE rma_id = $1 AND NOT external AND state <> 'rejected'", rma),
      'what is cancelled is not paid for',
    ).toEqual([])
    return
  }
  const inputs = {
    receive: ['unit.receive', { unitId: id, facility: 'venlo', quantity: 1 }, 'expected', 'received'],
    inspect: [
      'unit.inspect',
      { unitId: id, condition: 'A', finding: 'as_new', checklist: { tags: true, clean: true } },
      'received',
      'inspected',
    ],
    dispose: ['unit.dispose', { unitId: id, disposition: 'restock' }, 'inspected', 'decided'],
  } as const
  if (kind === 'receive' || kind === 'inspect' || kind === 'dispose') {
    const [name, input, from, to] = inputs[kind]
    const { code } = await attempt(model, person, name, input)
    if (unit.stage !== from) expect(code, `${kind} at ${unit.stage}`).toBeDefined()
    else if (segregated(unit, person, kind)) expect(code).toBe('segregation_of_duties')
    else {
      expect(code, `${kind} at ${unit.stage}`).toBeUndefined()
      unit.stage = to
      unit.did.set(kind, person)
    }
    return
  }
  if (kind === 'propose') {
    const { code } = await attempt(model, person, 'settlement.propose', {
      ...{ unitId: id, kind: (['refund', 'store_credit', 'exchange'] as const)[quantity - 1] },
      ...(quantity === 3 ? { replacementPrice: `${5 * (at % 7)}.00` } : {}),
    })
    const [live] = await rows<{ id: string; by: string }>(
      "SELECT id, proposed_by AS by FROM settlement WHERE unit_id = $1 AND state <> 'rejected'",
      id,
    )
    if (unit.stage === 'cancelled') expect(code).toBe('not_now')
    else expect(live, `propose: ${code}`).toBeDefined()
    return
  }
  const [open] = await rows<{ id: string; requested_by: string; rma_id: string; steps: string[][] }>(
    "SELECT id, requested_by, rma_id, steps FROM approval WHERE unit_id = $1 AND state = 'open'",
    id,
  )
  if (!open) return
  const { code } =
    kind === 'reject'
      ? await attempt(model, person, 'approval.reject', { ids: [open.id], reason: 'not convinced' })
      : await attempt(model, person, 'approval.approve', { ids: [open.id] })
  if (kind === 'reject' && code === undefined) {
    const [settled] = await rows<{ state: string }>(
      'SELECT s.state FROM settlement s JOIN approval a ON a.subject_id = s.id WHERE a.id = $1',
      open.id,
    )
    expect(settled?.state).toBe('rejected')
  }
  const siblings = (model.rmas.get(open.rma_id) ?? []).flatMap((each) => [
    ...(model.units.get(each)?.did.values() ?? []),
  ])
  const own = open.requested_by === PEOPLE[person]?.userId || siblings.includes(person)
  if (own) expect(['segregation_of_duties', 'self_approval']).toContain(code)
  if (code === undefined)
    for (const each of model.rmas.get(open.rma_id) ?? []) model.units.get(each)?.approvers.add(person)
}

/** What follows from a settlement: credit that is spent, a replacement that the shop sends, or that is not to be had. */
async function afterSettling(
  model: Model,
  person: Person,
  kind: 'spend' | 'ship' | 'unexchange',
  size: number,
): Promise<void> {
  const order = `O-${model.order}`
  if (kind === 'spend') {
    const [issued] = await rows<{ n: string | null }>(
      "SELECT sum(amount)::text AS n FROM settlement WHERE order_id = $1 AND kind = 'store_credit' AND state = 'paid'",
      order,
    )
    const { code } = await attempt(model, person, 'store_credit.spend', {
      ...{ customerId: `C-${model.order}`, currency: 'EUR', orderId: crypto.randomUUID(), amount: `${size * 5}.00` },
    })
    if (issued?.n == null) expect(code).toBe('not_found')
    else if (size * 500 > Number(issued.n) / 100 - model.spent) expect(code).toBe('store_credit_short')
    else {
      expect(code).toBeUndefined()
      model.spent += size * 500
    }
    return
  }
  const [goods] = await rows<{ id: string; state: string; reference: string; settled: string }>(
    `SELECT s.id, s.state AS settled, r.state, r.reference FROM replacement r JOIN settlement s ON s.id = r.settlement_id
     WHERE s.order_id = $1 ORDER BY r.state = 'ordered' DESC, r.reserved_at DESC LIMIT 1`,
    order,
  )
  if (!goods) return
  if (kind === 'ship') {
    if (goods.state !== 'ordered') return
    await ship(model, goods.reference)
    expect(await rows('SELECT state FROM replacement WHERE settlement_id = $1', goods.id)).toEqual([
      { state: 'shipped' },
    ])
    return
  }
  const possible =
    ['reserved', 'ordered'].includes(goods.state) && ['proposed', 'approved', 'failed'].includes(goods.settled)
  const { code, result } = await attempt(model, person, 'exchange.cancel', {
    settlementId: goods.id,
    reason: 'sold out',
  })
  expect(code === undefined, `cancel of a replacement: ${code}`).toBe(possible)
  if (!possible) return
  expect(
    await rows(
      'SELECT r.state, s.state AS settled FROM replacement r JOIN settlement s ON s.id = r.settlement_id WHERE s.id = $1',
      goods.id,
    ),
  ).toEqual([{ state: 'cancelled', settled: 'rejected' }])
  if (result?.refundId)
    expect(await rows('SELECT kind FROM settlement WHERE id = $1', result.refundId)).toEqual([{ kind: 'refund' }])
}

/** The shop sends a replacement, told twice. */
async function ship(model: Model, reference: string): Promise<void> {
  const source = '/shop/test'
  const event: AnyEvent = {
    ...{ specversion: '1.0', id: `${reference}/sale`, source, type: 'sale.shipped.v1', time: new Date().toISOString() },
    data: {
      ...{ order_id: reference, order_line_id: `${reference}/1`, sku: model.sku, quantity: 1, net_amount: '0' },
      ...{ currency: 'EUR', channel: 'dtc', customer_id: `C-${model.order}` },
    },
  }
  const doer = { kind: 'source' as const, id: source, name: source, roles: [] }
  for (let time = 0; time < 2; time += 1)
    await withTransaction(async (tx) => {
      const at = new Date()
      await record(tx, { events: [event], doer, at })
      await takeShipped(tx, [event], doer, at)
    })
}

/** What others tell, each of it twice: a bank that takes money back, a carrier's scan. */
async function outside(model: Model, unit: string, kind: 'chargeback' | 'scan', size: number): Promise<void> {
  const [row] = await rows<{ last: Date }>('SELECT last_at AS last FROM return_unit WHERE id = $1', unit)
  const id = crypto.randomUUID()
  const time = new Date((row?.last ?? new Date()).getTime() + 1).toISOString()
  const about = { specversion: '1.0', id, source: '/outside/test', time, subject: unit } as const
  const told =
    kind === 'scan'
      ? {
          ...about,
          type: 'shipment.delivered.v1' as const,
          // Before anything else happened to it: a late scan changes no status.
          time: new Date(Date.now() - 30 * 86_400_000).toISOString(),
          data: { unit_id: unit, carrier: 'nordpost' },
        }
      : {
          ...about,
          type: 'settlement.paid.v1' as const,
          data: {
            ...{ unit_id: unit, settlement_id: `CB-${id}`, kind: 'chargeback' as const, amount: `${size}.00` },
            currency: 'EUR',
          },
        }
  await tell([told], '/outside/test')
  await tell([told], '/outside/test')
  if (kind === 'chargeback') model.chargedBack += size * 100
  const [payment] = await rows<{ back: string }>(
    `SELECT coalesce(sum(amount), 0)::text AS back FROM settlement WHERE order_id = $1 AND kind = 'chargeback'`,
    `O-${model.order}`,
  )
  expect(Number(payment?.back) / 100).toBe(model.chargedBack)
}

it(`${RUNS} sequences of commands end where pencil and paper say, and every invariant holds after each command`, {
  timeout: 3_600_000,
}, async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 6, maxLength: 24 }),
      fc.integer({ min: 2, max: 5 }),
      fc.constantFrom('20.00', '160.00', '900.00'),
      async (steps, sold, net) => {
        run += 1
        const order = `model-${SEED}-${run}`
        await onItsWay(
          { id: order, sku: `SKU-${run}`, quantity: sold, net, unitCost: '7.00', customerId: `C-${order}` },
          { asked: 0 },
        )
        const model: Model = {
          ...{ order, sku: `SKU-${run}`, sold, price: Number(net), returned: 0, units: new Map(), rmas: new Map() },
          ...{ chargedBack: 0, spent: 0, last: undefined },
        }
        for (const [index, each] of steps.entries()) {
          await take(model, each)
          await hold(model, `after step ${index + 1}, ${each.kind}`)
        }
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  )
})
