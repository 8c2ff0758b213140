import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { simulatedCases, simulationRun } from '@/lib/workflow/read/simulation'
import { stopSimulation } from '@/lib/workflow/simulation/ask'
import { policyKind } from '../policy-kind'

type Params = { params: Promise<{ kind: string; id: string }> }

/**
 * `GET /api/v1/policies/<kind>/simulate/<id>`: how far a simulation is, and once it is done its figures. With `cases` also the cases that would have been
 * another, a hundred at a time, the largest change first: `offset`, `verdict` and `row` choose among them.
 */
export async function GET(request: NextRequest, { params }: Params): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    const { kind: asked, id } = await params
    const kind = policyKind(asked)
    const { searchParams } = request.nextUrl
    const simulation = await simulationRun(actor, kind, id)
    if (!searchParams.has('cases') || simulation.state !== 'done') return { simulation }
    const offset = Number(searchParams.get('offset') ?? 0)
    return {
      simulation,
      ...(await simulatedCases(actor, kind, id, {
        ...{ verdict: searchParams.get('verdict') ?? undefined, row: searchParams.get('row') ?? undefined },
        offset: Number.isSafeInteger(offset) ? offset : 0,
      })),
    }
  })
}

/** `DELETE /api/v1/policies/<kind>/simulate/<id>`: stops a simulation of one's own that waits or runs. */
export async function DELETE(request: NextRequest, { params }: Params): Promise<Response> {
  return answer(async () => {
    refuseForeign(request)
    return stopSimulation(await actorFromRequest(request), (await params).id)
  })
}
