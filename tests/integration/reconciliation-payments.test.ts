import { beforeAll, describe, expect, it } from 'vitest'
import { db, pool, withTransaction } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import { sizeOf } from '../../lib/returns/reconciliation'
import { compare } from '../../lib/workflow/reconciliation/compare'
import { fetchPayments } from '../../lib/workflow/reconciliation/fetch-payments'
import { reconcile } from '../../lib/workflow/reconciliation/reconcile'
import { everything } from '../../lib/workflow/reconciliation/side'
import { startFakeProvider } from '../../scripts/demo/payment-provider'
import { freshDatabases } from '../setup/databases'
import {
  ago,
  DAY,
  differences,
  exceptions,
  farah,
  fourReturns,
  lena,
  nadia,
  plant,
  refused,
  returned,
  run,
  states,
} from '../setup/differences'

await freshDatabases()
beforeAll(fourReturns)

describe('a provider’s report', () => {
  const until = new Date(Date.now() + DAY).toISOString().slice(0, 10)
  const head = 'id,status,amount,currency,created (utc)'
  const csv = [
    head,
    `re_A,succeeded,40.00,eur,${ago(1)}`,
    `re_B,succeeded,39.50,eur,${ago(1)}`,
    `re_unknown,succeeded,12.00,eur,${ago(1)}`,
    `re_D,failed,40.00,eur,${ago(1)}`,
  ].join('\n')
  const input = { provider: 'shop-pay', name: 'may.csv', csv, from: ago(5).slice(0, 10), until, channels: ['dtc'] }

  it('is taken in whole or not at all, and once', async () => {
    expect(
      await refused(nadia, 'reconciliation.import_payments', {
        ...input,
        csv: `${csv}\nre_9,succeeded,many,eur,${ago(1)}`,
      }),
    ).toBe('report_row')
    expect(await refused(nadia, 'reconciliation.import_payments', { ...input, csv: 'a,b\n1,2' })).toBe('report_columns')
    expect(await refused(lena, 'reconciliation.import_payments', input)).toBe('forbidden')
    expect(await run(nadia, 'reconciliation.import_payments', input)).toMatchObject({ rows: 4 })
    expect(await refused(nadia, 'reconciliation.import_payments', input)).toBe('report_known')
  })

  it('is matched to the cent, and every difference has a name', async () => {
    const list = await differences('payments')
    expect(list.map(({ key, kind, ...each }) => [key, kind, sizeOf(each)])).toEqual([
      ['payments:report:shop-pay/re_unknown', 'not_known', -120_000n],
      ['payments:settlement:ST-B', 'amount_differs', 5_000n],
      ['payments:settlement:ST-C', 'not_reported', 400_000n],
      ['payments:settlement:ST-D', 'failed_there', 400_000n],
    ])
    const { ties } = await compare(db(), 'payments', everything, new Date())
    const [tie] = ties
    expect(tie && tie.ours - tie.theirs).toBe(list.reduce((sum, each) => sum + sizeOf(each), 0n))
  })

  it('becomes exceptions, each once', async () => {
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 4, ended: 0 })
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 0, ended: 0 })
    expect((await exceptions()).map(({ message }) => message)).toContain(
      'Paid at the provider, unknown here: shop-pay re_unknown, 0.00 EUR against 12.00 EUR.',
    )
  })

  it('can wait until a day, for just this size', async () => {
    const key = 'payments:settlement:ST-C'
    const day = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10)
    expect(await refused(nadia, 'reconciliation.wait', { key, until: ago(1).slice(0, 10), note: 'tomorrow' })).toBe(
      'wait_until',
    )
    expect(
      await refused(nadia, 'reconciliation.wait', {
        key: 'payments:settlement:ST-A',
        until: day,
        note: 'in the next file',
      }),
    ).toBe('not_found')
    await run(nadia, 'reconciliation.wait', { key, until: day, note: 'in the next file' })
    expect((await states('payments'))[key]).toBe('waiting')
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_C,succeeded,38.00,eur,${ago(1)}`,
      name: 'more.csv',
    })
    expect((await states('payments'))[key]).toBe('open')
  })

  it('is settled by an entry that somebody else has approved, and by nothing else', async () => {
    const key = 'payments:report:shop-pay/re_unknown'
    const note = 'refunded by hand in the dashboard'
    const ask = { key, account: 'returns_and_allowances', entity: 'acme-eu', note }
    expect(await refused(nadia, 'reconciliation.settle', { ...ask, account: 'inventory.received' })).toBe(
      'invalid_input',
    )
    expect(await refused(nadia, 'reconciliation.settle', { ...ask, entity: undefined })).toBe('entity_required')
    expect(await refused(lena, 'reconciliation.settle', ask)).toBe('forbidden')
    const { approvalId } = await run<{ approvalId: string }>(nadia, 'reconciliation.settle', ask)
    expect((await states('payments'))[key]).toBe('proposed')
    expect(await refused(nadia, 'reconciliation.settle', ask)).toBe('already_dealt_with')
    const both = {
      ...nadia,
      roles: ['accountant', 'controller'] as const,
      permissions: new Set([...nadia.permissions, ...farah.permissions]),
    }
    expect(await refused(both, 'approval.approve', { ids: [approvalId] })).toMatch(
      /self_approval|segregation_of_duties/,
    )
    const before = await pool().query("SELECT count(*)::int AS n FROM journal_entry WHERE origin = 'manual'")
    expect(before.rows[0].n).toBe(0)
    await run(farah, 'approval.approve', { ids: [approvalId] })
    const { rows } = await pool().query(
      `SELECT l.account, (l.debit - l.credit)::text AS amount, e.prepared_by, e.approved_by FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
       WHERE e.origin = 'manual' ORDER BY 1`,
    )
    expect(rows).toEqual([
      { account: 'cash_clearing', amount: '-120000', prepared_by: nadia.userId, approved_by: farah.userId },
      { account: 'returns_and_allowances', amount: '120000', prepared_by: nadia.userId, approved_by: farah.userId },
    ])
    expect((await states('payments'))[key]).toBe('settled')
    expect((await exceptions()).find(({ subject }) => subject === key)).toMatchObject({
      state: 'resolved',
      resolution: 'settled_by_entry',
    })
    expect(await withTransaction((tx) => reconcile(tx))).toMatchObject({ raised: 0 })
    expect(await differences('ledger')).toEqual([])
  })

  it('is not settled when the difference has changed since it was asked for', async () => {
    const key = 'payments:settlement:ST-D'
    const { approvalId } = await run<{ approvalId: string }>(nadia, 'reconciliation.settle', {
      ...{ key, account: 'suspense', note: 'the bank sent it back to us' },
    })
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_D,succeeded,1.00,eur,${ago(1)}`,
      name: 'late.csv',
    })
    expect(await refused(farah, 'approval.approve', { ids: [approvalId] })).toBe('approval_stale')
    await run(farah, 'approval.reject', { ids: [approvalId], reason: 'it came after all' })
    expect((await states('payments'))[key]).toBe('open')
  })

  it('ends its exceptions when both sides agree again', async () => {
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_B,succeeded,40.00,eur,${ago(1)}\nre_C,succeeded,40.00,eur,${ago(1)}\nre_D,succeeded,40.00,eur,${ago(1)}`,
      name: 'right.csv',
    })
    expect(Object.values(await states('payments'))).toEqual(['settled'])
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 0, ended: 3 })
    expect((await exceptions()).every(({ state }) => state === 'resolved')).toBe(true)
  })

  it('is fetched from the provider itself', async () => {
    const provider = await startFakeProvider()
    try {
      Object.assign(process.env, { STRIPE_SECRET_KEY: 'sk_test', STRIPE_API_URL: provider.url })
      rereadEnv()
      await returned('S', { ref: 're_ours' })
      await plant(
        "UPDATE settlement SET provider = 'stripe', provider_ref = '', external = false, approved_by = 'x', approved_at = paid_at WHERE id = 'ST-S'",
      )
      const refund = (id: string, amount: string) =>
        fetch(`${provider.url}/v1/refunds`, {
          method: 'POST',
          headers: { 'idempotency-key': id },
          body: new URLSearchParams({ payment_intent: 'p', amount, 'metadata[settlement_id]': id }),
        })
      await refund('ST-S', '4000')
      await refund('ST-nobody', '700')
      expect(await fetchPayments(nadia, new Date(Date.now() + 10 * 60_000))).toMatchObject({ rows: 2 })
      expect(Object.entries(await states('payments')).filter(([key]) => key.includes('stripe'))).toHaveLength(1)
      await expect(fetchPayments(lena)).rejects.toMatchObject({ code: 'forbidden' })
    } finally {
      await provider.close()
    }
    await expect(fetchPayments(nadia, new Date(Date.now() + 60 * 60_000))).rejects.toMatchObject({
      code: 'provider_unreachable',
    })
  })
})
