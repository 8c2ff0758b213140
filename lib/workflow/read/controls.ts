import { sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { controlCheck } from '../../db/schema'
import { INVARIANTS } from '../controls/invariants'
import type { ControlLine, ControlsView } from './controls-types'

/** Controls that the worker looks at, since they need more than PostgreSQL (ingest/controls). */
const ELSEWHERE = [
  {
    id: 'I14',
    title: 'Dashboards are the cases',
    says: 'Units received, inspected and dispositioned on each of the last 28 days, by entity, are the same on the dashboards and in the cases.',
  },
] as const

const DAYS = 30

/** Every invariant as it was found last, and what the controls have refused within thirty days. */
export async function controlsView(actor: Actor, now = new Date()): Promise<ControlsView> {
  authorize(actor, 'controls:read')
  const [rows, refusals] = await Promise.all([
    db().select().from(controlCheck),
    can(actor, 'audit:read') || can(actor, 'journal:read') ? refusalsOf(now) : [],
  ])
  const found = new Map(rows.map((row) => [row.id, row]))
  const lines = [
    ...INVARIANTS.map(({ id, title, says }) => ({ id, title, says, here: true })),
    ...ELSEWHERE.map((each) => ({ ...each, here: false })),
  ].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
  return {
    refusals,
    controls: lines.map((line): ControlLine => {
      const row = found.get(line.id)
      return {
        ...line,
        state: !row || row.failed ? 'unknown' : row.broken > 0n ? 'broken' : 'holds',
        checked: String(row?.checked ?? 0n),
        broken: String(row?.broken ?? 0n),
        examples: row?.examples ?? [],
        failed: row?.failed ?? '',
        at: row?.at.toISOString() ?? null,
        ms: row?.ms ?? 0,
        brokenSince: row?.brokenSince?.toISOString() ?? null,
      }
    }),
  }
}

async function refusalsOf(now: Date): Promise<ControlsView['refusals']> {
  const { rows } = await db().execute<{
    code: string
    command: string
    times: number
    people: number
    last: Date
    message: string
  }>(sql`
    SELECT code, command, count(*)::int AS times, count(DISTINCT actor)::int AS people, max(at) AS last, (array_agg(message ORDER BY at DESC))[1] AS message
    FROM refusal WHERE at > ${new Date(now.getTime() - DAYS * 86_400_000).toISOString()}::timestamptz GROUP BY 1, 2 ORDER BY 3 DESC, 5 DESC LIMIT 40`)
  return rows.map(({ last, ...row }) => ({ ...row, lastAt: new Date(last).toISOString() }))
}
