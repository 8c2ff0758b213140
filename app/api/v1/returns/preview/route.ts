import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { previewRequest } from '@/lib/workflow/read/orders'
import { requestInput } from '@/lib/workflow/request/request'

/** `POST /api/v1/returns/preview` with what `return.request` takes: what the policy says of each line. Nothing is written. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    const parsed = requestInput.safeParse(await request.json().catch(() => undefined))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new UserError(
        'invalid_input',
        issue?.message ?? 'Send what return.request takes.',
        400,
        issue?.path.join('.'),
      )
    }
    return { lines: await previewRequest(actor, parsed.data) }
  })
}
