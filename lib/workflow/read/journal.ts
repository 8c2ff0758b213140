import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { entitiesOf } from '../books/entities'
import { texts } from '../record/books'
import { scopeOf } from '../scope'
import type { Entry, EntryLine, JournalAsked, JournalPage, ManualEntryLine } from './journal-types'

const PAGE = 50

interface Row extends Record<string, unknown> {
  id: string
  entity: string
  period: string
  currency: string
  occurred_at: Date
  posted_at: Date
  template: string
  cause_id: string
  origin: Entry['origin']
  memo: string
  unit_id: string
  rma_id: string
  prepared_by: string
  approved_by: string
  late: boolean
  reverses: string | null
  reversed_by: string | null
  lines: { account: string; name: string; debit: string; credit: string }[]
}

const COLUMNS = sql`e.id, e.entity, e.period, e.currency, e.occurred_at, e.posted_at, e.template, e.cause_id, e.origin, e.memo, e.unit_id, e.rma_id,
  coalesce(p.name, e.prepared_by) AS prepared_by, coalesce(a.name, e.approved_by) AS approved_by, e.late, e.reverses,
  (SELECT r.id FROM journal_entry r WHERE r.reverses = e.id) AS reversed_by,
  (SELECT jsonb_agg(jsonb_build_object('account', l.account, 'name', n.name, 'debit', l.debit::text, 'credit', l.credit::text) ORDER BY l.line)
   FROM journal_line l JOIN ledger_account n ON n.id = l.account WHERE l.entry_id = e.id) AS lines`

const FROM = sql`journal_entry e LEFT JOIN account p ON p.id::text = e.prepared_by LEFT JOIN account a ON a.id::text = e.approved_by`

/** The journal from its end, a page at a time, in the actor's entities. */
export async function journalPage(actor: Actor, asked: JournalAsked): Promise<JournalPage> {
  authorize(actor, 'journal:read')
  const conditions = [scopeOf(actor, { entity: sql`e.entity` }), ...conditionsOf(asked)]
  const [{ rows }, entities, accounts, periods] = await Promise.all([
    db().execute<Row>(sql`
      SELECT ${COLUMNS} FROM ${FROM} WHERE ${sql.join(conditions, sql` AND `)}
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${PAGE + 1}`),
    entitiesOf(db(), actor),
    db().execute<{ id: string; name: string }>(sql`SELECT id, name FROM ledger_account ORDER BY name`),
    periodsOf(actor),
  ])
  const last = rows[PAGE - 1]
  return {
    entries: rows.slice(0, PAGE).map(entryOf),
    next: rows.length > PAGE && last ? `${new Date(last.occurred_at).toISOString()}~${last.id}` : null,
    entities,
    periods,
    accounts: accounts.rows,
  }
}

/** Periods that hold entries, latest first. */
export async function periodsOf(actor: Actor, entity?: string): Promise<string[]> {
  const entities = entity === undefined ? await entitiesOf(db(), actor) : [entity]
  const { rows } = await db().execute<{ period: string }>(sql`
    WITH RECURSIVE named AS (SELECT jsonb_array_elements_text(${JSON.stringify(entities)}::jsonb) AS entity),
    walked AS (
      SELECT n.entity, (SELECT min(e.period) FROM journal_entry e WHERE e.entity = n.entity) AS period FROM named n
      UNION ALL SELECT w.entity, (SELECT min(e.period) FROM journal_entry e WHERE e.entity = w.entity AND e.period > w.period)
      FROM walked w WHERE w.period IS NOT NULL
    ) SELECT DISTINCT period FROM walked WHERE period IS NOT NULL ORDER BY 1 DESC`)
  return rows.map(({ period }) => period)
}

export function conditionsOf({ entity, period, account, origin, q, after }: JournalAsked): SQL[] {
  const all: SQL[] = []
  if (entity) all.push(sql`e.entity = ${entity}`)
  if (period) all.push(sql`e.period = ${period}`)
  if (origin) all.push(sql`e.origin = ${origin}`)
  if (account) all.push(sql`EXISTS (SELECT FROM journal_line l WHERE l.entry_id = e.id AND l.account = ${account})`)
  if (q) all.push(named(q.trim()))
  const [at, id] = after?.split('~') ?? []
  if (at && id && !Number.isNaN(Date.parse(at)))
    all.push(sql`(e.occurred_at, e.id) < (${new Date(at).toISOString()}::timestamptz, ${id})`)
  return all
}

