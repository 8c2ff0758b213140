import type { NextRequest } from 'next/server'
import { authorize } from '@/lib/auth/actor'
import { type CsvValue, spoolCsv } from '@/lib/csv'
import { formatFilter } from '@/lib/metrics/url'
import { casePage } from '@/lib/workflow/read/cases'
import type { AskedCases, CaseLine } from '@/lib/workflow/read/cases-types'
import { csvAnswer } from '../../csv-answer'
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
export const GET = (request: NextRequest): Promise<Response> =>
  csvAnswer(request, async ({ actor, params, state }) => {
    authorize(actor, 'rows:export')
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
    return { name: `returns_${new Date().toISOString().slice(0, 10)}`, body: spool.stream(head) }
  })

async function* pages(read: (after: AskedCases['after']) => Promise<{ lines: CaseLine[]; next: string | null }>) {
  for (let after: string | undefined; ; ) {
    const { lines, next } = await read(after)
    yield lines.map((line) => COLUMNS.map(([, value]) => value(line)))
    if (next === null) return
    after = next
  }
}
