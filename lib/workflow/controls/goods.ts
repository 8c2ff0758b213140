import { sql } from 'drizzle-orm'
import { CONDITIONS, DISPOSITIONS, FINDINGS, REASONS } from '../../returns/codes'
import { compare } from '../reconciliation/compare'
import { everything } from '../reconciliation/side'
import { texts } from '../record/books'
import { bySql, firstOf, type Invariant } from './invariant'

/** Units that decide for themselves: not split, with pieces, not in the past that was taken over. */
const LIVE = sql`u.split_at IS NULL AND u.quantity > 0`

export const GOODS: readonly Invariant[] = [
  {
    id: 'I3',
    title: 'No more comes back than was sold',
    says: 'Of every order line, returned pieces are at most the shipped ones; where outside systems tell of more, an exception says so.',
    look: bySql(
      sql`SELECT count(*) FROM order_line`,
      sql`SELECT 'Order line ' || l.id || ': ' || t.pieces || ' of ' || l.quantity || ' returned' AS what
          FROM (SELECT u.order_line_id, sum(u.quantity) AS pieces, bool_or(u.handled) AS ours, bool_or(u.opening) AS past, array_agg(u.id) AS ids FROM return_unit u
            WHERE u.order_line_id <> '' AND u.parent_id IS NULL AND u.quantity > 0 AND u.cancelled_at IS NULL AND u.rejected_at IS NULL GROUP BY 1) t
          JOIN order_line l ON l.id = t.order_line_id
          WHERE t.pieces > l.quantity AND NOT t.past AND NOT EXISTS (SELECT FROM case_exception x WHERE x.unit_id = ANY (t.ids))`,
    ),
  },
  {
    id: 'I4',
    title: 'Pieces are conserved',
    says: 'Every balance is the sum of its movements and of the units that lie there, and splits keep their quantity.',
    async look(tx, now) {
      const { differences } = await compare(tx, 'stock', everything, now)
      const broken = differences.filter(({ kind }) => kind === 'balance_broken' || kind === 'units_differ')
      const split = await bySql(
        sql`SELECT count(*) FROM stock_balance`,
        sql`SELECT 'Unit ' || p.id || ' of ' || p.quantity || ' was split into ' || sum(c.quantity) AS what FROM return_unit p JOIN return_unit c ON c.parent_id = p.id
            WHERE p.split_at IS NOT NULL AND p.quantity > 0 GROUP BY p.id, p.quantity HAVING sum(c.quantity) <> p.quantity`,
      )(tx)
      return {
        checked: split.checked,
        broken: split.broken + BigInt(broken.length),
        examples: firstOf([
          ...broken.map(({ title, ours, theirs }) => `${title}: ledger ${ours}, otherwise ${theirs}`),
          ...split.examples,
        ]),
      }
    },
  },
  {
    id: 'I5',
    title: 'Sellable only after two looks',
    says: 'Goods that were made sellable or restocked here have an inspection and a disposition, by different people; a serial lies in one place.',
    look: bySql(
      sql`SELECT count(*) FROM return_unit u WHERE u.status IN ('sellable', 'restocked')`,
      sql`SELECT 'Unit ' || u.id || ' is ' || u.status || ' without ' || CASE WHEN u.inspected_at IS NULL THEN 'an inspection' ELSE 'a disposition' END AS what
          FROM return_unit u WHERE u.handled AND u.status IN ('sellable', 'restocked') AND ${LIVE} AND (u.inspected_at IS NULL OR u.dispositioned_at IS NULL)
          UNION ALL SELECT 'Unit ' || d.unit_id || ': ' || replace(d.duty, '_', ' ') || ' and ' || replace(e.duty, '_', ' ') || ' by one person'
          FROM duty d JOIN duty_conflict c ON c.first = d.duty JOIN duty e ON e.duty = c.second AND e.person = d.person AND e.unit_id = d.unit_id AND d.unit_id <> ''
          WHERE d.person NOT LIKE '/%' AND d.person <> 'automation'
          UNION ALL SELECT 'Serial ' || u.serial || ' of ' || u.sku || ' lies here ' || count(*) || ' times' FROM return_unit u
          WHERE u.serial <> '' AND u.received_at IS NOT NULL AND u.final_at IS NULL AND ${LIVE}
            AND NOT EXISTS (SELECT FROM case_exception x WHERE x.unit_id = u.id AND x.kind = 'serial_conflict') GROUP BY u.sku, u.serial HAVING count(*) > 1 AND NOT bool_or(u.opening)`,
    ),
  },
  {
    id: 'I15',
    title: 'Every decision has its code',
    says: 'Reasons, conditions, findings and dispositions are there where they must be, and are of the standard lists.',
    look: bySql(
      sql`SELECT count(*) FROM return_unit`,
      sql`SELECT 'Unit ' || u.id || ': ' || concat_ws(', ',
            CASE WHEN u.requested_at IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(REASONS)}::jsonb) r WHERE r = u.reason) THEN 'reason “' || u.reason || '”' END,
            CASE WHEN u.inspected_at IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(CONDITIONS)}::jsonb) r WHERE r = u.condition) THEN 'condition “' || u.condition || '”' END,
            CASE WHEN u.inspected_at IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(FINDINGS)}::jsonb) r WHERE r = u.finding) THEN 'finding “' || u.finding || '”' END,
            CASE WHEN u.dispositioned_at IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(DISPOSITIONS)}::jsonb) r WHERE r = u.disposition) THEN 'disposition “' || u.disposition || '”' END) AS what
          FROM return_unit u
          WHERE (u.requested_at IS NOT NULL AND u.reason NOT IN ${texts(REASONS)})
            OR (u.inspected_at IS NOT NULL AND (u.condition NOT IN ${texts(CONDITIONS)} OR u.finding NOT IN ${texts(FINDINGS)}))
            OR (u.dispositioned_at IS NOT NULL AND u.disposition NOT IN ${texts(DISPOSITIONS)})`,
    ),
  },
]
