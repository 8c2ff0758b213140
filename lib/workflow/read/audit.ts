import { type SQL, sql } from 'drizzle-orm'
import { readAnchors } from '../../audit/anchor'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { AUDIT_ACTS } from '../../db/schema'
import { lastVerification } from '../audit/verify-log'
import { scopeOf } from '../scope'
import type { AuditAsked, AuditField, AuditLine, AuditPage, ChainState, RefusedLine } from './audit-types'

const PAGE = 60

interface Row extends Record<string, unknown> {
  seq: string
  at: Date
  actor_kind: AuditLine['actorKind']
  actor: string
  actor_name: string
  roles: string[]
  action: string
  object_type: string
  object_id: string
  rma_id: string
  entity: string
  reason: string
  approval_id: string
  command_id: string
  diff: unknown
  block: string | null
}

/** The audit log from its end, a page at a time. What belongs to no entity is seen by everybody who may read the log. */
export async function auditPage(actor: Actor, asked: AuditAsked): Promise<AuditPage> {
  authorize(actor, 'audit:read')
  const conditions = [sql`(e.entity = '' OR ${scopeOf(actor, { entity: sql`e.entity` })})`, ...conditionsOf(asked)]
  const [{ rows }, actions] = await Promise.all([
    db().execute<Row>(sql`
      SELECT e.seq::text, e.at, e.actor_kind, e.actor, e.actor_name, e.roles, e.action, e.object_type, e.object_id, e.rma_id, e.entity, e.reason, e.approval_id,
        e.command_id, e.diff, e.block::text
      FROM audit_entry e WHERE ${sql.join(conditions, sql` AND `)} ORDER BY e.seq DESC LIMIT ${PAGE + 1}`),
    // Each action once, by walking the index from one to the next.
    db().execute<{ action: string }>(sql`
      WITH RECURSIVE named AS (
        (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
        UNION ALL SELECT (SELECT e.action FROM audit_entry e WHERE e.action > named.action ORDER BY e.action LIMIT 1) FROM named WHERE named.action IS NOT NULL
      ) SELECT action FROM named WHERE action IS NOT NULL`),
  ])
  const last = rows[PAGE - 1]
  return {
    lines: rows.slice(0, PAGE).map(lineOf),
    next: rows.length > PAGE && last ? last.seq : null,
    actions: actions.rows.map(({ action }) => action),
  }
}

function conditionsOf({ actor, kind, action, q, from, until, before }: AuditAsked): SQL[] {
  const all: SQL[] = []
  if (actor) all.push(sql`(e.actor = ${actor} OR e.actor_name ILIKE ${`%${actor.replace(/[\\%_]/g, '\\$&')}%`})`)
  if (kind === 'acts') all.push(sql.raw(AUDIT_ACTS))
  else if (kind) all.push(sql`e.actor_kind = ${kind}`)
  if (action) all.push(sql`e.action = ${action}`)
  if (q)
    all.push(sql`e.seq IN (SELECT seq FROM audit_entry WHERE rma_id = ${q} UNION ALL SELECT a.seq FROM audit_entry a
      JOIN (SELECT DISTINCT object_type FROM (VALUES ('unit'), ('rma'), ('settlement'), ('claim'), ('exception'), ('approval'), ('period'), ('manual_entry'), ('policy'), ('account'),
        ('api_key'), ('reconciliation'), ('stock_adjustment'), ('cost'), ('setting'), ('automation'), ('code_mapping'), ('quarantine')) AS t (object_type)) t ON t.object_type = a.object_type WHERE a.object_id = ${q})`)
  if (from && !Number.isNaN(Date.parse(from))) all.push(sql`e.at >= ${from}::date`)
  if (until && !Number.isNaN(Date.parse(until))) all.push(sql`e.at < ${until}::date + 1`)
  if (before && /^\d{1,18}$/.test(before)) all.push(sql`e.seq < ${before}::bigint`)
  return all
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)

/** A diff is [before, after] by field; what is not is shown as something that was said. */
const fieldsOf = (diff: unknown): AuditField[] =>
  diff === null || typeof diff !== 'object'
    ? []
    : Object.entries(diff).map(([field, value]) =>
        Array.isArray(value) && value.length === 2
          ? { field, before: textOf(value[0]), after: textOf(value[1]) }
          : { field, before: null, after: textOf(value) },
      )

const lineOf = (row: Row): AuditLine => ({
  ...{
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor_name || row.actor,
  },
  ...{ roles: row.roles, action: row.action, objectType: row.object_type, objectId: row.object_id, rmaId: row.rma_id },
  ...{ entity: row.entity, reason: row.reason, approvalId: row.approval_id, commandId: row.command_id },
  ...{ fields: fieldsOf(row.diff), block: row.block },
})

/** How far the log is sealed and anchored, and what was found when it was verified last. */
export async function chainState(actor: Actor): Promise<ChainState> {
  authorize(actor, 'audit:read')
  const [{ rows }, verified] = await Promise.all([
    db().execute<{ n: string | null; size: string | null; sealed_at: Date | null; unsealed: number }>(sql`
      SELECT b.n::text, b.size::text, b.sealed_at, (SELECT count(*)::int FROM audit_entry WHERE block IS NULL) AS unsealed
      FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT n, size, sealed_at FROM audit_block ORDER BY n DESC LIMIT 1) b ON true`),
    lastVerification(),
  ])
  const [row] = rows
  return {
    blocks: row?.n ?? '0',
    entries: row?.size ?? '0',
    sealedAt: row?.sealed_at ? new Date(row.sealed_at).toISOString() : null,
    unsealed: row?.unsealed ?? 0,
    anchors: readAnchors().length,
    verified: verified && {
      ...{ at: verified.at, by: verified.by, entries: verified.entries, blocks: verified.blocks },
      broken: verified.broken,
    },
  }
}

/** What somebody tried and a control refused, latest first. */
export async function refusedPage(
  actor: Actor,
  before?: string,
): Promise<{ lines: RefusedLine[]; next: string | null }> {
  authorize(actor, 'audit:read')
  const { rows } = await db().execute<Record<keyof RefusedLine, string> & { at: Date }>(sql`
    SELECT r.id::text, r.at, coalesce(a.name, r.actor) AS actor, r.command, r.code, r.message, r.subject FROM refusal r LEFT JOIN account a ON a.id::text = r.actor
    WHERE ${before && /^\d{1,18}$/.test(before) ? sql`r.id < ${before}::bigint` : sql`true`} ORDER BY r.id DESC LIMIT ${PAGE + 1}`)
  const last = rows[PAGE - 1]
  return {
    lines: rows.slice(0, PAGE).map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
    next: rows.length > PAGE && last ? last.id : null,
  }
}
