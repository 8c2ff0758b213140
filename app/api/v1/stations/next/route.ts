import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { nextUnit, pickedUnit, type QueueMode } from '@/lib/workflow/read/next-unit'
import { stationOf } from '@/lib/workflow/read/station'

/**
 * `GET /api/v1/stations/next?mode=inspect|decide&facility=…`: the unit to take next and why, and how many wait. With `unit=…` that unit in
 * the same form, for one that was picked by its code.
 */
export async function GET(request: NextRequest): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    const { searchParams } = request.nextUrl
    const mode: QueueMode = searchParams.get('mode') === 'decide' ? 'decide' : 'inspect'
    const { facility } = await stationOf(
      actor,
      searchParams.get('facility') ?? undefined,
      mode === 'decide' ? 'dispose' : 'inspect',
    )
    const unit = searchParams.get('unit')
    const queue = await nextUnit(actor, mode, facility)
    return unit === null ? queue : { ...queue, next: await pickedUnit(actor, unit, facility.tz) }
  })
}
