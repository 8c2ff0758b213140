import type { Metadata } from 'next'
import { CaseActions } from '@/components/cases/case-actions'
import { CaseEntries, CaseExceptions, CaseMoney, CaseTimeline, CaseUnits } from '@/components/cases/case-parts'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { StatusWord } from '@/components/work/status-word'
import { can } from '@/lib/auth/actor'
import { humanize } from '@/lib/format'
import { caseOf } from '@/lib/workflow/read/case'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'

export const metadata: Metadata = { title: 'Return' }

/** One return: where it stands, its goods, its money, what may be done, and everything that happened. */
export default async function CasePage({
  params,
  searchParams,
}: {
  params: Promise<{ rma: string }>
  searchParams: Promise<SearchParams>
}) {
  const id = decodeURIComponent((await params).rma)
  const path = `/returns/${encodeURIComponent(id)}`
  const request = await workAsked(path, searchParams, ['cases:read'])
  const { actor, state, context } = request
  const view = await panelOf(() => caseOf(actor, id))
  const minute = (iso: string) => context.format.minute(iso)
  return (
    <WorkFrame asked={request} current="returns" path={path}>
      {view.state !== 'ok' ? (
        <PanelMessage panel={view} links={{ retry: path, clear: '/returns' }} height={320} />
      ) : (
        <>
          <header className="mb-4">
            <p className="text-sm text-muted">
              <a className="link" href={href('/returns', state)}>
                Returns
              </a>
            </p>
            <h1 className="text-lg">{view.data.id}</h1>
            <p className="text-sm text-muted">
              Order {view.data.orderId}
              {view.data.customerId ? `, customer ${view.data.customerId}` : ''}, {view.data.channel}
              {view.data.country ? `, ${view.data.country}` : ''}. {humanize(view.data.returnType)}
              {view.data.requestedAt ? `, asked for ${minute(view.data.requestedAt)}` : ''}
            </p>
            <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-1 text-sm">
              {(['overall', 'goods', 'money'] as const).map((each) => (
                <div key={each} className="flex gap-2">
                  <dt className="text-muted">{humanize(each)}</dt>
                  <dd>
                    <StatusWord status={view.data[each]} />
                  </dd>
                </div>
              ))}
            </dl>
          </header>
          <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="flex min-w-0 flex-col gap-6">
              <CaseUnits view={view.data} minute={minute} />
              <CaseMoney view={view.data} />
              <CaseExceptions view={view.data} resolves={can(actor, 'exceptions:resolve')} minute={minute} />
              <CaseTimeline view={view.data} minute={minute} />
              {can(actor, 'journal:read') ? <CaseEntries view={view.data} /> : null}
            </div>
            <aside className="min-w-0">
              <CaseActions
                view={view.data}
                categories={new Map(view.data.units.map((unit) => [unit.id, unit.category]))}
              />
            </aside>
          </div>
        </>
      )}
    </WorkFrame>
  )
}
