import type { NextRequest } from 'next/server'
import { readViewState, writeFilter } from '@/components/filters/view-state'
import { BASIS_WORDS, basisOf } from '@/components/overview/figure'
import { authorize } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, csvStream } from '@/lib/csv'
import { env } from '@/lib/env'
import { errorBody, UserError } from '@/lib/errors'
import { runRows } from '@/lib/metrics/run'
import type { RowsResult } from '@/lib/metrics/types'
import { define } from '../../define'
import { askedRows } from '../asked-rows'

/** Rows fetched at once; the answer is streamed, so that its size does not matter. */
const PAGE = 5_000

/**
 * The whole list behind a number, not only the page on screen, as of one instant. Its head says what it is: period, zone,
 * basis, filters, as-of, number of rows and the sum that they must have.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    authorize(actor, 'rows:export')
    const query = request.nextUrl.searchParams
    const params = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))
    const state = readViewState(params, actor.tz ?? env().BACKHAUL_TZ, new Date())
    const { metric, part, order, spec: asked } = askedRows(params, state)
    // Later events must not shift the pages under the export.
    const spec = { ...asked, asOf: asked.asOf ?? new Date().toISOString() }
    const page = (offset: number) =>
      runRows(actor, spec, metric.id, { part, limit: PAGE, offset, ...(order ? { order: [order] } : {}) })
    const first = await page(0)
    const basis = basisOf(define(metric.id), spec.basis)
    const head: [string, CsvValue][] = [
      ['Figure', metric.label],
      ...(metric.denominator
        ? [['Part', (part === 'numerator' ? metric.numerator : metric.denominator) ?? ''] satisfies [string, string]]
        : []),
      ['Basis', basis ? BASIS_WORDS[basis] : 'As of an instant'],
      ['From', spec.from],
      ['To, exclusive', spec.to],
      ['Zone', spec.tz],
      ['Filters', spec.filters.map(writeFilter).join('; ') || 'none'],
      ['As of', spec.asOf],
      ['Currency', env().BACKHAUL_CURRENCY],
      ['Rows', first.count],
      ['Control total', first.sum],
    ]
    const body = csvStream({
      head,
      columns: first.columns.map((column) => column.label),
      count: first.count,
      rows: pages(first, page),
    })
    return new Response(body, {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="${metric.id}_${spec.from}_${spec.to}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}

async function* pages(first: RowsResult, page: (offset: number) => Promise<RowsResult>) {
  const cells = (result: RowsResult) => result.rows.map((row) => first.columns.map((column) => row[column.id] ?? null))
  let done = first.rows.length
  yield cells(first)
  while (done < first.count) {
    const next = await page(done)
    if (next.rows.length === 0) return
    done += next.rows.length
    yield cells(next)
  }
}