/** What an id means in the journal: an entry, or everything of a case, unit, settlement or claim. */
function named(q: string): SQL {
  const upper = q.toUpperCase()
  return sql`e.id IN (
    SELECT id FROM journal_entry WHERE id IN (${q}, ${upper})
    UNION ALL SELECT id FROM journal_entry WHERE rma_id <> '' AND rma_id IN (${q}, ${upper})
    UNION ALL SELECT id FROM journal_entry WHERE unit_id <> '' AND unit_id IN (${q}, ${upper})
    UNION ALL SELECT e.id FROM settlement s JOIN journal_entry e ON e.unit_id = s.unit_id AND e.cause_id LIKE 'settlement:' || s.id || '#%' WHERE s.id IN (${q}, ${upper})
    UNION ALL SELECT e.id FROM supplier_claim c JOIN journal_entry e ON e.unit_id = c.unit_id AND e.cause_id LIKE 'claim:' || c.id || '#%' WHERE c.id IN (${q}, ${upper})
    UNION ALL SELECT entry_id FROM manual_entry WHERE id IN (${q}, ${upper}) AND entry_id IS NOT NULL)`
}

/** One entry with its lines. 404 when there is none in the actor's entities. */
export async function journalEntryOf(actor: Actor, id: string): Promise<Entry> {
  authorize(actor, 'journal:read')
  const { rows } = await db().execute<Row>(
    sql`SELECT ${COLUMNS} FROM ${FROM} WHERE e.id = ${id} AND ${scopeOf(actor, { entity: sql`e.entity` })}`,
  )
  if (!rows[0])
    throw new UserError('not_found', 'There is no such entry, or it is not in your part of the company.', 404)
  return entryOf(rows[0])
}

const one = (text: string): string => (text === '0' ? '' : formatUnits(BigInt(text)))

const lineOf = (line: Row['lines'][number]): EntryLine => ({
  ...{ account: line.account, name: line.name, debit: one(line.debit), credit: one(line.credit) },
})

const entryOf = (row: Row): Entry => ({
  ...{ id: row.id, entity: row.entity, period: row.period, currency: row.currency, template: row.template },
  ...{ cause: row.cause_id, origin: row.origin, memo: row.memo, unitId: row.unit_id, rmaId: row.rma_id },
  ...{ preparedBy: row.prepared_by, approvedBy: row.approved_by, late: row.late },
  ...{ reverses: row.reverses, reversedBy: row.reversed_by },
  occurredAt: new Date(row.occurred_at).toISOString(),
  postedAt: new Date(row.posted_at).toISOString(),
  size: formatUnits(row.lines.reduce((sum, { debit }) => sum + BigInt(debit), 0n)),
  lines: row.lines.map(lineOf),
})

/** Entries that people asked for and that are not posted: what waits, and what was refused within a month. */
export async function manualEntries(actor: Actor, now = new Date()): Promise<ManualEntryLine[]> {
  authorize(actor, 'journal:read')
  const { rows } = await db().execute<
    Record<string, unknown> & {
      id: string
      entity: string
      currency: string
      occurred_at: Date
      memo: string
      lines: Record<string, string>
      state: ManualEntryLine['state']
      approval: string | null
      reverses: string | null
      prepared_by: string
      prepared_at: Date
    }
  >(sql`
    SELECT m.id, m.entity, m.currency, m.occurred_at, m.memo, m.lines, m.state, v.state AS approval, m.reverses, coalesce(a.name, m.prepared_by) AS prepared_by, m.prepared_at
    FROM manual_entry m LEFT JOIN approval v ON v.id = m.approval_id LEFT JOIN account a ON a.id::text = m.prepared_by
    WHERE m.state <> 'posted' AND ${scopeOf(actor, { entity: sql`m.entity` })} AND (m.state = 'proposed' OR m.decided_at > ${new Date(now.getTime() - 30 * 86_400_000).toISOString()}::timestamptz)
    ORDER BY m.state = 'rejected', m.prepared_at DESC LIMIT 100`)
  const names = await accountNames(rows.flatMap(({ lines }) => Object.keys(lines)))
  return rows.map((row) => {
    const lines = Object.entries(row.lines).map(([account, text]) => ({ account, amount: BigInt(text) }))
    return {
      ...{ id: row.id, entity: row.entity, currency: row.currency, memo: row.memo, state: row.state },
      ...{ reverses: row.reverses, preparedBy: row.prepared_by, approval: row.approval ?? '' },
      occurredAt: new Date(row.occurred_at).toISOString(),
      preparedAt: new Date(row.prepared_at).toISOString(),
      size: formatUnits(lines.reduce((sum, { amount }) => sum + (amount > 0n ? amount : 0n), 0n)),
      lines: lines
        .sort((a, b) => (a.amount > b.amount ? -1 : 1))
        .map(({ account, amount }) => ({
          account,
          name: names.get(account) ?? account,
          debit: amount > 0n ? formatUnits(amount) : '',
          credit: amount < 0n ? formatUnits(-amount) : '',
        })),
    }
  })
}

async function accountNames(ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db().execute<{ id: string; name: string }>(
    sql`SELECT id, name FROM ledger_account WHERE id IN ${texts(ids)}`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
