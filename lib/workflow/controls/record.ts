import { sql } from 'drizzle-orm'
import { differenceOf } from '../record/audit'
import { eventsOfUnits, parentsOf } from '../record/events'
import { foldUnits } from '../record/fold'
import { type Found, firstOf, type Invariant, type Reader } from './invariant'

/** Tables whose every change has an audit entry of its transaction. */
const CONTROLLED = [
  'rma',
  'return_unit',
  'settlement',
  'approval',
  'approval_decision',
  'stock_movement',
  'stock_adjustment',
  'stock_count',
  'journal_entry',
  'manual_entry',
  'supplier_claim',
  'return_cost',
  'case_exception',
  'policy',
  'period',
  'setting',
  'duty',
] as const

/** Of so many units, drawn anew at each look, the row is folded again from the events. */
const SAMPLE = 300

/** A row knows the transaction that wrote it last; that transaction has an entry in the audit log. */
async function audited(tx: Reader): Promise<Found> {
  let checked = 0n
  let broken = 0n
  const examples: string[] = []
  for (const table of CONTROLLED) {
    const { rows } = await tx.execute<{ checked: string; broken: string; few: string[] | null }>(sql`
      WITH writers AS (SELECT xmin::text AS tx, count(*) AS n FROM ${sql.raw(`"${table}"`)} GROUP BY 1),
      -- A transaction's number in a row is the lower half of its number in the log.
      unknown AS (SELECT w.tx, w.n FROM writers w WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.tx = w.tx)
        AND NOT EXISTS (SELECT FROM audit_entry a WHERE length(a.tx) > 9 AND (a.tx::numeric % 4294967296)::text = w.tx))
      SELECT coalesce(sum(n), 0)::text AS checked, (SELECT coalesce(sum(n), 0)::text FROM unknown) AS broken,
        (SELECT jsonb_agg(${table} || ': ' || n || ' rows of transaction ' || tx) FROM unknown) AS few
      FROM writers`)
    checked += BigInt(rows[0]?.checked ?? 0)
    broken += BigInt(rows[0]?.broken ?? 0)
    examples.push(...(rows[0]?.few ?? []))
  }
  return { checked, broken, examples: firstOf(examples) }
}

/** Units drawn at random, folded again from all of their events. */
async function folded(tx: Reader): Promise<Found> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    SELECT id FROM return_unit TABLESAMPLE SYSTEM (least(100, 100.0 * ${SAMPLE * 4} / greatest(1, (SELECT reltuples FROM pg_class WHERE oid = 'return_unit'::regclass))))
    WHERE quantity > 0 AND parent_id IS NULL AND split_at IS NULL ORDER BY random() LIMIT ${SAMPLE}`)
  const ids = rows.map(({ id }) => id)
  const events = await eventsOfUnits(tx, ids)
  const parents = await parentsOf(tx, ids)
  const stored = await tx.execute<Record<string, unknown> & { id: string }>(
    sql`SELECT id, status, quantity, received_quantity, reason, condition, finding, disposition, facility, location, serial,
          received_at, inspected_at, dispositioned_at, final_at FROM return_unit WHERE id IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`,
  )
  const folds = foldUnits(events, parents)
  const broken: string[] = []
  for (const row of stored.rows) {
    const fold = folds.get(row.id)
    const seen = fold && {
      ...{
        status: fold.status,
        quantity: fold.quantity,
        received_quantity: fold.receivedQuantity,
        reason: fold.reason,
      },
      ...{ condition: fold.condition, finding: fold.finding, disposition: fold.disposition },
      ...{ facility: fold.facility, location: fold.location, serial: fold.serial },
      ...{ received_at: fold.receivedAt, inspected_at: fold.inspectedAt, dispositioned_at: fold.dispositionedAt },
      final_at: fold.finalAt,
    }
    if (!seen) {
      broken.push(`Unit ${row.id} has no event behind it`)
      continue
    }
    const kept: Record<string, unknown> = { ...row }
    delete kept.id
    for (const [name, value] of Object.entries(kept))
      if (name.endsWith('_at')) kept[name] = value === null ? 0 : new Date(String(value)).getTime()
    const apart = Object.keys(differenceOf(kept, seen, []))
    if (apart.length > 0) broken.push(`Unit ${row.id}: ${apart.join(', ')}`)
  }
  return { checked: BigInt(ids.length), broken: BigInt(broken.length), examples: firstOf(broken) }
}

export const RECORD: readonly Invariant[] = [
  {
    id: 'I13',
    title: 'Every change is in the audit log',
    says: 'For every row of a controlled table, the transaction that wrote it has an entry in the audit log.',
    look: (tx) => audited(tx),
  },
  {
    id: 'I16',
    title: 'A case is the fold of its events',
    says: `${SAMPLE} units, drawn anew at each look, are folded again from all their events and are what their rows say.`,
    look: (tx) => folded(tx),
  },
]
