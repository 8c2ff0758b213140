import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { simulationsOf } from '@/lib/workflow/read/simulation'
import { askSimulation, simulationInput } from '@/lib/workflow/simulation/ask'
import { policyKind } from './policy-kind'

type Params = { params: Promise<{ kind: string }> }

/**
 * `POST /api/v1/policies/<kind>/simulate` with `{version, against?, from, to, channel?, category?}`: asks for a version to be tried on the past and answers
 * `{id}`. A worker carries it out; `GET …/simulate/<id>` says how far it is and what came of it.
 */
export async function POST(request: NextRequest, { params }: Params): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    const kind = policyKind((await params).kind)
    const parsed = simulationInput.safeParse(await request.json().catch(() => undefined))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const path = issue?.path.join('.') ?? ''
      throw new UserError(
        'invalid_input',
        `${path ? `${path}: ` : ''}${issue?.message ?? 'Send {version, against?, from, to, channel?, category?}.'}`,
        400,
        path,
      )
    }
    return askSimulation(actor, kind, parsed.data)
  })
}

/** `GET /api/v1/policies/<kind>/simulate?version=…`: the simulations of a policy, or of one version of it, the latest first. */
export async function GET(request: NextRequest, { params }: Params): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    const version = request.nextUrl.searchParams.get('version')
    const kind = policyKind((await params).kind)
    return { simulations: await simulationsOf(actor, kind, version === null ? undefined : Number(version)) }
  })
}
