import { sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { listKeys } from '../../auth/api-keys'
import { db } from '../../db/client'
import type { Delivery, ImportLine, KeyLine, SourceLine, SourcesView } from './sources-types'

/** Every outside system with its last event, its errors and its delay; how far behind delivery is; the imports, and the keys. */
export async function sourcesView(actor: Actor, now = new Date()): Promise<SourcesView> {
  authorize(actor, 'ingest:read')
  const [sources, delivery, imports, keys] = await Promise.all([
    sourceLines(),
    deliveryNow(),
    importLines(),
    can(actor, 'keys:manage') || can(actor, 'audit:read') ? keyLines(now) : null,
  ])
  return { sources, delivery, imports, keys }
}

const iso = (time: Date | string | null): string | null => (time === null ? null : new Date(time).toISOString())

async function sourceLines(): Promise<SourceLine[]> {
  // Each source once, by walking the index of identities from one to the next; what it did lately is read from the end of the log alone.
  const { rows } = await db().execute<{
    source: string
    last_at: Date | null
    events: number
    lag: number | null
    refused: number
    conflicts: number
    days: number
  }>(sql`
    WITH RECURSIVE walk AS (
      (SELECT source FROM event_log ORDER BY source LIMIT 1)
      UNION ALL SELECT (SELECT l.source FROM event_log l WHERE l.source > walk.source ORDER BY l.source LIMIT 1) FROM walk WHERE walk.source IS NOT NULL
    ), waiting AS (
      SELECT source, count(*) FILTER (WHERE reason <> 'business_conflict')::int AS refused, count(*) FILTER (WHERE reason = 'business_conflict')::int AS conflicts
      FROM quarantine WHERE state = 'open' GROUP BY source
    ), known AS (SELECT source FROM walk WHERE source IS NOT NULL UNION SELECT source FROM waiting
    ), week AS (
      SELECT source, max(received_at) AS last_at, count(*) FILTER (WHERE received_at > now() - interval '24 hours')::int AS events,
        count(DISTINCT received_at::date)::int AS days,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM received_at - time)) FILTER (WHERE received_at > now() - interval '24 hours') AS lag
      FROM event_log WHERE received_at > now() - interval '7 days' GROUP BY source
    )
    SELECT k.source, coalesce(w.last_at, (SELECT l.received_at FROM event_log l WHERE l.source = k.source ORDER BY l.seq DESC LIMIT 1)) AS last_at,
      coalesce(w.events, 0) AS events, w.lag::float8 AS lag, coalesce(w.days, 0) AS days, coalesce(q.refused, 0) AS refused, coalesce(q.conflicts, 0) AS conflicts
    FROM known k LEFT JOIN week w USING (source) LEFT JOIN waiting q USING (source) ORDER BY k.source`)
  return rows.map(({ source, last_at: lastAt, events, lag, refused, conflicts, days }) => ({
    ...{ source, lastAt: iso(lastAt), events, refused, conflicts },
    lagSeconds: lag === null ? null : Math.max(0, lag),
    silent: events === 0 && days >= 4,
  }))
}

async function deliveryNow(): Promise<Delivery> {
  const { rows } = await db().execute<{
    unsealed: number
    figures: number
    figures_since: Date | null
    cases: number
    cases_since: Date | null
    audit: { at?: string; repaired?: number } | null
  }>(sql`
    SELECT (SELECT count(*)::int FROM event_log WHERE batch_id IS NULL) AS unsealed, f.n AS figures, f.since AS figures_since, c.n AS cases,
      c.since AS cases_since, (SELECT value FROM installation WHERE key = 'audit') AS audit
    FROM (SELECT count(*)::int AS n, min(sealed_at) AS since FROM batch WHERE state = 'sealed') f,
      (SELECT count(*)::int AS n, min(sealed_at) AS since FROM batch WHERE projected_at IS NULL) c`)
  const [row] = rows
  return {
    unsealed: row?.unsealed ?? 0,
    toFigures: { batches: row?.figures ?? 0, oldest: iso(row?.figures_since ?? null) },
    toCases: { batches: row?.cases ?? 0, oldest: iso(row?.cases_since ?? null) },
    audit: row?.audit?.at ? { at: row.audit.at, repaired: row.audit.repaired ?? 0 } : null,
  }
}

const IMPORTS = 10

async function importLines(): Promise<ImportLine[]> {
  const { rows } = await db().execute<{
    id: string
    file: string
    mapping: string
    state: ImportLine['state']
    events: number
    rejected: number
    started_at: Date
    finished_at: Date | null
  }>(sql`
    SELECT id::text, file, mapping, state, coalesce((account #>> '{tally,events}')::float8, 0) AS events,
      coalesce((account #>> '{tally,rejected}')::float8, 0) AS rejected, started_at, finished_at
    FROM import_run ORDER BY import_run.id DESC LIMIT ${IMPORTS}`)
  return rows.map(({ started_at: startedAt, finished_at: finishedAt, file, ...row }) => ({
    ...row,
    // Where the file lay on the machine is nobody's business here.
    file: file.split(/[\\/]/).at(-1) ?? file,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: iso(finishedAt),
  }))
}

async function keyLines(now: Date): Promise<KeyLine[]> {
  const keys = await listKeys()
  return keys.map((key) => ({
    ...{ id: key.id, name: key.name, scopes: key.scopes, sources: key.sources },
    state: key.revokedAt ? 'revoked' : key.expiresAt <= now ? 'expired' : 'in_force',
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt.toISOString(),
    lastUsedAt: iso(key.lastUsedAt),
  }))
}
