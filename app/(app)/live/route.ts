import type { NextRequest } from 'next/server'
import { currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { formatFor } from '@/lib/format'
import { freshness } from '@/lib/metrics/overview'

/** How far the figures reach: what the freshness chip asks once a second while its page is in view. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor({ passive: true })
  if (!actor) return Response.json({ error: { code: 'no_session', message: 'Sign in again.' } }, { status: 401 })
  const { watermark, behindMs } = await freshness(actor)
  const tz = request.nextUrl.searchParams.get('tz') ?? env().BACKHAUL_TZ
  const format = formatFor({ locale: actor.locale ?? 'en-GB', tz, currency: env().BACKHAUL_CURRENCY })
  return Response.json(
    { watermark, clock: watermark ? format.time(watermark) : '', behindMs },
    { headers: { 'cache-control': 'no-store' } },
  )
}
