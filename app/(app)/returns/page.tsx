import type { Metadata } from 'next'
import { CaseTable } from '@/components/cases/case-table'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { humanize } from '@/lib/format'
import { searchCases } from '@/lib/workflow/read/cases'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'

export const metadata: Metadata = { title: 'Returns' }

/** Every return, found by anything that is on a parcel, a screen or a letter. */
export default async function ReturnsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/returns', searchParams, ['cases:read'])
  const params = await searchParams
  const q = firstOf(params.q)?.trim() ?? ''
  const status = firstOf(params.status) ?? ''
  const after = firstOf(params.after) ?? ''
  const { actor, state, context } = request
  const list = await panelOf(() =>
    searchCases(actor, { ...(q ? { q } : {}), ...(status ? { status } : {}), ...(after ? { after } : {}) }),
  )
  const link = (change: Record<string, string | undefined>) =>
    href('/returns', state, {}, { q: q || undefined, status: status || undefined, ...change })
  const counts = list.state === 'ok' ? list.data.counts : []
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
                placeholder="RMA, order, unit, SKU, serial, tracking, customer, settlement or claim"
                className="w-full rounded border border-field bg-bg px-3 py-1.5 text-sm"
              />
            </label>
            <button type="submit" className="control primary">
              Search
            </button>
          </form>
        </search>
      </div>
      <nav aria-label="Status" className="mb-3 flex flex-wrap gap-1.5 text-sm">
        <a
          href={link({ status: undefined, q: undefined, after: undefined })}
          className={`control ${status === '' && q === '' ? 'bg-sel' : ''}`}
          aria-current={status === '' && q === '' ? 'page' : undefined}
        >
          All open <span className="num text-muted">{counts.reduce((sum, { n }) => sum + n, 0)}</span>
        </a>
        {counts.map((each) => (
          <a
            key={each.status}
            href={link({ status: each.status, after: undefined })}
            className={`control ${status === each.status ? 'bg-sel' : ''}`}
            aria-current={status === each.status ? 'page' : undefined}
          >
            {humanize(each.status)} <span className="num text-muted">{each.n}</span>
          </a>
        ))}
        <a
          href={link({ status: 'closed', after: undefined })}
          className={`control ${status === 'closed' ? 'bg-sel' : ''}`}
        >
          Closed
        </a>
      </nav>
      {list.state !== 'ok' ? (
        <PanelMessage panel={list} links={{ retry: link({}), clear: href('/returns', state) }} height={320} />
      ) : list.data.lines.length === 0 ? (
        <p className="border-y border-line py-10 text-center text-sm text-muted">
          {q
            ? `Nothing is called ${q}: whole ids are found, and the beginning of an RMA's.`
            : 'No returns here. They come from a connected shop, from the portal, or are asked for by customer service.'}
        </p>
      ) : (
        <>
          <CaseTable
            lines={list.data.lines}
            href={(id) => `/returns/${encodeURIComponent(id)}`}
            minute={(iso) => context.format.minute(iso)}
          />
          <p className="mt-3 text-right text-sm">
            {list.data.next ? (
              <a className="control" href={link({ after: list.data.next })}>
                Older
              </a>
            ) : (
              <span className="text-muted">That is all of them.</span>
            )}
          </p>
        </>
      )}
    </WorkFrame>
  )
}
