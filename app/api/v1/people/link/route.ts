import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { makeSetUpLink } from '@/lib/workflow/people/link'

const body = z.strictObject({ personId: z.string() })

/** `POST /api/v1/people/link` with `{personId}`: a link with which that person chooses a password, told this once: `{link, until}`. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    const parsed = body.safeParse(await request.json().catch(() => undefined))
    if (!parsed.success) throw new UserError('invalid_body', 'Send JSON: {"personId": "<uuid>"}.', 400)
    return makeSetUpLink(actor, parsed.data.personId)
  })
}
