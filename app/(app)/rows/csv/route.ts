import type { NextRequest } from 'next/server'
import { BASIS_WORDS, basisOf } from '@/components/overview/figure'
import { type CsvValue, spoolCsv } from '@/lib/csv'
import { env } from '@/lib/env'
import { runEveryRow } from '@/lib/metrics/run'
import type { EveryRow, Value } from '@/lib/metrics/types'
import { formatFilter } from '@/lib/metrics/url'
import { formatUnits, parseAmount } from '@/lib/money'
import { csvAnswer } from '../../csv-answer'
import { define } from '../../define'
import { refuseUnread } from '../../unread'
import { askedRows } from '../asked-rows'

/**
 * The whole list behind a number, not only the page on screen, of one moment. Its head says what it is: period, zone,
 * basis, filters, as-of, number of rows and the sum that they must have.
 */
export const GET = (request: NextRequest): Promise<Response> =>
  csvAnswer(request, async ({ actor, params, state }) => {
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
    return { name: `${metric.id}_${spec.from}_${spec.to}`, body: spool.stream(head) }
  })

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
