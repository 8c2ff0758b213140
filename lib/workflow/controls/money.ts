import { sql } from 'drizzle-orm'
import { bySql, type Invariant } from './invariant'

export const MONEY: readonly Invariant[] = [
  {
    id: 'I2',
    title: 'Never more back than was paid',
    says: 'Of every payment, refunds, reservations, chargebacks and credits are at most what was captured; what outside systems gave beyond it is an exception.',
    look: bySql(
      sql`SELECT count(*) FROM payment`,
      sql`SELECT 'Order ' || p.order_id || ': ' || ((p.reserved + p.refunded + p.charged_back + p.credited + p.over) / 10000.0)::numeric(20, 2) || ' of '
            || (p.captured / 10000.0)::numeric(20, 2) || ' ' || p.currency AS what
          FROM payment p
          WHERE p.reserved + p.refunded + p.charged_back + p.credited > p.captured
            OR (p.over > 0 AND NOT EXISTS (SELECT FROM case_exception x JOIN settlement s ON s.unit_id = x.unit_id
              WHERE s.order_id = p.order_id AND x.kind IN ('over_credit', 'duplicate_credit'))
              AND NOT EXISTS (SELECT FROM return_unit u WHERE u.order_id = p.order_id AND u.opening))
            OR EXISTS (SELECT FROM (SELECT coalesce(sum(d.reserved + d.refunded + d.charged_back + d.credited), 0) AS drawn
                FROM settlement_draw d WHERE d.order_id = p.order_id) d
              WHERE d.drawn <> p.reserved + p.refunded + p.charged_back + p.credited + p.over)`,
    ),
  },
  {
    id: 'I11',
    title: 'Refund, fee and deduction are what was due',
    says: 'Of every settlement decided here, refund (with what goes into a replacement) + fee + deduction is what the customer was entitled to, and none of them is below zero.',
    look: bySql(
      sql`SELECT count(*) FROM settlement WHERE NOT external AND entitled > 0`,
      sql`SELECT 'Settlement ' || id || ': ' || ((amount + applied + fee + deduction) / 10000.0)::numeric(20, 2) || ' of ' || (entitled / 10000.0)::numeric(20, 2) || ' ' || currency AS what
          FROM (SELECT s.*, coalesce(r.applied, 0) AS applied FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id) settlement
          WHERE NOT external AND entitled > 0 AND kind <> 'goodwill'
            AND (amount + applied + fee + deduction > entitled OR amount < 0 OR fee < 0 OR deduction < 0 OR fee > fee_due OR deduction > deduction_due)`,
    ),
  },
  {
    id: 'I12',
    title: 'Claims within what was lost',
    says: 'Recovered is at most accepted, accepted at most claimed; claims of ours are at most the cost of the unit, and a unit is in one open claim at most.',
    look: bySql(
      sql`SELECT count(*) FROM supplier_claim`,
      sql`SELECT 'Claim ' || c.id || ': claimed ' || (c.claimed / 10000.0)::numeric(20, 2) || ', accepted ' || (c.accepted / 10000.0)::numeric(20, 2) || ', recovered '
            || (c.recovered / 10000.0)::numeric(20, 2) || ' ' || c.currency AS what
          FROM supplier_claim c LEFT JOIN return_unit u ON u.id = c.unit_id
          WHERE NOT c.external AND (c.accepted > c.claimed OR c.recovered + c.written_off > c.accepted OR (u.currency = c.currency AND c.claimed > u.unit_cost * u.quantity))
          UNION ALL SELECT 'Unit ' || unit_id || ' is in ' || count(*) || ' open claims' FROM supplier_claim WHERE NOT external AND state <> 'rejected' GROUP BY unit_id HAVING count(*) > 1`,
    ),
  },
]
