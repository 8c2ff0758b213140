import type { NextRequest } from 'next/server'
import { readViewState } from '@/components/filters/view-state'
import { authorize } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { env } from '@/lib/env'
import { errorBody, UserError } from '@/lib/errors'
import { formatFilter } from '@/lib/metrics/url'
import { casePage } from '@/lib/workflow/read/cases'
import type { AskedCases, CaseLine } from '@/lib/workflow/read/cases-types'
import { refuseUnread } from '../../unread'
import { askedCases } from '../asked-cases'

const SIZE = 1000
const COLUMNS: readonly [string, (line: CaseLine) => CsvValue][] = [
  ['Return', ({ id }) => id],
  ['Overall', ({ overall }) => overall],
  ['Goods', ({ goods }) => goods],
  ['Money', ({ money }) => money],
  ['Open exceptions', ({ exceptions }) => exceptions],
  ['Order', ({ orderId }) => orderId],
  ['Customer', ({ customerId }) => customerId],
  ['Channel', ({ channel }) => channel],
  ['Entity', ({ entity }) => entity],
  ['Facility', ({ facility }) => facility],
  ['Pieces', ({ pieces }) => pieces],
  ['Value', ({ value }) => value],
  ['Currency', ({ currency }) => currency],
  ['Asked for', ({ requestedAt }) => requestedAt],
  ['Last change', ({ lastAt }) => lastAt],
]

/** The whole list, in its order, not only the page on screen. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    authorize(actor, 'rows:export')
    const query = request.nextUrl.searchParams
    const params = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))
    const state = readViewState(params, actor.tz ?? env().BACKHAUL_TZ, new Date())
    refuseUnread(state.unread)
    const { asked } = askedCases(params, state)
    const { after: _, ...whole } = asked
    const spool = await spoolCsv(
      COLUMNS.map(([label]) => label),
      pages((after) => casePage(actor, { ...whole, ...(after ? { after } : {}) }, SIZE)),
    )
    const head: [string, CsvValue][] = [
      ['Returns', whole.q ? `found for ${whole.q}` : (whole.status ?? 'open')],
      ['Filters', state.filters.map(formatFilter).join('; ') || 'none'],
      ['Order', `${whole.descending ? '-' : ''}${whole.sort}`],
      ['As of', new Date().toISOString()],
      ['Rows', spool.count],
    ]
    return new Response(spool.stream(head), {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="returns_${new Date().toISOString().slice(0, 10)}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}

async function* pages(read: (after: AskedCases['after']) => Promise<{ lines: CaseLine[]; next: string | null }>) {
  for (let after: string | undefined; ; ) {
    const { lines, next } = await read(after)
    yield lines.map((line) => COLUMNS.map(([, value]) => value(line)))
    if (next === null) return
    after = next
  }
}
