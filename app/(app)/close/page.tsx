import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { ActionForm } from '@/components/actions/action-form'
import { CloseChecklist } from '@/components/books/close-checklist'
import { PeriodList } from '@/components/books/period-list'
import { TrialBalance } from '@/components/books/trial-balance'
import { Choices, Menu } from '@/components/filters/menu'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { closeView as readClose } from '@/lib/workflow/read/close'
import { entityName } from '../names'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'
import { closeView } from './view'

export const metadata: Metadata = { title: 'Close' }

/** A period's close: what must be seen to before, its trial balance, and what leaves for the ERP. */
export default async function ClosePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/close', searchParams, ['journal:read'])
  const { actor, state, context } = request
  const params = await searchParams
  const asked = { entity: firstOf(params.books), period: firstOf(params.month) }
  const link = (change: Record<string, string | undefined>) =>
    href('/close', state, {}, { books: asked.entity, month: asked.period, ...change })
  const read = await panelOf(() => readClose(actor, asked))
  const data = read.state === 'ok' ? read.data : null
  const view = data ? closeView(data, { format: context.format, link, exports: context.exports }) : null
  return (
    <WorkFrame asked={request} current="close" path="/close">
      {view && data ? (
        <>
          <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
            <div>
              <h1 className="text-lg">
                Close of {view.title}, {entityName(data.entity)}
              </h1>
              <p className="max-w-[80ch] text-sm text-muted">{view.lead}</p>
              {view.hash ? (
                <p className="num text-2xs break-all text-muted">SHA-256 of what it holds: {view.hash}</p>
              ) : null}
            </div>
            <div className="noprint flex flex-wrap items-start gap-2">
              {data.entities.length > 1 ? (
                <Menu label="Entity" value={entityName(data.entity)}>
                  <Choices
                    items={data.entities.map((each) => ({
                      href: link({ books: each, month: undefined }),
                      label: entityName(each),
                      chosen: each === data.entity,
                    }))}
                  />
                </Menu>
              ) : null}
              {view.actions.map((action) =>
                action.closed ? (
                  <p key={action.command} className="max-w-64 text-xs text-muted">
                    {action.title}: {action.closed}
                  </p>
                ) : (
                  <ActionForm key={action.command} {...action} />
                ),
              )}
            </div>
          </div>
          <div className="grid gap-6 lg:grid-cols-[14rem_1fr]">
            <PeriodList periods={view.periods} />
            <div className="min-w-0">
              <h2 className="mb-1 text-md">
                Checklist{' '}
                <span className="num text-sm text-muted">
                  {view.signed} of {view.tasks.length}
                </span>
              </h2>
              <CloseChecklist tasks={view.tasks} mayUnsign={can(actor, 'close:sign')} />
              <div className="mt-6 mb-1 flex flex-wrap items-center gap-2">
                <h2 className="mr-auto text-md">Trial balance</h2>
                <a className="control" href={view.journal}>
                  Journal
                </a>
                {view.files.map((file) => (
                  <a key={file.label} className="control" href={file.href} download data-csv title={file.note}>
                    <Download size={16} strokeWidth={1.5} aria-hidden="true" />
                    {file.label}
                  </a>
                ))}
              </div>
              {view.trial.length === 0 ? (
                <p className="border-y border-line py-6 text-center text-sm text-muted">
                  Nothing has been posted up to this period.
                </p>
              ) : (
                <TrialBalance trial={view.trial} />
              )}
            </div>
          </div>
        </>
      ) : read.state === 'ok' ? (
        <>
          <h1 className="text-lg">Close</h1>
          <p className="text-sm text-muted">
            There is nothing to close yet: the first facility and its first receipt begin the books.
          </p>
        </>
      ) : (
        <PanelMessage panel={read} links={{ retry: link({}), clear: '/close' }} height={320} />
      )}
    </WorkFrame>
  )
}
