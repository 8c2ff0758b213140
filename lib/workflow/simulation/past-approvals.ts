import type pg from 'pg'
import { approvalOutcome, type PastAsking } from '../../returns/simulate-approval'
import { fetched, type Past, type PastPage, parameters, type Span, type Subject, within } from './past'
import { dayOf, type RateOn, readRates, reporting } from './rates'

interface Row extends pg.QueryResultRow {
  subject: string
  id: string
  unit_id: string
  rma_id: string
  entity: string
  channel: string
  category: string
  amount: bigint
  currency: string
  at: Date
  before_inspection: boolean
  against_policy: boolean
  risk: boolean
  /** What the matrix weighed, where it asked somebody and so kept it; the row that asked says when that was not known. */
  weighed: bigint | null
  unweighed: boolean
  /** What the customer was given before, by currency: within a day, and by the same person within thirty. */
  earlier: { currency: string; day: string; month: string }[] | null
}

const AT = 'coalesce(s.proposed_at, s.approved_at, s.paid_at)'
const GIVEN = 'x.id, x.currency, x.amount, x.external, x.proposed_at, x.proposed_by, x.rejected_at'
const UNWEIGHED = (rule: string) => `coalesce(${rule} LIKE '%row no-amount', false)`

const SETTLEMENTS = 'FROM settlement s JOIN return_unit u ON u.id = s.unit_id'
const SETTLED = `WHERE s.kind <> 'chargeback'
  AND ${within(AT, { entity: 's.entity', facility: 'u.facility', channel: 's.channel' })} AND ($8 = '' OR u.category = $8)`
const OTHERS = `FROM approval a WHERE a.subject_type <> 'settlement' AND $8 = ''
  AND ${within('a.requested_at', { entity: 'a.entity', facility: 'a.facility', channel: 'a.channel' })}`

/** Weighed as lib/workflow/approvals.ts weighs, doubted as lib/workflow/settlements/propose.ts doubts: by what was so at that moment. */
const ASKED = `
  SELECT 'settlement' AS subject, s.id, s.unit_id, s.rma_id, s.entity, s.channel, u.category, s.amount, s.currency, ${AT} AS at,
    (u.inspected_at IS NULL OR u.inspected_at > ${AT}) AS before_inspection,
    (s.in_policy IS FALSE OR s.fee < s.fee_due OR s.deduction < s.deduction_due) AS against_policy,
    (coalesce(u.serial_match = false AND u.inspected_at <= ${AT}, false) OR EXISTS (SELECT FROM case_exception e
      WHERE e.kind IN ('serial_conflict', 'repeated_abuse', 'wrong_item') AND e.raised_at <= ${AT} AND (e.resolved_at IS NULL OR e.resolved_at > ${AT})
        AND (e.unit_id = s.unit_id OR (e.rma_id <> '' AND e.rma_id = u.rma_id AND e.unit_id = '')))) AS risk,
    a.weighed, ${UNWEIGHED('a.rule')} AS unweighed,
    CASE WHEN a.subject_id IS NOT NULL THEN NULL ELSE (SELECT jsonb_agg(w) FROM (
      SELECT o.currency, coalesce(sum(o.amount) FILTER (WHERE o.proposed_at > ${AT} - interval '24 hours'), 0)::text AS day,
        coalesce(sum(o.amount) FILTER (WHERE o.proposed_by = s.proposed_by), 0)::text AS month
      FROM (SELECT ${GIVEN} FROM return_unit ou JOIN settlement x ON x.unit_id = ou.id WHERE u.customer_id <> '' AND ou.customer_id = u.customer_id
        UNION SELECT ${GIVEN} FROM settlement x WHERE s.order_id <> '' AND x.order_id = s.order_id) o
      WHERE NOT o.external AND (o.rejected_at IS NULL OR o.rejected_at > ${AT})
        AND o.proposed_at > ${AT} - interval '720 hours' AND (o.proposed_at, o.id) < (${AT}, s.id)
      GROUP BY o.currency) w) END AS earlier
  ${SETTLEMENTS} LEFT JOIN (SELECT DISTINCT ON (subject_id) subject_id, weighed, rule FROM approval WHERE subject_type = 'settlement'
    ORDER BY subject_id, requested_at) a ON a.subject_id = s.id
  ${SETTLED}
  UNION ALL
  SELECT a.subject_type, a.subject_id, a.unit_id, a.rma_id, a.entity, a.channel, '', a.amount, a.currency, a.requested_at, false, false, false,
    a.weighed, ${UNWEIGHED('a.rule')}, NULL
  ${OTHERS}`

const asked = (span: Span): unknown[] => [...parameters(span), span.category]

/** Everything that the approval matrix was or would have been asked about in a span. */
export const pastApprovals: Past = {
  async count(client, span) {
    const { rows } = await client.query<{ total: number }>(
      `SELECT ((SELECT count(*) ${SETTLEMENTS} ${SETTLED}) + (SELECT count(*) ${OTHERS}))::int AS total`,
      asked(span),
    )
    return { total: rows[0]?.total ?? 0, unknown: 0 }
  },
  async *pages(client, span): AsyncGenerator<PastPage> {
    const rateOn = await readRates(client)
    for await (const rows of fetched<Row>(client, ASKED, asked(span))) {
      const past = rows.map((row) => pastOf(row, rateOn))
      yield {
        ...{ read: rows.length, unknown: 0, subjects: rows.map(subjectOf) },
        withoutRate: past.filter(({ weighed }) => weighed === undefined).length,
        outcomes: (table) => past.map((each) => approvalOutcome(table, each)),
      }
    }
  },
}

function pastOf(row: Row, rateOn: RateOn): PastAsking {
  const own = reporting(rateOn, row.amount, row.currency, dayOf(row.at))
  return {
    ...{ subject: row.subject, entity: row.entity, amount: own ?? 0n },
    weighed: row.unweighed ? undefined : (row.weighed ?? weighedBy(row, own, rateOn)),
    ...{ beforeInspection: row.before_inspection, againstPolicy: row.against_policy, risk: row.risk },
  }
}

function weighedBy(row: Row, own: bigint | undefined, rateOn: RateOn): bigint | undefined {
  if (own === undefined) return undefined
  let [day, month] = [0n, 0n]
  for (const each of row.earlier ?? []) {
    day += reporting(rateOn, BigInt(each.day), each.currency, dayOf(row.at)) ?? 0n
    month += reporting(rateOn, BigInt(each.month), each.currency, dayOf(row.at)) ?? 0n
  }
  return own + (day > month ? day : month)
}

const subjectOf = (row: Row): Subject => ({
  ...{ unitId: row.unit_id, rmaId: row.rma_id, quantity: 1 },
  about: { asked: dayOf(row.at), subject: row.subject, id: row.id, channel: row.channel, category: row.category },
})
