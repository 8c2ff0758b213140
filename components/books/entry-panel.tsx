import { X } from 'lucide-react'
import { ActionForm } from '../actions/action-form'
import { PanelFocus } from '../claims/panel-focus'
import { EntryLines } from './entry-lines'
import type { EntryPanelView } from './journal-view'

/** One entry whole: why it was posted, by whom, with whose yes, its lines, and what can be done about it. */
export function EntryPanel({ view }: { view: EntryPanelView }) {
  return (
    <aside
      aria-labelledby="entry-title"
      className="figure-panel layer z-30 outline-none sm:w-[34rem]"
      tabIndex={-1}
      id="entry-panel"
    >
      <PanelFocus id="entry-panel" />
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id="entry-title" className="text-md break-words">
            {view.title}
          </h2>
          <p className="num text-xs break-all text-muted">{view.subtitle}</p>
        </div>
        <a className="control px-1.5" href={view.close} data-close-panel aria-label="Close">
          <X size={16} strokeWidth={1.5} aria-hidden="true" />
        </a>
      </div>
      <table className="my-3 w-full border-y border-line text-sm">
        <thead>
          <tr>
            <td className="max-sm:hidden" aria-hidden="true" />
            <th scope="col" className="cell-head text-left">
              Account
            </th>
            <th scope="col" className="cell-head text-right">
              Debit
            </th>
            <th scope="col" className="cell-head text-right">
              Credit
            </th>
          </tr>
        </thead>
        <tbody>
          <EntryLines lines={view.lines} />
          <tr className="font-medium">
            <td className="max-sm:hidden" aria-hidden="true" />
            <th scope="row" className="cell text-left">
              {view.currency}
            </th>
            <td className="cell border-t border-line text-right">{view.total}</td>
            <td className="cell border-t border-line text-right">{view.total}</td>
          </tr>
        </tbody>
      </table>
      <dl className="mb-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        {view.facts.map(({ label, value, href }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="break-words">
              {href ? (
                <a className="link" href={href}>
                  {value}
                </a>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
      {view.action ? <ActionForm {...view.action} /> : null}
      {view.closed ? <p className="text-xs text-muted">{view.closed}</p> : null}
    </aside>
  )
}
