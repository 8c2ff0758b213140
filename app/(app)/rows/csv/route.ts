import type { NextRequest } from 'next/server'
import { readViewState } from '@/components/filters/view-state'
import { BASIS_WORDS, basisOf } from '@/components/overview/figure'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { env } from '@/lib/env'
import { errorBody, UserError } from '@/lib/errors'
import { runEveryRow } from '@/lib/metrics/run'
import type { EveryRow, Value } from '@/lib/metrics/types'
import { formatFilter } from '@/lib/metrics/url'
import { formatUnits, parseAmount } from '@/lib/money'
import { define } from '../../define'
import { refuseUnread } from '../../unread'
import { askedRows } from '../asked-rows'

/**
 * The whole list behind a number, not only the page on screen, of one moment. Its head says what it is: period, zone,
 * basis, filters, as-of, number of rows and the sum that they must have.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    const query = request.nextUrl.searchParams
    const params = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))
    const state = readViewState(params, actor.tz ?? env().BACKHAUL_TZ, new Date())
    const { metric, part, order, spec: asked, unread } = askedRows(params, state)
    refuseUnread([...state.unread, ...unread])
    const spec = { ...asked, asOf: asked.asOf ?? new Date().toISOString() }
    const list = await runEveryRow(actor, spec, metric.id, { part, ...(order ? { order: [order] } : {}) })
    const total = new ControlTotal(list.unit)
    const spool = await spoolCsv(
      list.columns.map((column) => column.label),
      pages(list, total),
    )
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
      ['Filters', spec.filters.map(formatFilter).join('; ') || 'none'],
      ['As of', spec.asOf],
      ['Currency', env().BACKHAUL_CURRENCY],
      ['Rows', spool.count],
      ['Control total', total.value()],
    ]
    return new Response(spool.stream(head), {
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

/** Σ contribution: exact where it is money or a count. */
class ControlTotal {
  private money = 0n
  private plain = 0
  constructor(private readonly unit: EveryRow['unit']) {}

  add(value: Value): void {
    if (this.unit === 'money') this.money += parseAmount(String(value ?? 0)) ?? 0n
    else this.plain += Number(value ?? 0)
  }

  value(): CsvValue {
    return this.unit === 'money' ? formatUnits(this.money) : this.plain
  }
}

async function* pages(list: EveryRow, total: ControlTotal) {
  for await (const rows of list.rows) {
    for (const row of rows) total.add(row.contribution ?? null)
    yield rows.map((row) => list.columns.map((column) => row[column.id] ?? null))
  }
}
