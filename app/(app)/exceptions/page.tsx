import type { Metadata } from 'next'
import { ExceptionList } from '@/components/exceptions/exception-list'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { openExceptions } from '@/lib/workflow/read/exceptions'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'

export const metadata: Metadata = { title: 'Exceptions' }

/** One queue of everything that a person must decide. */
export default async function ExceptionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/exceptions', searchParams, ['exceptions:read'])
  const { actor, state, context } = request
  const params = await searchParams
  const kind = firstOf(params.kind) ?? ''
  const mine = firstOf(params.mine) === '1'
  const queue = await panelOf(() => openExceptions(actor, { ...(kind ? { kind } : {}), mine }))
  const link = (change: Record<string, string | undefined>) =>
    href('/exceptions', state, {}, { kind: kind || undefined, mine: mine ? '1' : undefined, ...change })
  return (
    <WorkFrame asked={request} current="exceptions" path="/exceptions">
      <h1 className="text-lg">Exceptions</h1>
      {queue.state !== 'ok' ? (
        <PanelMessage panel={queue} links={{ retry: link({}), clear: '/exceptions' }} height={320} />
      ) : (
        <>
          <p className="mb-3 text-sm text-muted">
            {queue.data.total} open. Your own come first, then by when they are due.
          </p>
          <nav aria-label="Kind" className="mb-3 flex flex-wrap gap-1.5 text-sm">
            <a href={link({ mine: mine ? undefined : '1' })} className={`control ${mine ? 'bg-sel' : ''}`}>
              Mine
            </a>
            <a href={link({ kind: undefined })} className={`control ${kind ? '' : 'bg-sel'}`}>
              All kinds
            </a>
            {queue.data.kinds.map((each) => (
              <a
                key={each.kind}
                href={link({ kind: each.kind })}
                className={`control ${kind === each.kind ? 'bg-sel' : ''}`}
              >
                {each.label} <span className="num text-muted">{each.n}</span>
              </a>
            ))}
          </nav>
          {queue.data.lines.length === 0 ? (
            <p className="border-y border-line py-10 text-center text-sm text-muted">Nothing here needs a decision.</p>
          ) : (
            <ExceptionList
              lines={queue.data.lines.map((line) => ({ ...line, due: context.format.minute(line.dueAt) }))}
              resolves={can(actor, 'exceptions:resolve')}
            />
          )}
        </>
      )}
    </WorkFrame>
  )
}
