import { X } from 'lucide-react'
import { humanize } from '@/lib/format'
import type { CaseView } from '@/lib/workflow/read/case-types'
import { StatusWord } from '../actions/status-word'
import { SidePanel } from '../ui/side-panel'

const LATEST = 6

/** A case beside the list: enough to decide whether to open it. */
export function CasePeek({
  view,
  links,
  minute,
}: {
  view: CaseView
  links: { open: string; close: string }
  minute: (iso: string) => string
}) {
  const open = view.exceptions.filter(({ state }) => state === 'open')
  return (
    <SidePanel key={view.id} label={`Return ${view.id}`}>
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 className="break-words text-md">
            <a className="link" href={links.open}>
              {view.id}
            </a>
          </h2>
          <p className="text-xs text-muted">
            Order {view.orderId}
            {view.customerId ? `, ${view.customerId}` : ''}
          </p>
        </div>
        <a className="control px-1.5" href={links.close} data-close-panel aria-label="Close">
          <X size={16} strokeWidth={1.5} aria-hidden="true" />
        </a>
      </div>
      <dl className="my-3 grid grid-cols-[5rem_1fr] gap-y-1 border-y border-line py-2 text-sm">
        {(['overall', 'goods', 'money'] as const).map((each) => (
          <div key={each} className="contents">
            <dt className="text-muted">{humanize(each)}</dt>
            <dd>
              <StatusWord status={view[each]} />
            </dd>
          </div>
        ))}
        {view.waits.slice(0, 2).map((wait) => (
          <div key={wait.what} className="contents">
            <dt className="text-muted">Waits for</dt>
            <dd>
              {wait.what}
              {wait.until ? (
                <span className={wait.late ? 'text-worse' : 'text-muted'}> until {minute(wait.until)}</span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      <h3 className="mb-1 text-sm">Units</h3>
      <ul className="text-sm">
        {view.units.map((unit) => (
          <li key={unit.id} className="border-t border-line py-1.5">
            <div className="flex justify-between gap-4">
              <span className="min-w-0 truncate">
                {unit.quantity > 1 ? `${unit.quantity} × ` : ''}
                {unit.name || unit.sku}
              </span>
              <StatusWord status={unit.status} />
            </div>
            <p className="text-xs text-muted">
              {unit.sku}. {humanize(unit.reason)}
              {unit.condition ? `. Condition ${unit.condition}, ${humanize(unit.finding).toLowerCase()}` : ''}
            </p>
          </li>
        ))}
      </ul>
      {view.settlements.length > 0 ? (
        <>
          <h3 className="mt-4 mb-1 text-sm">Money</h3>
          <ul className="text-sm">
            {view.settlements.map((each) => (
              <li key={each.id} className="flex justify-between gap-4 border-t border-line py-1.5">
                <span>
                  {humanize(each.kind)}{' '}
                  <span className="num">
                    {each.amount} {each.currency}
                  </span>
                </span>
                <StatusWord status={each.state} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {open.length > 0 ? (
        <>
          <h3 className="mt-4 mb-1 text-sm">Exceptions</h3>
          <ul className="text-sm">
            {open.map((each) => (
              <li key={each.id} className="border-t border-line py-1.5">
                {each.label}
                <p className="text-xs text-muted">{each.message}</p>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <h3 className="mt-4 mb-1 text-sm">Latest</h3>
      <ol className="text-sm">
        {view.timeline
          .slice(-LATEST)
          .reverse()
          .map((entry) => (
            <li key={entry.key} className="flex justify-between gap-4 border-t border-line py-1.5">
              <span className="min-w-0">{entry.what}</span>
              <time dateTime={entry.at} className="num shrink-0 text-xs text-muted">
                {minute(entry.at)}
              </time>
            </li>
          ))}
      </ol>
      <p className="mt-4">
        <a className="control primary" href={links.open}>
          Open the return
        </a>
      </p>
    </SidePanel>
  )
}
