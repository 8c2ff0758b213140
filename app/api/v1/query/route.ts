import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { asNumbers } from '@/lib/metrics/api'
import { refuseUnfitBasis } from '@/lib/metrics/normalize'
import { runQuery } from '@/lib/metrics/run'
import { parseQuery } from '@/lib/metrics/url'

/** `GET /api/v1/query`: the grammar is in lib/metrics/url.ts, the answer in /api/v1/openapi.json. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    const spec = parseQuery(request.nextUrl.searchParams, { tz: actor.tz ?? env().BACKHAUL_TZ })
    refuseUnfitBasis(spec)
    return asNumbers(await runQuery(actor, spec))
  })
}
