import { inArray, type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { evidence, evidenceLink } from '../../db/schema'
import { RETENTION } from '../../returns/evidence'
import { subjectsOf } from '../evidence/subject'
import { scopeOf } from '../scope'
import { retentionLabel, whyNotDestroyed } from './case-evidence'
import { namesOf } from './people'
import type { RetainedFile, RetainedFiles, RetentionLine, RetentionView } from './retention-types'

/** As many as one command destroys at once. */
const SHOWN = 500

/**
 * What is kept in the reader's part of the company and for how long: what is held and why, what is past its retention, what was destroyed. For whoever
 * decides on it, and for auditors; it tells nothing of what the files show.
 */
export async function retentionView(actor: Actor, now = new Date()): Promise<RetentionView> {
  if (!can(actor, 'audit:read')) authorize(actor, 'evidence:hold')
  const at = sql`${now.toISOString()}::timestamptz`
  const [classes, held, due, destroyed] = await Promise.all([
    classLines(actor, at),
    list(actor, sql`legal_hold`, sql`held_at DESC NULLS LAST`, now),
    list(actor, sql`purged_at IS NULL AND NOT legal_hold AND keep_until <= ${at}`, sql`keep_until`, now),
    list(actor, sql`purged_at IS NOT NULL`, sql`purged_at DESC`, now),
  ])
  return { classes, held, due, destroyed }
}

/** Whether a file is about anything in the reader's part of the company, as `inScope` of the commands says it. */
function within(actor: Actor): SQL {
  const { entities, facilities, channels } = actor.scope
  if (!entities && !facilities && !channels) return sql`true`
  const own = scopeOf(actor, {
    entity: sql`coalesce(u.entity, r.entity, x.entity, a.entity)`,
    facility: sql`coalesce(u.facility, r.facility, x.facility, a.facility)`,
  })
  // What is no channel's, such as an adjustment of stock, is everybody's of the place.
  const channel = scopeOf(actor, { channel: sql`coalesce(u.channel, r.channel, x.channel)` })
  return sql`EXISTS (
    SELECT 1 FROM evidence_link l
    LEFT JOIN supplier_claim c ON l.subject_type = 'claim' AND c.id = l.subject_id
    LEFT JOIN return_unit u ON u.id = CASE l.subject_type WHEN 'unit' THEN l.subject_id WHEN 'claim' THEN c.unit_id END
    LEFT JOIN rma r ON l.subject_type = 'rma' AND r.id = l.subject_id
    LEFT JOIN case_exception x ON l.subject_type = 'exception' AND x.id = l.subject_id
    LEFT JOIN stock_adjustment a ON l.subject_type = 'adjustment' AND a.id = l.subject_id
    WHERE l.sha256 = evidence.sha256 AND ${own} AND (l.subject_type = 'adjustment' OR ${channel}))`
}

async function classLines(actor: Actor, at: SQL): Promise<RetentionLine[]> {
  const { rows } = await db().execute<{
    id: string
    kept: number
    bytes: string
    held: number
    due: number
    destroyed: number
  }>(sql`
    SELECT retention_class AS id, count(*) FILTER (WHERE purged_at IS NULL)::int AS kept,
      coalesce(sum(bytes) FILTER (WHERE purged_at IS NULL), 0)::text AS bytes, count(*) FILTER (WHERE legal_hold)::int AS held,
      count(*) FILTER (WHERE purged_at IS NULL AND NOT legal_hold AND keep_until <= ${at})::int AS due,
      count(*) FILTER (WHERE purged_at IS NOT NULL)::int AS destroyed
    FROM ${evidence} WHERE ${within(actor)} GROUP BY retention_class`)
  const found = new Map(rows.map((row) => [row.id, row]))
  return Object.entries(RETENTION).map(([id, { label, months }]) => {
    const { kept = 0, bytes = '0', held = 0, due = 0, destroyed = 0 } = found.get(id) ?? {}
    return { id, label, months, kept, bytes: Number(bytes), held, due, destroyed }
  })
}

async function list(actor: Actor, where: SQL, order: SQL, now: Date): Promise<RetainedFiles> {
  const on = db()
  const mine = sql`${where} AND ${within(actor)}`
  const [rows, count] = await Promise.all([
    on.select().from(evidence).where(mine).orderBy(sql`${order}, sha256`).limit(SHOWN),
    on.$count(evidence, mine),
  ])
  if (rows.length === 0) return { files: [], count }
  const links = await on
    .select()
    .from(evidenceLink)
    .where(
      inArray(
        evidenceLink.sha256,
        rows.map(({ sha256 }) => sha256),
      ),
    )
  const [subjects, nameOf] = await Promise.all([
    subjectsOf(
      on,
      links.map(({ subjectType: type, subjectId: id }) => ({ type, id })),
    ),
    namesOf(rows.flatMap(({ heldBy, purgedBy }) => [heldBy, purgedBy])),
  ])
  const cases = new Map(subjects.map(({ type, id, rmaId }) => [`${type} ${id}`, rmaId]))
  const files = rows.map((row): RetainedFile => {
    const about = links
      .filter(({ sha256 }) => sha256 === row.sha256)
      .map(({ subjectType: type, subjectId: id }) => ({ type, id }))
    return {
      ...{ sha256: row.sha256, mime: row.mime, bytes: row.bytes, retention: retentionLabel(row.retentionClass), about },
      rmaId: about.map(({ type, id }) => cases.get(`${type} ${id}`)).find(Boolean) ?? '',
      ...{ addedAt: row.addedAt.toISOString(), keepUntil: row.keepUntil.toISOString() },
      ...{ holdReason: row.holdReason, heldBy: row.heldBy ? nameOf(row.heldBy) : '' },
      heldAt: row.heldAt?.toISOString() ?? null,
      ...{ purgedBy: row.purgedBy ? nameOf(row.purgedBy) : '', purgedAt: row.purgedAt?.toISOString() ?? null },
      ...{ purgeReason: row.purgeReason, destroyedAt: row.destroyedAt?.toISOString() ?? null },
      closed: whyNotDestroyed(actor, row, now),
    }
  })
  return { files, count }
}
