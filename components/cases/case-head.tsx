import { humanize } from '@/lib/format'
import type { CaseView } from '@/lib/workflow/read/case-types'
import { StatusWord } from '../actions/status-word'

/** What a case is, where it stands as a whole, its goods and its money, and what it waits for until when. */
export function CaseHead({
  view,
  back,
  minute,
  name,
  labelHref,
}: {
  view: CaseView
  back: string
  minute: (iso: string) => string
  name: (dimension: string, value: string) => string
  labelHref: string | null
}) {
  const facts = [
    view.orderId ? `Order ${view.orderId}` : '',
    view.customerId ? `customer ${view.customerId}` : '',
    view.channel ? name('channel', view.channel) : '',
    view.entity ? name('entity', view.entity) : '',
    view.country,
    view.returnType ? humanize(view.returnType).toLowerCase() : '',
    view.requestedAt ? `asked for ${minute(view.requestedAt)}` : '',
  ].filter(Boolean)
  return (
    <header className="mb-5">
      <p className="text-sm text-muted">
        <a className="link" href={back}>
          Returns
        </a>
      </p>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h1 className="break-all text-lg">{view.id}</h1>
        {labelHref ? (
          <a className="control noprint" href={labelHref} target="_blank" rel="noreferrer">
            Print the label
          </a>
        ) : null}
      </div>
      <p className="text-sm text-muted">
        {view.unmatched ? 'Received without a return. ' : ''}
        {facts.join(', ')}
      </p>
      <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2 border-y border-line py-2 text-sm">
        {(['overall', 'goods', 'money'] as const).map((each) => (
          <div key={each}>
            <dt className="text-xs text-muted">{humanize(each)}</dt>
            <dd>
              <StatusWord status={view[each]} />
            </dd>
          </div>
        ))}
        {view.waits.length > 0 ? (
          <div className="min-w-0 sm:ml-auto sm:max-w-[60%]">
            <dt className="text-xs text-muted">Waits for</dt>
            {view.waits.slice(0, 4).map((wait) => (
              <dd key={`${wait.what}${wait.until ?? ''}`}>
                {wait.what}
                {wait.until ? (
                  <span className={wait.late ? 'text-worse' : 'text-muted'}>
                    {' '}
                    {wait.late ? 'since' : 'until'} <time dateTime={wait.until}>{minute(wait.until)}</time>
                    {wait.late ? ', overdue' : ''}
                  </span>
                ) : null}
              </dd>
            ))}
          </div>
        ) : null}
      </dl>
    </header>
  )
}
