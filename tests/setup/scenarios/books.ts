import { pool, withTransaction } from '../../../lib/db/client'
import { CLOSE_TASKS } from '../../../lib/returns/close-tasks'
import { INVARIANTS } from '../../../lib/workflow/controls/invariants'
import { lookAndKeep } from '../../../lib/workflow/controls/keep'
import { periodOf } from '../../../lib/workflow/record/books'

import { farah, fresh, greta, lena, nadia, oscar, received, rows, run, type Scenario, waiting } from './scenario'

/** An entity of its own, so that its months close on nothing of the other scenarios. */
const CLOSING = 'acme-close'
/** One for the whole run: the month of the books' zone, which does not move under it. */
const THIS_MONTH = periodOf(new Date())
const monthsAgo = (months: number): string => {
  const day = new Date(`${THIS_MONTH}-10T00:00:00Z`)
  day.setUTCMonth(day.getUTCMonth() - months)
  return day.toISOString().slice(0, 10)
}
const MONTH = monthsAgo(2).slice(0, 7)
const about = { entity: CLOSING, period: MONTH }

const entry = (entity = 'acme-eu', day = `${monthsAgo(0).slice(0, 8)}01`) => ({
  ...{ entity, currency: 'EUR', day, memo: `Bank fee of the month, ${fresh('number ')}` },
  lines: [
    { account: 'return_costs.payment_fee', debit: '12.50' },
    { account: 'accrued_costs', credit: '12.50' },
  ],
})
const prepared = () => run<{ id: string; approvalId: string }>(nadia, 'journal.prepare', entry())

/** An entry in the month of an entity, so that there is something to close. */
async function fill(entity: string): Promise<void> {
  const { approvalId } = await run(nadia, 'journal.prepare', entry(entity, monthsAgo(2)))
  await run(farah, 'approval.approve', { ids: [approvalId] })
}
async function openClosing(): Promise<void> {
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts) VALUES ('closing', 'Closing', 'warehouse', $1, 'NL', 'Europe/Amsterdam', '[]') ON CONFLICT DO NOTHING`,
    [CLOSING],
  )
  await fill(CLOSING)
}

/** Locks the month and signs what is not signed yet. */
async function readyToClose(entity: string): Promise<void> {
  const month = { entity, period: MONTH }
  await run(farah, 'period.lock', month)
  for (const each of INVARIANTS) await withTransaction((tx) => lookAndKeep(tx, each, new Date()))
  const done = await rows<{ task: string }>(
    'SELECT task FROM close_task WHERE entity = $1 AND period = $2',
    entity,
    MONTH,
  )
  for (const { id, owner } of CLOSE_TASKS)
    if (!done.some(({ task }) => task === id))
      await run(owner === 'accountant' ? nadia : farah, 'close.sign', { ...month, task: id })
}

/** The month before last of an entity that has a facility, with an entry in it, closed; answers a day of it. */
export async function closedMonth(entity: string): Promise<string> {
  await fill(entity)
  await readyToClose(entity)
  await run(farah, 'period.close', { entity, period: MONTH })
  return monthsAgo(2)
}

/** One month of an entity from its first signature to its opening again; in this order, before anything else happens. */
export const CLOSE: readonly Scenario[] = [
  {
    command: 'close.sign',
    async build() {
      await openClosing()
      return { actor: nadia, input: { ...about, task: 'events' } }
    },
  },
  {
    command: 'close.unsign',
    build: async () => ({ actor: nadia, input: { ...about, task: 'events', reason: 'Too early.' } }),
  },
  { command: 'period.lock', build: async () => ({ actor: farah, input: about }) },
  { command: 'period.unlock', build: async () => ({ actor: farah, input: { ...about, reason: 'One more entry.' } }) },
  {
    command: 'period.close',
    async build() {
      await readyToClose(CLOSING)
      return { actor: farah, input: about }
    },
  },
  {
    command: 'period.reopen',
    build: async () => ({ actor: nadia, input: { ...about, reason: 'The bank fee was doubled.' } }),
  },
  {
    command: 'approval.approve',
    about: 'the opening of a period, the second of two',
    async build() {
      const id = await waiting(`${CLOSING}/${MONTH}`)
      await run(farah, 'approval.approve', { ids: [id] })
      return { actor: oscar, input: { ids: [id] } }
    },
  },
]

const DAY = 86_400_000
const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
const csvOf = (ref: string) =>
  `id,status,amount,currency,created (utc)\n${ref},succeeded,12.00,eur,${new Date(Date.now() - DAY).toISOString()}`
const report = (ref: string) => ({
  provider: 'shop-pay',
  name: `${ref}.csv`,
  csv: csvOf(ref),
  from: dayFromNow(-5),
  until: dayFromNow(1),
})

/** A refund that a provider reports and that nobody here knows. */
async function difference(): Promise<string> {
  const ref = fresh('re_')
  await run(nadia, 'reconciliation.import_payments', report(ref))
  return `payments:report:shop-pay/${ref}`
}
const settling = async (): Promise<{ key: string; account: string; entity: string; note: string }> => ({
  ...{ key: await difference(), account: 'returns_and_allowances', entity: 'acme-eu' },
  note: 'Refunded by hand in the dashboard.',
})

/** Entries, controls and the three ways of reconciliation. */
export const BOOKS: readonly Scenario[] = [
  { command: 'journal.prepare', build: async () => ({ actor: nadia, input: entry() }) },
  {
    command: 'approval.approve',
    about: 'an entry',
    build: async () => ({ actor: farah, input: { ids: [(await prepared()).approvalId] } }),
  },
  {
    command: 'approval.reject',
    about: 'an entry',
    build: async () => ({ actor: farah, input: { ids: [(await prepared()).approvalId], reason: 'Not ours.' } }),
  },
  {
    command: 'journal.reverse',
    async build() {
      const { id, approvalId } = await prepared()
      await run(farah, 'approval.approve', { ids: [approvalId] })
      const [posted] = await rows<{ id: string }>('SELECT entry_id AS id FROM manual_entry WHERE id = $1', id)
      return { actor: nadia, input: { entryId: posted?.id, memo: 'It was booked twice.' } }
    },
  },
  { command: 'control.look', build: async () => ({ actor: greta, input: { id: 'I1' } }) },
  {
    command: 'reconciliation.import_payments',
    finds: 'I8',
    build: async () => ({ actor: nadia, input: report(fresh('re_')) }),
  },
  {
    command: 'reconciliation.import_receipts',
    async build() {
      await received('summary')
      return {
        actor: lena,
        input: {
          facility: 'venlo',
          name: 'week.csv',
          csv: `day,sku,quantity\n${dayFromNow(-1)},${fresh('SKU-3pl')},4`,
        },
      }
    },
  },
  {
    command: 'reconciliation.wait',
    build: async () => ({
      actor: nadia,
      input: { key: await difference(), until: dayFromNow(3), note: 'In the next file.' },
    }),
  },
  {
    command: 'reconciliation.assign',
    build: async () => ({ actor: nadia, input: { key: await difference(), assignee: null } }),
  },
  { command: 'reconciliation.settle', build: async () => ({ actor: nadia, input: await settling() }) },
  {
    command: 'approval.approve',
    about: 'an entry that settles a difference',
    async build() {
      const asked = await settling()
      await run(nadia, 'reconciliation.settle', asked)
      return { actor: farah, input: { ids: [await waiting(asked.key)] } }
    },
  },
]
