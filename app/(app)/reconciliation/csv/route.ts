import type { NextRequest } from 'next/server'
import { authorize } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { errorBody, UserError } from '@/lib/errors'
import { WAYS } from '@/lib/returns/reconciliation'
import { reconciliation } from '@/lib/workflow/read/reconciliation'

const COLUMNS = [
  ...[
    'Difference',
    'Kind',
    'About',
    'Entity',
    'Facility',
    'Here',
    'There',
    'By',
    'Unit',
    'Since',
    'State',
    'Wait until',
  ],
  ...['Owner', 'Exception', 'Entry', 'Note'],
]

/** Every difference of one way, with both totals in the head. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    authorize(actor, 'rows:export')
    const way = WAYS.find((each) => each === request.nextUrl.searchParams.get('tab')) ?? 'stock'
    const view = await reconciliation(actor, way, true)
    const rows = view.differences.map((line): CsvValue[] => [
      ...[line.key, line.label, line.title, line.entity, line.facility, line.ours, line.theirs, line.difference],
      ...[line.currency || 'pieces', line.since, line.state, line.waitUntil, line.assignee ?? line.ownerRole],
      ...[line.exceptionId, line.entryId, line.note],
    ])
    const spool = await spoolCsv(COLUMNS, pages(rows))
    const head: [string, CsvValue][] = [
      ['Reconciliation', way],
      ['As of', view.at],
      ...view.ties.flatMap((tie): [string, CsvValue][] => [
        [`${view.sides[0]}: ${tie.label}, ${tie.currency || 'pieces'}`, tie.ours],
        [`${view.sides[1]}: ${tie.label}, ${tie.currency || 'pieces'}`, tie.theirs],
      ]),
      ['Rows', spool.count],
    ]
    return new Response(spool.stream(head), {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="reconciliation_${way}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}

async function* pages(rows: CsvValue[][]) {
  yield rows
}
