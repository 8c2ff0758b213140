import type { RisksAnswer } from '@/components/overview/risks'
import { can } from '@/lib/auth/actor'
import type { Actor } from '@/lib/auth/session'
import { runRows } from '@/lib/metrics/run'
import type { QuerySpec } from '@/lib/metrics/types'
import { openRisks } from '@/lib/workflow/read/risks'
import { panelOf } from './panel-of'

/** What runs out or stands still, of everything that the reader may see: no period and no filter makes a risk go away. */
export async function risksOf(actor: Actor, tz: string, now = new Date()): Promise<RisksAnswer> {
  const [work, backlog] = await Promise.all([
    panelOf(() => openRisks(actor, now)),
    can(actor, 'rows:read') ? panelOf(() => oldestInBacklog(actor, tz, now)) : null,
  ])
  return { work, backlog }
}

async function oldestInBacklog(actor: Actor, tz: string, now: Date) {
  const today = now.toISOString().slice(0, 10)
  const spec: QuerySpec = { metrics: ['backlog_units'], by: [], from: '1970-01-01', to: today, tz, filters: [] }
  const oldest = [{ column: 'received_at', direction: 'asc' as const }]
  const { rows, sum } = await runRows(actor, spec, 'backlog_units', { limit: 1, order: oldest }, { now })
  const [row] = rows
  const at = row?.received_at
  if (!row || typeof at !== 'string') return null
  return {
    units: Number(sum ?? 0),
    days: (now.getTime() - Date.parse(at)) / 86_400_000,
    since: at,
    facility: String(row.facility ?? ''),
    unitId: String(row.unit_id ?? ''),
  }
}
