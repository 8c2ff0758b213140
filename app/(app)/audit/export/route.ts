import type { NextRequest } from 'next/server'
import { currentActor } from '@/lib/auth/session'
import { errorBody, UserError } from '@/lib/errors'
import { logAsStream } from '@/lib/workflow/audit/export-log'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The log as lines of JSON with everything that proves it: all of it, of some days, or of one return. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    const asked = request.nextUrl.searchParams
    const day = (name: string): Date | undefined => {
      const text = asked.get(name)
      return text && DAY.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
    }
    const stream = await logAsStream(actor, {
      ...{ from: day('from'), until: day('until'), rmaId: asked.get('rma') ?? undefined },
    })
    return new Response(stream, {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': 'attachment; filename="audit.ndjson"',
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}
