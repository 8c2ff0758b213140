import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { bulkRequests } from '@/lib/workflow/request/bulk'

const body = z.strictObject({ csv: z.string().max(2_000_000), check: z.boolean() })

/** `POST /api/v1/returns/bulk` with `{csv, check}`: a return for every order of the file, or with `check` only what would come of it. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    const parsed = body.safeParse(await request.json().catch(() => undefined))
    if (!parsed.success)
      throw new UserError(
        'invalid_body',
        'Send JSON: {"csv": "…", "check": true}, at most two million characters.',
        400,
      )
    return { outcomes: await bulkRequests(actor, parsed.data.csv, parsed.data.check) }
  })
}
