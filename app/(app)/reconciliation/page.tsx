import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { CountForm } from '@/components/reconciliation/count-form'
import { DifferencePanel } from '@/components/reconciliation/difference-panel'
import { DifferenceTable } from '@/components/reconciliation/difference-table'
import { FetchReport } from '@/components/reconciliation/fetch-report'
import { ImportReport } from '@/components/reconciliation/import-report'
import { TieOut } from '@/components/reconciliation/tie-out'
import { PanelMessage } from '@/components/ui/panel'
import { type Actor, can } from '@/lib/auth/actor'
import { filterOptions } from '@/lib/metrics/overview'
import { WAYS, type Way } from '@/lib/returns/reconciliation'
import { differenceDetail, reconciliation } from '@/lib/workflow/read/reconciliation'
import { naming } from '../names'
import { panelOf } from '../panel-of'
import type { Asked } from '../request'
import { WorkFrame, workAsked } from '../work-frame'
import { pageView, panelView, WAY_WORDS } from './view'

export const metadata: Metadata = { title: 'Reconciliation' }

/** Whether the books agree with what is counted, paid, posted and received; and if not, where. */
export default async function ReconciliationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/reconciliation', searchParams, ['journal:read'])
  const { actor, state, context } = request
  const params = await searchParams
  const way: Way = WAYS.find((each) => each === firstOf(params.tab)) ?? 'stock'
  const key = firstOf(params.difference)
  const now = new Date()
  const own = { tab: way === 'stock' ? undefined : way }
  const link = (change: Record<string, string | undefined>) => href('/reconciliation', state, {}, { ...own, ...change })
  const [data, detail] = await Promise.all([
    panelOf(() => reconciliation(actor, way, false, now)),
    key ? panelOf(() => differenceDetail(actor, key, now)) : null,
  ])
  const csv = context.exports ? href('/reconciliation/csv', state, {}, own) : null
  const view =
    data.state === 'ok' ? pageView(data.data, { format: context.format, name: context.name, link, csv, now }) : null
  return (
    <WorkFrame asked={request} current="reconciliation" path="/reconciliation">
      <h1 className="text-lg">Reconciliation</h1>
      <p className="mb-3 max-w-[90ch] text-sm text-muted">{WAY_WORDS[way].lead}</p>
      {view ? (
        <>
          <nav aria-label="Ways of reconciling" className="mb-4 flex flex-wrap gap-1">
            {view.tabs.map((tab) => (
              <a key={tab.id} href={tab.href} className="control" aria-current={tab.current ? 'page' : undefined}>
                {tab.label}
              </a>
            ))}
            {view.csv ? (
              <a href={view.csv} download data-csv className="control ml-auto border-transparent px-1.5 text-muted">
                <Download size={16} strokeWidth={1.5} aria-hidden="true" />
                CSV
              </a>
            ) : null}
          </nav>
          <TieOut view={view} />
          <Sources actor={actor} way={way} request={request} />
          <DifferenceTable view={view} />
        </>
      ) : data.state === 'ok' ? null : (
        <PanelMessage panel={data} links={{ retry: link({}), clear: '/reconciliation' }} height={320} />
      )}
      {detail?.state === 'ok' ? (
        <DifferencePanel
          view={panelView(detail.data, { actor, format: context.format, close: link({ difference: undefined }), now })}
        />
      ) : detail ? (
        <p role="alert" className="mt-3 border-l-2 border-warn pl-2 text-sm">
          {'message' in detail ? detail.message : 'This difference could not be read.'}
        </p>
      ) : null}
    </WorkFrame>
  )
}

/** Where the other side comes from: counts, reports of providers and of 3PLs. */
async function Sources({ actor, way, request }: { actor: Actor; way: Way; request: Asked }) {
  const may = {
    stock: can(actor, 'stock:count'),
    payments: can(actor, 'journal:prepare'),
    ledger: false,
    receipts: can(actor, 'stock:count'),
  }[way]
  if (!may) return null
  const known = await panelOf(() => filterOptions(actor, { tz: request.state.tz }))
  const options = known.state === 'ok' ? known.data : null
  const listed = (dimension: 'facility' | 'channel') =>
    (options?.[dimension] ?? []).map(({ value }) => ({ id: value, label: naming(options)(dimension, value) }))
  return (
    <div className="noprint mb-4 flex flex-wrap gap-2">
      {way === 'stock' ? <CountForm facilities={listed('facility')} /> : null}
      {way === 'payments' ? (
        <>
          <FetchReport />
          <ImportReport kind="payments" channels={listed('channel')} />
        </>
      ) : null}
      {way === 'receipts' ? <ImportReport kind="receipts" facilities={listed('facility')} /> : null}
    </div>
  )
}
