import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { env } from '../../env'
import { CLOSE_TASKS, type CloseTaskId } from '../../returns/close-tasks'
import { type Difference, WAYS, type Way } from '../../returns/reconciliation'
import { compare } from '../reconciliation/compare'
import type { Visible } from '../reconciliation/side'
import { dealtWith } from '../reconciliation/states'
import { periodOf } from '../record/books'

type Reader = Pick<Transaction, 'execute'>

/** A task's figure as it is now: what it counts, whether it may be signed on it, and what is said beside it. */
export interface TaskFigure {
  readonly id: CloseTaskId
  readonly figure: bigint
  readonly even: boolean
  /** What was seen, in words, for the signature. */
  readonly evidence: string
}

const plural = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${count} ${BigInt(count) === 1n ? one : many}`

/** Every task's figure for one entity and period, as of now. */
export async function evaluateTasks(
  tx: Reader,
  entity: string,
  period: string,
  now: Date,
): Promise<ReadonlyMap<CloseTaskId, TaskFigure>> {
  const counts = await countsOf(tx, entity, period, now)
  const open = new Map<Way, { own: number; carried: number }>()
  const own: Visible = ({ entity: column }) => (column === undefined ? sql`true` : sql`${column} IN (${entity}, '')`)
  for (const way of WAYS) {
    const found = await openDifferences(tx, way, own, now)
    const earlier = found.filter(({ since }) => since !== null && periodOf(since) < period)
    const later = found.filter(({ since }) => since !== null && periodOf(since) > period)
    open.set(way, { own: found.length - earlier.length - later.length, carried: earlier.length })
  }
  const differences = (way: Way): Omit<TaskFigure, 'id'> => {
    const { own: mine, carried } = open.get(way) ?? { own: 0, carried: 0 }
    const before = carried === 0 ? '' : ` ${carried} of earlier periods carried on.`
    return even(
      mine,
      (mine === 0 ? 'No difference of this period is open.' : `${plural(mine, 'difference')} open.`) + before,
    )
  }
  const figures: Record<CloseTaskId, Omit<TaskFigure, 'id'>> = {
    events: even(
      counts.unapplied,
      counts.unapplied === 0n
        ? 'Nothing waits.'
        : `${plural(counts.unapplied, 'batch', 'batches')} of events have waited for more than a minute.`,
    ),
    approvals: even(
      counts.waiting,
      counts.waiting === 0n ? 'None waits.' : `${plural(counts.waiting, 'entry', 'entries')} without an answer.`,
    ),
    payments: differences('payments'),
    stock: differences('stock'),
    receipts: differences('receipts'),
    ledger: differences('ledger'),
    trial_balance: even(
      counts.unbalanced,
      counts.unbalanced === 0n
        ? `Zero in ${counts.currencies || 'every currency'}.`
        : `Out of balance: ${counts.currencies}.`,
    ),
    exceptions: even(
      counts.overdue,
      counts.overdue === 0n ? 'None is overdue.' : `${plural(counts.overdue, 'exception')} overdue.`,
    ),
    controls: even(
      counts.controls,
      counts.controls === 0n
        ? `All ${counts.looked} hold, looked at ${counts.lookedAt}.`
        : `${plural(counts.controls, 'control')} broken or not looked at lately.`,
    ),
    manual: {
      figure: counts.manual,
      even: true,
      evidence:
        counts.manual === 0n
          ? 'Nobody wrote an entry.'
          : `${plural(counts.manual, 'entry', 'entries')}, by ${counts.writers}.`,
    },
  }
  return new Map(CLOSE_TASKS.map(({ id }) => [id, { id, ...figures[id] }]))
}

const even = (count: number | bigint, evidence: string): Omit<TaskFigure, 'id'> => ({
  figure: BigInt(count),
  even: BigInt(count) === 0n,
  evidence,
})

/** What nobody has explained, settled, or decided to wait for. */
async function openDifferences(tx: Reader, way: Way, visible: Visible, now: Date): Promise<Difference[]> {
  const { differences } = await compare(tx, way, visible, now)
  const dealt = await dealtWith(tx, differences, now)
  return differences.filter((each) => ['open', 'proposed'].includes(dealt(each).state))
}

interface Counts {
  readonly unapplied: bigint
  readonly waiting: bigint
  readonly unbalanced: bigint
  readonly currencies: string
  readonly overdue: bigint
  readonly controls: bigint
  readonly looked: string
  readonly lookedAt: string
  readonly manual: bigint
  readonly writers: string
}

async function countsOf(tx: Reader, entity: string, period: string, now: Date): Promise<Counts> {
  const tz = env().BACKHAUL_TZ
  const ends = sql`(((${period} || '-01')::date + interval '1 month')::timestamp AT TIME ZONE ${tz})`
  const { rows } = await tx.execute<Record<keyof Counts, string>>(sql`
    WITH balance AS (
      SELECT e.currency, sum(l.debit) - sum(l.credit) AS off FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
      WHERE e.entity = ${entity} AND e.period <= ${period} GROUP BY 1
    ), own AS (
      SELECT e.prepared_by FROM journal_entry e WHERE e.entity = ${entity} AND e.period = ${period} AND e.origin = 'manual'
    )
    SELECT
      -- What has come within the last minute is on its way, not waiting.
      (SELECT count(*) FROM batch WHERE projected_at IS NULL AND sealed_at < now() - interval '1 minute')
        + (SELECT count(*) FROM event_log WHERE batch_id IS NULL AND received_at < now() - interval '1 minute') AS unapplied,
      (SELECT count(*) FROM approval a LEFT JOIN manual_entry m ON m.approval_id = a.id WHERE a.subject_type = 'journal' AND a.state = 'open'
        AND a.entity = ${entity} AND coalesce(m.occurred_at, a.requested_at) < ${ends}) AS waiting,
      (SELECT count(*) FROM balance WHERE off <> 0) AS unbalanced,
      (SELECT string_agg(currency, ', ' ORDER BY currency) FROM balance WHERE off <> 0 OR NOT EXISTS (SELECT FROM balance b WHERE b.off <> 0)) AS currencies,
      (SELECT count(*) FROM case_exception x LEFT JOIN return_unit u ON u.id = x.unit_id WHERE x.state = 'open' AND x.owner_role IN ('accountant', 'controller')
        AND x.raised_at < ${ends} AND x.due_at < ${now.toISOString()}::timestamptz AND coalesce(u.entity, x.entity, '') IN (${entity}, '')) AS overdue,
      (SELECT count(*) FROM control_check c WHERE c.broken > 0 OR c.failed <> '' OR c.at < least(${ends}, ${now.toISOString()}::timestamptz - interval '1 day'))
        + CASE WHEN EXISTS (SELECT FROM control_check) THEN 0 ELSE 1 END AS controls,
      (SELECT count(*) FROM control_check) AS looked,
      (SELECT to_char(min(at) AT TIME ZONE ${tz}, 'YYYY-MM-DD HH24:MI') FROM control_check) AS "lookedAt",
      (SELECT count(*) FROM own) AS manual,
      (SELECT string_agg(DISTINCT coalesce(a.name, o.prepared_by), ', ') FROM own o LEFT JOIN account a ON a.id::text = o.prepared_by) AS writers`)
  const row = rows[0]
  return {
    unapplied: BigInt(row?.unapplied ?? 0),
    waiting: BigInt(row?.waiting ?? 0),
    unbalanced: BigInt(row?.unbalanced ?? 0),
    currencies: row?.currencies ?? '',
    overdue: BigInt(row?.overdue ?? 0),
    controls: BigInt(row?.controls ?? 0),
    looked: row?.looked ?? '0',
    lookedAt: row?.lookedAt ?? '',
    manual: BigInt(row?.manual ?? 0),
    writers: row?.writers ?? '',
  }
}
