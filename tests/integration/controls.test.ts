import { beforeAll, expect, it, vi } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { db, pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { lookAndKeep } from '../../lib/workflow/controls/keep'
import { execute } from '../../lib/workflow/execute'
import { controlsView } from '../../lib/workflow/read/controls'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const greta = somebody('greta', ['auditor'])
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

let n = 0
const event = (type: string, unit: string, time: string, data: object): AnyEvent =>
  ({
    ...{ specversion: '1.0', id: `k${++n}`, source: '/shop/test', type, time, subject: unit },
    data: { unit_id: unit, ...data },
  }) as AnyEvent

/** Which invariants are broken now, with what breaks them. */
async function broken(): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {}
  for (const { id, look } of INVARIANTS) {
    const { broken: count, examples } = await look(db(), new Date())
    if (count > 0n) found[id] = examples
  }
  return found
}

beforeAll(async () => {
  await openFacility()
  for (const line of ['A', 'B', 'C']) {
    const { unit } = await onItsWay({
      id: line,
      sku: `SKU-${line}`,
      quantity: 2,
      net: '100',
      unitCost: '20',
      serials: [`S-${line}`],
    })
    await tell([
      event('unit.received.v1', unit, ago(2), {
        facility: 'venlo',
        quantity: 2,
        location: 'dock',
        serial: `S-${line}`,
      }),
      event('unit.inspected.v1', unit, ago(1.5), { condition_code: 'A', finding_code: 'as_new', facility: 'venlo' }),
      event('settlement.paid.v1', unit, ago(1), {
        settlement_id: `ST-${line}`,
        kind: 'refund',
        amount: '40',
        currency: 'EUR',
      }),
      event('claim.opened.v1', unit, ago(1), {
        claim_id: `CL-${line}`,
        supplier_id: 'S1',
        amount: '10',
        currency: 'EUR',
      }),
    ])
  }
})

it('hold on cases that went the right way', async () => {
  expect(await broken()).toEqual({})
})

/** Changes a table past its triggers, as its owner can; `audited` writes an entry in the audit log, so that only the change itself is found. */
async function past(table: string, statement: string, audited: boolean): Promise<void> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    if (audited)
      await client.query(
        `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'system', 'x', 'x', 'x', 'x', '{}')`,
      )
    await client.query(
      `ALTER TABLE ${table} DISABLE TRIGGER USER; ${statement}; ALTER TABLE ${table} ENABLE TRIGGER USER; COMMIT`,
    )
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** A row changed past every control, by somebody with the rights of the owner; put back afterwards. */
const PLANTED: readonly (readonly [id: string, table: string, change: string, back: string, names: RegExp])[] = [
  [
    'I1',
    'journal_line',
    "UPDATE journal_line SET debit = debit + 1 WHERE debit > 0 AND account = 'inventory.received'",
    "UPDATE journal_line SET debit = debit - 1 WHERE debit > 0 AND account = 'inventory.received'",
    /Entry JE-/,
  ],
  [
    'I2',
    'payment',
    "UPDATE payment SET refunded = refunded - 1 WHERE order_id = 'O-A'",
    "UPDATE payment SET refunded = refunded + 1 WHERE order_id = 'O-A'",
    /Order O-A/,
  ],
  [
    'I3',
    'order_line',
    "UPDATE order_line SET quantity = 1 WHERE id = 'A'",
    "UPDATE order_line SET quantity = 2 WHERE id = 'A'",
    /Order line A: 2 of 1/,
  ],
  [
    'I4',
    'stock_balance',
    "UPDATE stock_balance SET quantity = quantity + 1 WHERE sku = 'SKU-A' AND status = 'received'",
    "UPDATE stock_balance SET quantity = quantity - 1 WHERE sku = 'SKU-A' AND status = 'received'",
    /SKU-A/,
  ],
  [
    'I5',
    'return_unit',
    "UPDATE return_unit SET status = 'sellable', handled = true WHERE id = 'R-A-1'",
    "UPDATE return_unit SET status = 'received', handled = false WHERE id = 'R-A-1'",
    /R-A-1 is sellable without a disposition/,
  ],
  [
    'I5',
    'return_unit',
    "UPDATE return_unit SET sku = 'SKU-B', serial = 'S-B' WHERE id = 'R-A-1'",
    "UPDATE return_unit SET sku = 'SKU-A', serial = 'S-A' WHERE id = 'R-A-1'",
    /Serial S-B of SKU-B lies here 2 times/,
  ],
  [
    'I6',
    'supplier_claim',
    "UPDATE supplier_claim SET accepted = 10000 WHERE id = 'CL-A'",
    "UPDATE supplier_claim SET accepted = 0 WHERE id = 'CL-A'",
    /claims receivable/i,
  ],
  [
    'I7',
    'settlement',
    "UPDATE settlement SET state = 'approved' WHERE id = 'ST-A'",
    "UPDATE settlement SET state = 'paid' WHERE id = 'ST-A'",
    /Refunds payable/,
  ],
  [
    'I7',
    'store_credit',
    "INSERT INTO store_credit (customer_id, entity, currency, balance) VALUES ('C-PLANTED', 'acme-eu', 'EUR', 10000)",
    "DELETE FROM store_credit WHERE customer_id = 'C-PLANTED'",
    /Store credit of C-PLANTED: held 1.00, moved 0.00 EUR/,
  ],
  [
    'I9',
    'journal_entry',
    "UPDATE journal_entry SET cause_id = 'unit:R-A-1#999' WHERE id = (SELECT id FROM journal_entry WHERE unit_id = 'R-A-1' AND cause_id LIKE 'unit:%' LIMIT 1)",
    "UPDATE journal_entry SET cause_id = 'unit:R-A-1#1' WHERE cause_id = 'unit:R-A-1#999'",
    /version 999 of R-A-1/,
  ],
  [
    'I11',
    'settlement',
    "UPDATE settlement SET external = false, entitled = 100 WHERE id = 'ST-B'",
    "UPDATE settlement SET external = true, entitled = 0 WHERE id = 'ST-B'",
    /Settlement ST-B/,
  ],
  [
    'I12',
    'supplier_claim',
    "UPDATE supplier_claim SET external = false, claimed = 99990000 WHERE id = 'CL-B'",
    "UPDATE supplier_claim SET external = true, claimed = 100000 WHERE id = 'CL-B'",
    /Claim CL-B/,
  ],
  [
    'I15',
    'return_unit',
    "UPDATE return_unit SET reason = 'because' WHERE id = 'R-C-1'",
    "UPDATE return_unit SET reason = 'changed_mind' WHERE id = 'R-C-1'",
    /R-C-1: reason “because”/,
  ],
  [
    'I16',
    'return_unit',
    "UPDATE return_unit SET location = 'elsewhere' WHERE id = 'R-C-1'",
    "UPDATE return_unit SET location = 'dock' WHERE id = 'R-C-1'",
    /R-C-1: location/,
  ],
]

