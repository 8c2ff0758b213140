import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { fetchPayments } from '@/lib/workflow/reconciliation/fetch-payments'

/** `POST /api/v1/reports/payments`: asks the payment provider for its refunds since its last report and keeps them. Answers `{rows}`. */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    const site = request.headers.get('sec-fetch-site')
    const json = request.headers.get('content-type')?.startsWith('application/json') === true
    if (!json || (site !== null && site !== 'same-origin' && site !== 'none'))
      throw new UserError('foreign_request', 'Ask for it as JSON, from this site or with an API key.', 403)
    const kept = await fetchPayments(await actorFromRequest(request))
    return { rows: kept?.rows ?? 0 }
  })
}
