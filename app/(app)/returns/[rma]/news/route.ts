import { currentActor } from '@/lib/auth/session'
import { errorBody, UserError } from '@/lib/errors'
import { caseNews } from '@/lib/workflow/read/case-timeline'

/** Whether the case has changed and by whom: what its page asks every few seconds while it is in view. It keeps no session alive. */
export async function GET(_request: Request, { params }: { params: Promise<{ rma: string }> }): Promise<Response> {
  const actor = await currentActor({ passive: true })
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    const news = await caseNews(actor, decodeURIComponent((await params).rma))
    return Response.json(news, { headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}