it.each(PLANTED)('%s finds what was changed past the program in %s', async (id, table, change, back, names) => {
  const write = (statement: string) => past(table, statement, true)
  await write(change)
  const found = await broken()
  await write(back)
  expect(found[id]?.join('\n')).toMatch(names)
  expect(await broken()).toEqual({})
})

it('I13 finds a change without an entry in the audit log', async () => {
  await past('rma', 'UPDATE rma SET id = id', false)
  const found = await broken()
  expect(Object.keys(found)).toEqual(['I13'])
  expect(found.I13?.[0]).toMatch(/^rma: \d+ rows of transaction \d+$/)
  await withTransaction(async (tx) => {
    await tx.execute(
      `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'system', 'x', 'x', 'x', 'x', '{}')`,
    )
    await tx.execute('UPDATE rma SET id = id')
  })
  expect(await broken()).toEqual({})
})

it('keeps what was found, and since when it has been so', async () => {
  const look = commandNamed('control.look')
  if (!look) throw new Error('no command')
  expect((await execute(greta, look, { id: 'I1' })).result).toEqual({ holds: true })
  const bad = { id: 'I1', look: async () => ({ checked: 3n, broken: 1n, examples: ['one'] }) }
  const first = new Date(Date.now() + 1_000)
  await withTransaction((tx) => lookAndKeep(tx, bad, first))
  await withTransaction((tx) => lookAndKeep(tx, bad, new Date(Date.now() + 5_000)))
  const line = (await controlsView(greta)).controls.find(({ id }) => id === 'I1')
  expect(line).toMatchObject({ state: 'broken', broken: '1', examples: ['one'], brokenSince: first.toISOString() })
  const failing = { id: 'I1', look: () => Promise.reject(new Error('no connection')) }
  await withTransaction((tx) => lookAndKeep(tx, failing, new Date()))
  // What went wrong inside is for the log; what a person can wait for is said.
  expect((await controlsView(greta)).controls.find(({ id }) => id === 'I1')).toMatchObject({
    state: 'unknown',
    failed: 'It failed; the log of the worker says where.',
  })
  const behind = { id: 'I1', look: () => Promise.reject(new UserError('cases_behind', 'Two batches wait.', 503)) }
  await withTransaction((tx) => lookAndKeep(tx, behind, new Date()))
  expect((await controlsView(greta)).controls.find(({ id }) => id === 'I1')).toMatchObject({
    state: 'unknown',
    failed: 'Two batches wait.',
  })
  await execute(greta, look, { id: 'I1' })
  expect((await controlsView(greta)).controls.find(({ id }) => id === 'I1')).toMatchObject({
    state: 'holds',
    brokenSince: null,
  })
  await expect(execute(greta, look, { id: 'I99' })).rejects.toMatchObject({ code: 'not_found' })
})

it('a look by hand sees one moment, whatever is posted while it looks', async () => {
  const look = commandNamed('control.look')
  const balance = INVARIANTS.find(({ id }) => id === 'I1')
  if (!look || !balance) throw new Error('no command')
  const entries = 'SELECT count(*) AS n FROM journal_entry'
  const looking = vi.spyOn(balance, 'look').mockImplementation(async (tx) => {
    const { rows: first } = await tx.execute<{ n: bigint }>(entries)
    // Of somebody else, between two statements of the look.
    await tell([
      event('cost.incurred.v1', 'R-A-1', ago(0), { cost_id: 'C-while', kind: 'labor', amount: '1', currency: 'EUR' }),
    ])
    const { rows: second } = await tx.execute<{ n: bigint }>(entries)
    return { checked: 1n, broken: BigInt(second[0]?.n ?? 0) - BigInt(first[0]?.n ?? 0), examples: [] }
  })
  const before = (await pool().query(entries)).rows[0].n
  try {
    expect((await execute(greta, look, { id: 'I1' })).result).toEqual({ holds: true })
  } finally {
    looking.mockRestore()
  }
  expect((await pool().query(entries)).rows[0].n).toBeGreaterThan(before)
})
