import { type Actor, authorize } from '../../auth/actor'
import { db, untimed, withoutTimeouts } from '../../db/client'
import { env } from '../../env'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { requireEntity } from '../books/entities'
import { trialBalance } from './trial-balance'

/** How a period's journal leaves: every line; one journal a day as NetSuite imports it; or the trial balance. docs/journal-export.md */
export const EXPORT_PROFILES = ['itemized', 'netsuite', 'summary'] as const
export type ExportProfile = (typeof EXPORT_PROFILES)[number]

type Value = string | number | null

export interface JournalExport {
  readonly columns: readonly string[]
  readonly pages: AsyncIterable<Value[][]>
  /** Debits, credits and lines by currency, for whoever imports the file to hold against what they see. */
  readonly totals: readonly {
    readonly currency: string
    readonly debit: string
    readonly credit: string
    readonly lines: number
  }[]
}

const FETCH = 5_000

const ITEMIZED = `
  SELECT e.id, l.line, e.period, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS occurred, e.entity, e.currency, e.template, e.cause_id,
    l.account, n.name, coalesce(nullif(n.erp_account, ''), l.account) AS erp, l.debit::text, l.credit::text,
    e.unit_id, e.rma_id, e.origin, e.late, coalesce(e.reverses, '') AS reverses, e.prepared_by, e.approved_by, e.memo
  FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id JOIN ledger_account n ON n.id = l.account
  WHERE e.entity = $1 AND e.period = $2 ORDER BY e.occurred_at, e.id, l.line`

const NETSUITE = `
  WITH day AS (
    SELECT CASE WHEN e.late THEN $2 || '-01' ELSE to_char(e.occurred_at AT TIME ZONE $3, 'YYYY-MM-DD') END AS day, e.currency, e.template, l.account, sum(l.debit) AS debit, sum(l.credit) AS credit
    FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id WHERE e.entity = $1 AND e.period = $2 GROUP BY 1, 2, 3, 4
  )
  SELECT d.day, d.currency, d.template, d.account, coalesce(nullif(n.erp_account, ''), d.account) AS erp, s.side, s.amount::text
  FROM day d JOIN ledger_account n ON n.id = d.account CROSS JOIN LATERAL (VALUES ('debit', d.debit), ('credit', d.credit)) AS s (side, amount)
  WHERE s.amount > 0 ORDER BY d.day, d.currency, d.template, s.side DESC, d.account`

/**
 * A period's journal in one of its shapes, in one snapshot: the same content is the same bytes, whenever and by whomever it is asked for. Amounts in
 * main units. Throws a UserError for whoever may not, and for what is not there.
 */
export async function journalExport(
  actor: Actor,
  entity: string,
  period: string,
  profile: ExportProfile,
): Promise<JournalExport> {
  authorize(actor, 'journal:read')
  authorize(actor, 'rows:export')
  await requireEntity({ tx: db(), actor }, entity)
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw new UserError('invalid_period', 'Name a period like 2026-10.', 400, 'period')
  const lines = await trialBalance(actor, entity, period)
  const totals = await totalsOf(entity, period)
  if (profile === 'summary')
    return {
      columns: ['Account', 'Name', 'Kind', 'Currency', 'Opening', 'Debit', 'Credit', 'Closing'],
      pages: only(
        lines.map((line) => [
          line.account,
          line.name,
          line.kind,
          line.currency,
          line.opening,
          line.debit,
          line.credit,
          line.closing,
        ]),
      ),
      totals,
    }
  if (profile === 'netsuite')
    return {
      columns: [
        'External ID',
        'Date',
        'Posting Period',
        'Subsidiary',
        'Currency',
        'Account',
        'Debit',
        'Credit',
        'Memo',
      ],
      pages: pages(NETSUITE, [entity, period, env().BACKHAUL_TZ], (row) => [
        `BH-${entity}-${text(row.day)}-${text(row.currency)}-${text(row.template)}`,
        text(row.day),
        postingPeriod(period),
        entity,
        text(row.currency),
        text(row.erp),
        row.side === 'debit' ? formatUnits(BigInt(text(row.amount))) : '',
        row.side === 'credit' ? formatUnits(BigInt(text(row.amount))) : '',
        text(row.template).replaceAll('_', ' '),
      ]),
      totals,
    }
  return {
    columns: [
      ...[
        'Entry',
        'Line',
        'Period',
        'Occurred at',
        'Entity',
        'Currency',
        'Template',
        'Cause',
        'Account',
        'Account name',
      ],
      ...[
        'ERP account',
        'Debit',
        'Credit',
        'Unit',
        'Return',
        'Origin',
        'Late',
        'Reverses',
        'Prepared by',
        'Approved by',
        'Memo',
      ],
    ],
    pages: pages(ITEMIZED, [entity, period], (row) => [
      ...[text(row.id), Number(row.line), text(row.period), text(row.occurred), text(row.entity), text(row.currency)],
      ...[text(row.template), text(row.cause_id), text(row.account), text(row.name), text(row.erp)],
      ...[formatUnits(BigInt(text(row.debit))), formatUnits(BigInt(text(row.credit)))],
      ...[text(row.unit_id), text(row.rma_id), text(row.origin), row.late ? 'late' : '', text(row.reverses)],
      ...[text(row.prepared_by), text(row.approved_by), text(row.memo)],
    ]),
    totals,
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''))

/** "Oct 2026": how NetSuite names a period. */
const postingPeriod = (period: string): string =>
  new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  )

async function* only(rows: Value[][]): AsyncGenerator<Value[][]> {
  yield rows
}

/** Rows of one statement by a cursor in one snapshot, so that neither memory nor what is posted meanwhile matters. */
async function* pages(
  query: string,
  parameters: readonly string[],
  rowOf: (row: Record<string, unknown>) => Value[],
): AsyncGenerator<Value[][]> {
  const client = await untimed()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`DECLARE leaving NO SCROLL CURSOR FOR ${query}`, [...parameters])
    for (;;) {
      const { rows } = await client.query<Record<string, unknown>>(`FETCH ${FETCH} FROM leaving`)
      if (rows.length === 0) return
      yield rows.map(rowOf)
    }
  } finally {
    client.release(true)
  }
}

async function totalsOf(entity: string, period: string): Promise<JournalExport['totals']> {
  return withoutTimeouts(async (client) => {
    const { rows } = await client.query<{ currency: string; debit: string; credit: string; lines: string }>(
      `SELECT e.currency, sum(l.debit)::text AS debit, sum(l.credit)::text AS credit, count(*)::text AS lines
       FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id WHERE e.entity = $1 AND e.period = $2 GROUP BY 1 ORDER BY 1`,
      [entity, period],
    )
    return rows.map(({ currency, debit, credit, lines }) => ({
      ...{ currency, debit: formatUnits(BigInt(debit)), credit: formatUnits(BigInt(credit)), lines: Number(lines) },
    }))
  })
}
