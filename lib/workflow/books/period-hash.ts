import { type SQL, sql } from 'drizzle-orm'

/**
 * SHA-256 over everything that a period holds: every entry in the order of ids, each as the SHA-256 of its fields and lines. Texts are joined by
 * a byte that they cannot hold, so no two contents look alike.
 */
export const periodHash = (entity: SQL | string, period: SQL | string): SQL => sql`(
  SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(
    concat_ws(chr(1), e.id, e.cause_id, e.template, e.entity, e.period, e.currency, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS'),
      e.unit_id, e.rma_id, coalesce(e.reverses, ''), e.origin, e.prepared_by, e.approved_by, e.memo, e.late::text,
      (SELECT string_agg(concat_ws(chr(2), l.line, l.account, l.debit, l.credit), chr(3) ORDER BY l.line) FROM journal_line l WHERE l.entry_id = e.id)),
    'UTF8')), ''::bytea ORDER BY e.id), ''::bytea)), 'hex')
  FROM journal_entry e WHERE e.entity = ${entity} AND e.period = ${period})`
