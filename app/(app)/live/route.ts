import type { NextRequest } from 'next/server'
import { isZone } from '@/components/filters/view-state'
import type { EndedTask } from '@/components/shell/ended-tasks'
import { type Actor, can } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { formatFor } from '@/lib/format'
import { freshness } from '@/lib/metrics/overview'
import { undeliveredFor } from '@/lib/undelivered'
import { endedLately } from '@/lib/workflow/read/simulation'
import { panelOf } from '../panel-of'

/** How far the figures reach, what waits to get into them, and what long work of the reader has ended: what the freshness chip asks once a second while its page is in view. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor({ passive: true })
  if (!actor) return Response.json({ error: { code: 'no_session', message: 'Sign in again.' } }, { status: 401 })
  const reach = await panelOf(() => freshness(actor))
  if (reach.state !== 'ok') return Response.json({ error: reach }, { status: reach.state === 'forbidden' ? 403 : 503 })
  const { watermark, behindMs, token, settled } = reach.data
  const waiting = await panelOf(undeliveredFor)
  const asked = request.nextUrl.searchParams.get('tz')
  const tz = asked && isZone(asked) ? asked : env().BACKHAUL_TZ
  const format = formatFor({ locale: actor.locale ?? 'en-GB', tz, currency: env().BACKHAUL_CURRENCY })
  return Response.json(
    {
      watermark,
      clock: watermark ? format.reach(watermark) : '',
      behindMs,
      token,
      settled,
      waitingMs: waiting.state === 'ok' ? waiting.data : null,
      ended: await ended(actor),
    },
    { headers: { 'cache-control': 'no-store' } },
  )
}

/** Simulations that the reader asked for and may have left; their figures are not worth a failure here. */
async function ended(actor: Actor): Promise<EndedTask[]> {
  if (!can(actor, 'policies:edit') && !can(actor, 'policies:approve') && !can(actor, 'audit:read')) return []
  const read = await panelOf(() => endedLately(actor))
  if (read.state !== 'ok') return []
  return read.data.map((run) => ({
    id: run.id,
    href: `/settings/policies/${run.kind}/simulation?version=${run.version}&run=${run.id}`,
    says: `The simulation of the ${run.kind} policy, version ${run.version}, ${run.state === 'done' ? 'is done' : 'could not be done'}.`,
  }))
}
