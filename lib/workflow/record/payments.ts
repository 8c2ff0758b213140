import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { UserError } from '../../errors'
import { texts } from './books'

/**
 * Makes the payments of these orders agree with their order lines and settlements: captured is what was sold with its tax (of a replacement,
 * with what was given back for it), and every settlement that is on its way or paid draws on it (the view `settlement_draw`). What outside systems paid beyond it goes to `over`. With `ours`, more than was captured
 * is refused: the payment's row is locked, so of many refunds at once the last ones are those that no longer fit.
 */
export async function recomputePayments(tx: Transaction, orders: readonly string[], ours: boolean): Promise<void> {
  const ids = [...new Set(orders)].filter(Boolean).sort()
  if (ids.length === 0) return
  await tx.execute(sql`SELECT FROM payment WHERE order_id IN ${texts(ids)} ORDER BY order_id FOR UPDATE`)
  const { rows } = await tx.execute<{ order_id: string; over: string; currency: string }>(sql`
    WITH sold AS (
      SELECT l.order_id, min(l.currency) AS currency, sum(l.net + l.tax) + coalesce(sum(r.carried), 0) AS captured
      FROM order_line l LEFT JOIN replacement r ON r.order_line_id = l.id AND r.state = 'shipped' WHERE l.order_id IN ${texts(ids)} GROUP BY l.order_id
    ), drawn AS (
      SELECT order_id, sum(reserved) AS reserved, sum(refunded) AS refunded, sum(charged_back) AS charged_back, sum(credited) AS credited
      FROM settlement_draw WHERE order_id IN ${texts(ids)} GROUP BY order_id
    ), want AS (
      SELECT s.order_id, s.currency, s.captured::bigint AS captured, coalesce(d.reserved, 0) AS reserved, coalesce(d.refunded, 0) AS refunded,
        coalesce(d.charged_back, 0) AS charged_back, coalesce(d.credited, 0) AS credited
      FROM sold s LEFT JOIN drawn d USING (order_id)
    ), fit AS (
      SELECT order_id, currency, captured,
        least(refunded, captured) AS refunded,
        least(charged_back, captured - least(refunded, captured)) AS charged_back,
        least(credited, greatest(captured - refunded - charged_back, 0)) AS credited,
        least(reserved, greatest(captured - refunded - charged_back - credited, 0)) AS reserved,
        greatest(refunded + charged_back + credited + reserved - captured, 0) AS over
      FROM want
    )
    INSERT INTO payment AS p (order_id, currency, captured, reserved, refunded, charged_back, credited, over, version)
    SELECT order_id, currency, captured, reserved, refunded, charged_back, credited, over, 0 FROM fit
    ON CONFLICT (order_id) DO UPDATE SET currency = EXCLUDED.currency, captured = EXCLUDED.captured, reserved = EXCLUDED.reserved,
      refunded = EXCLUDED.refunded, charged_back = EXCLUDED.charged_back, credited = EXCLUDED.credited, over = EXCLUDED.over, version = p.version + 1
      WHERE (p.captured, p.reserved, p.refunded, p.charged_back, p.credited, p.over) IS DISTINCT FROM
        (EXCLUDED.captured, EXCLUDED.reserved, EXCLUDED.refunded, EXCLUDED.charged_back, EXCLUDED.credited, EXCLUDED.over)
    RETURNING order_id, over::text, currency`)
  const beyond = rows.find(({ over }) => over !== '0')
  if (ours && beyond)
    throw new UserError(
      'over_captured',
      `Order ${beyond.order_id} has less left than that: with it, more would be given back than was captured. Propose a smaller amount.`,
      409,
      'amount',
    )
}
