import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { authorize } from '@/lib/auth/actor'
import { actorFromRequest } from '@/lib/auth/session'
import { verifyAndKeep } from '@/lib/workflow/audit/verify-log'
import { orWriteRefusal } from '@/lib/workflow/refusals'

/** `POST /api/v1/audit/verify`: proves the whole audit log and answers what was found; the audit page shows it from then on. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    await orWriteRefusal(actor, 'audit.verify', async () => authorize(actor, 'audit:verify'))
    return verifyAndKeep(actor.name)
  })
}
