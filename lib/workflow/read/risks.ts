import { sql } from 'drizzle-orm'
import { type Actor, can } from '../../auth/actor'
import { db } from '../../db/client'
import { endingWindows } from './claims'
import { controlsView } from './controls'
import { openExceptionsOf } from './exceptions'
import type { OpenRisks } from './risks-types'

/** What of the work this person may see runs out or stands still. Of their rows, whatever a page filters by. */
export async function openRisks(actor: Actor, now = new Date()): Promise<OpenRisks> {
  const [claims, exceptions, controls] = await Promise.all([
    can(actor, 'claims:read') ? endingWindows(actor, now) : null,
    can(actor, 'exceptions:read') ? pastDue(actor, now) : null,
    can(actor, 'controls:read') ? controlsOf(actor, now) : null,
  ])
  return { claims, exceptions, controls }
}

async function pastDue(actor: Actor, now: Date): Promise<OpenRisks['exceptions']> {
  const { rows } = await db().execute<{ n: number; mine: number; since: Date | null }>(sql`
    SELECT count(*)::int AS n, (count(*) FILTER (WHERE x.mine))::int AS mine, min(x.due_at) AS since
    FROM (${openExceptionsOf(actor, now)}) x WHERE x.overdue`)
  const [row] = rows
  return {
    count: row?.n ?? 0,
    mine: row?.mine ?? 0,
    since: row?.since ? new Date(row.since).toISOString() : null,
  }
}

async function controlsOf(actor: Actor, now: Date): Promise<OpenRisks['controls']> {
  const { controls } = await controlsView(actor, now)
  return {
    broken: controls.filter(({ state }) => state === 'broken').map(({ title }) => title),
    failed: controls.filter(({ failed }) => failed !== '').map(({ title }) => title),
    never: controls.filter(({ state, failed }) => state === 'unknown' && failed === '').length,
    count: controls.length,
  }
}
