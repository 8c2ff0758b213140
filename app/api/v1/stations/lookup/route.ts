import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { stationOf } from '@/lib/workflow/read/station'
import { lookup } from '@/lib/workflow/read/station-lookup'

/** `GET /api/v1/stations/lookup?code=…&facility=…`: what a scanned code is, with the units that it leads to, within the asker's rows. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    const { searchParams } = request.nextUrl
    const { facility } = await stationOf(actor, searchParams.get('facility') ?? undefined, 'receive')
    return lookup(actor, searchParams.get('code') ?? '', facility.tz)
  })
}
