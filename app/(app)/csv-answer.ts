import type { NextRequest } from 'next/server'
import { answerOrError } from '@/app/api/answer'
import { readViewState, type SearchParams, type ViewState } from '@/components/filters/view-state'
import type { Actor } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE } from '@/lib/csv'
import { env } from '@/lib/env'
import { UserError } from '@/lib/errors'

interface Asked {
  readonly actor: Actor
  readonly params: SearchParams
  readonly state: ViewState
}

interface File {
  /** Without its ending. */
  readonly name: string
  readonly body: ReadableStream<Uint8Array>
}

/** What stands around the export of a page: who asks, what the page's address says, and the file, or the error as JSON. */
export const csvAnswer = (request: NextRequest, make: (asked: Asked) => Promise<File>): Promise<Response> =>
  answerOrError(async () => {
    const actor = await currentActor()
    if (!actor) throw new UserError('no_session', 'Sign in again.', 401)
    const query = request.nextUrl.searchParams
    const params = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))
    const state = readViewState(params, actor.tz ?? env().BACKHAUL_TZ, new Date())
    const { name, body } = await make({ actor, params, state })
    return new Response(body, {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="${name}.csv"`,
        'cache-control': 'no-store',
      },
    })
  })
