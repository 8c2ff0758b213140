import type { Metadata } from 'next'
import { CaseFacets } from '@/components/cases/case-facets'
import { CasePeek } from '@/components/cases/case-peek'
import { caseTable, writeSort } from '@/components/cases/case-table'
import { FoundElsewhere } from '@/components/cases/found-elsewhere'
import { href, type SearchParams } from '@/components/filters/view-state'
import { DataTable } from '@/components/tables/data-table'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { humanize } from '@/lib/format'
import { caseOf } from '@/lib/workflow/read/case'
import { searchCases } from '@/lib/workflow/read/cases'
import { whereIs } from '@/lib/workflow/read/find'
import { panelOf } from '../panel-of'
import { placeHref } from '../places'
import { WorkFrame, workAsked } from '../work-frame'
import { askedCases } from './asked-cases'

export const metadata: Metadata = { title: 'Returns' }

/** Every return, found by anything that is on a parcel, a screen or a letter. */
export default async function ReturnsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/returns', searchParams, ['cases:read'])
  const { actor, state, context, density } = request
  const { format, name } = context
  const { asked, own, peek } = askedCases(await searchParams, state)
  const { q, status, after } = asked
  const [list, looked, places] = await Promise.all([
    panelOf(() => searchCases(actor, asked)),
    peek ? panelOf(() => caseOf(actor, peek)) : null,
    q ? panelOf(() => whereIs(actor, q)) : null,
  ])
  const link = (change: Record<string, string | undefined>) => href('/returns', state, {}, { ...own, ...change })
  const here = (change: Record<string, string | undefined>) => link({ after, ...change })
  const clear = href('/returns', state, { filters: [] })
  const data = list.state === 'ok' ? list.data : null
  const narrowed = state.filters.length > 0
  const all = data?.counts.reduce((sum, { n }) => sum + n, 0) ?? 0
  // What is no return in the list: a unit that belongs to none, an order of which nothing was asked back.
  const elsewhere = places?.state === 'ok' ? places.data.filter(({ exact, rmaId }) => exact && rmaId === '') : []
  return (
    <WorkFrame asked={request} current="returns" path="/returns">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <h1 className="text-lg">Returns</h1>
        <search className="flex min-w-0 grow justify-end">
          <form action="/returns" className="flex w-full max-w-xl gap-2">
            <label className="grow">
              <span className="sr-only">Search</span>
              <input
                name="q"
                type="search"
                defaultValue={q}
                key={q}
                maxLength={200}
                placeholder="RMA, order, unit, SKU, serial, tracking, customer, settlement or claim"
                className="field w-full"
              />
            </label>
            <button type="submit" className="control primary">
              Search
            </button>
          </form>
        </search>
        {can(actor, 'returns:create') ? (
          <a className="control primary" href={href('/returns/new', state)}>
            New return
          </a>
        ) : null}
      </div>
      {data ? (
        <>
          <nav aria-label="Status" className="mb-2 flex flex-wrap gap-1.5 text-sm">
            <a
              href={link({ status: undefined, after: undefined })}
              className="control"
              aria-current={status === undefined ? 'page' : undefined}
            >
              {q ? 'All found' : 'All open'} <span className="num text-muted">{format.count(all)}</span>
            </a>
            {data.counts.map((each) => (
              <a
                key={each.status}
                href={link({ status: each.status, after: undefined })}
                className="control"
                aria-current={status === each.status ? 'page' : undefined}
              >
                {humanize(each.status)} <span className="num text-muted">{format.count(each.n)}</span>
              </a>
            ))}
            {q
              ? null
              : (['closed', 'rejected', 'cancelled', 'any'] as const).map((each) => (
                  <a
                    key={each}
                    href={link({ status: each, after: undefined })}
                    className="control"
                    aria-current={status === each ? 'page' : undefined}
                  >
                    {each === 'any' ? 'All' : humanize(each)}
                  </a>
                ))}
          </nav>
          <div className="mb-2 flex flex-wrap items-center gap-1.5 text-sm">
            <CaseFacets facets={data.facets} state={state} own={own} name={name} count={format.count} />
            {narrowed || q || status ? (
              <a className="link px-1" href={clear}>
                Clear
              </a>
            ) : null}
          </div>
        </>
      ) : null}
      <FoundElsewhere places={elsewhere.map((place) => ({ ...place, href: placeHref(place) }))} />
      {!data ? (
        list.state === 'ok' ? null : (
          <PanelMessage panel={list} links={{ retry: here({}), clear }} height={320} />
        )
      ) : data.lines.length === 0 ? (
        <p className="border-y border-line py-10 text-center text-sm text-muted">
          {q && !narrowed ? (
            elsewhere.length > 0 ? (
              'No return is called that.'
            ) : (
              `Nothing is called ${q}. Whole ids are found, and the beginning of an RMA's.`
            )
          ) : narrowed || status ? (
            <>
              No returns are of these.{' '}
              <a className="link" href={clear}>
                Show all
              </a>
            </>
          ) : (
            'No open returns. They come from a connected shop, from the portal, or are asked for by customer service.'
          )}
        </p>
      ) : (
        <>
          <DataTable
            label="Returns"
            density={density}
            sortable={false}
            data={caseTable(data.lines, {
              format,
              name,
              sort: asked.sort ?? 'changed',
              descending: asked.descending ?? true,
              sortHref: (sort, descending) => link({ sort: writeSort(sort, descending) }),
              href: (id) => href(`/returns/${encodeURIComponent(id)}`, state),
              peek: (id) => here({ peek: id }),
            })}
            {...(context.exports ? { csv: href('/returns/csv', state, {}, own) } : {})}
          />
          <nav aria-label="Pages" className="mt-3 flex flex-wrap items-center justify-end gap-2 text-sm text-muted">
            <span className="mr-auto max-sm:hidden">
              <span className="key">j</span> <span className="key">k</span> walk, <span className="key">Space</span>{' '}
              looks in, <span className="key">Enter</span> opens
            </span>
            {after ? (
              <a className="control" href={link({})}>
                First page
              </a>
            ) : null}
            {data.next ? (
              <a className="control" rel="next" href={link({ after: data.next })}>
                Next {format.count(data.lines.length)}
              </a>
            ) : (
              <span>That is all of them.</span>
            )}
          </nav>
        </>
      )}
      {looked?.state === 'ok' ? (
        <CasePeek
          view={looked.data}
          links={{ open: href(`/returns/${encodeURIComponent(looked.data.id)}`, state), close: here({}) }}
          minute={(iso) => format.moment(iso)}
        />
      ) : null}
    </WorkFrame>
  )
}
