import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { BASIS_WORDS, basisOf } from '@/components/overview/figure'
import { DataTable } from '@/components/tables/data-table'
import { rowsTable } from '@/components/tables/rows-table'
import { MetricOptions } from '@/components/ui/metric-options'
import { PanelMessage } from '@/components/ui/panel'
import { filterOptions, freshness } from '@/lib/metrics/overview'
import { runQuery, runRows } from '@/lib/metrics/run'
import { define } from '../define'
import { Frame } from '../frame'
import { naming } from '../names'
import { panelOf } from '../panel-of'
import { asked } from '../request'
import { type AskedRows, askedRows, PAGE_SIZES } from './asked-rows'

export const metadata: Metadata = { title: 'Rows' }

/** The rows behind one number: the same question as the number's, so that they add up to it. */
export default async function RowsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await asked('/rows', searchParams)
  const { actor, state, context, density } = request
  const rows = askedRows(await searchParams, state)
  const { metric, part, size, offset, order, spec, own } = rows
  const [number, list, options, reach] = await Promise.all([
    panelOf(() => runQuery(actor, spec)),
    panelOf(() => runRows(actor, spec, metric.id, { part, limit: size, offset, ...(order ? { order: [order] } : {}) })),
    panelOf(() => filterOptions(actor, { tz: state.tz })),
    panelOf(() => freshness(actor)),
  ])
  const { format } = context
  const known = options.state === 'ok' ? options.data : null
  const link = (change: Record<string, string | undefined>) => href('/rows', state, {}, { ...own, ...change })
  const links = {
    retry: link({}),
    clear: href('/rows', state, { filters: [] }, own),
  }
  const definition = define(metric.id)
  const basis = basisOf(definition, state.basis)
  const value = number.state === 'ok' ? (number.data.totals[metric.id] ?? null) : null
  return (
    <Frame
      asked={{ ...request, state: { ...state, unread: [...state.unread, ...rows.unread] } }}
      current="rows"
      path="/rows"
      own={own}
      options={known}
      freshness={reach.state === 'ok' ? reach.data : null}
    >
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <div>
          <h1 className="text-lg">
            {metric.label}
            {number.state === 'ok' ? (
              <data value={String(value ?? '')} className="ml-3" data-live>
                {format.exact(value, metric.unit)}
              </data>
            ) : null}
          </h1>
          <p className="max-w-[76ch] text-sm text-muted">{metric.sentence}</p>
          <p className="mt-1 text-xs text-muted">
            {basis ? `${BASIS_WORDS[basis]}, ${format.range(state.from, state.to)}` : 'As of now'}, {state.tz}
          </p>
        </div>
        <MetricPicker rows={rows} />
      </div>
      <div className="mb-3 flex min-h-7 flex-wrap gap-1">
        {metric.denominator ? (
          <>
            <a
              className="control"
              href={link({ part: undefined, page: undefined, sort: undefined })}
              aria-current={part === 'numerator'}
            >
              {metric.numerator}
            </a>
            <span className="self-center text-muted">÷</span>
            <a
              className="control"
              href={link({ part: 'denominator', page: undefined, sort: undefined })}
              aria-current={part === 'denominator'}
            >
              {metric.denominator}
            </a>
          </>
        ) : null}
      </div>
      {list.state === 'ok' ? (
        <>
          <DataTable
            key={`${metric.id}${part}${offset}`}
            label={`Rows behind ${metric.label}`}
            data={rowsTable(list.data, format, {
              name: naming(known),
              order,
              sortHref: (column, direction) =>
                link({ sort: `${direction === 'desc' ? '-' : ''}${column}`, page: undefined }),
            })}
            density={density}
            {...(context.exports ? { csv: href('/rows/csv', state, {}, { ...own, size: undefined }) } : {})}
            sortable={false}
          />
          <Pager count={list.data.count} rows={rows} link={link} format={format.count} shown={list.data.rows.length} />
        </>
      ) : (
        <PanelMessage panel={list} links={links} height={320} />
      )}
    </Frame>
  )
}

/** Which number: a plain form, that sends itself where scripts run. */
function MetricPicker({ rows }: { rows: AskedRows }) {
  return (
    <form action="/rows" data-auto className="flex items-end gap-2">
      <label className="text-xs text-muted">
        <span className="block pb-0.5">Figure</span>
        <select name="metric" defaultValue={rows.metric.id} className="field max-w-64">
          <MetricOptions />
        </select>
      </label>
      <noscript>
        <button type="submit" className="control">
          Show
        </button>
      </noscript>
    </form>
  )
}

function Pager({
  count,
  shown,
  rows,
  link,
  format,
}: {
  count: number
  shown: number
  rows: AskedRows
  link: (change: Record<string, string | undefined>) => string
  format: (value: number) => string
}) {
  const { offset, size } = rows
  const page = offset / size + 1
  const last = Math.max(1, Math.ceil(count / size))
  const to = (number: number) => link({ page: number === 1 ? undefined : String(number) })
  return (
    <nav aria-label="Pages" className="noprint mt-3 flex flex-wrap items-center gap-2 text-sm text-muted">
      <span className="num">
        {shown === 0 ? '0' : `${format(offset + 1)}–${format(offset + shown)}`} of {format(count)}
      </span>
      {page > 1 ? (
        <a className="control" href={to(page - 1)} rel="prev">
          <ChevronLeft size={14} strokeWidth={1.5} aria-hidden="true" /> Previous
        </a>
      ) : null}
      {page < last ? (
        <a className="control" href={to(page + 1)} rel="next">
          Next <ChevronRight size={14} strokeWidth={1.5} aria-hidden="true" />
        </a>
      ) : null}
      <span className="ml-auto flex items-center gap-1">
        Rows a page
        {PAGE_SIZES.map((option) => (
          <a
            key={option}
            className="control px-1.5"
            href={link({ size: String(option), page: undefined })}
            aria-current={option === size}
          >
            {format(option)}
          </a>
        ))}
      </span>
    </nav>
  )
}
