import type { NextRequest } from 'next/server'
import { isZone } from '@/components/filters/view-state'
import { currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { formatFor } from '@/lib/format'
import { freshness } from '@/lib/metrics/overview'
import { panelOf } from '../panel-of'

/** How far the figures reach: what the freshness chip asks once a second while its page is in view. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor({ passive: true })
  if (!actor) return Response.json({ error: { code: 'no_session', message: 'Sign in again.' } }, { status: 401 })
  const reach = await panelOf(() => freshness(actor))
  if (reach.state !== 'ok') return Response.json({ error: reach }, { status: reach.state === 'forbidden' ? 403 : 503 })
  const { watermark, behindMs } = reach.data
  const asked = request.nextUrl.searchParams.get('tz')
  const tz = asked && isZone(asked) ? asked : env().BACKHAUL_TZ
  const format = formatFor({ locale: actor.locale ?? 'en-GB', tz, currency: env().BACKHAUL_CURRENCY })
  return Response.json(
    { watermark, clock: watermark ? format.time(watermark) : '', behindMs },
    { headers: { 'cache-control': 'no-store' } },
  )
}
