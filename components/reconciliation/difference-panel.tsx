import { X } from 'lucide-react'
import { ActionForm } from '../actions/action-form'
import { PanelFocus } from '../claims/panel-focus'
import { ScrollRegion } from '../ui/scroll-region'
import type { PanelView } from './reconciliation-view'

/** One difference: both sides, the rows that each rests on, and what can be done about it. */
export function DifferencePanel({ view }: { view: PanelView }) {
  return (
    <aside
      aria-labelledby="difference-title"
      className="figure-panel layer z-30 outline-none sm:w-[40rem]"
      tabIndex={-1}
      id="difference-panel"
    >
      <PanelFocus id="difference-panel" />
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id="difference-title" className="text-md break-words">
            {view.title}
          </h2>
          <p className="text-xs text-muted">
            {view.kind} · {view.state}
          </p>
        </div>
        <a className="control px-1.5" href={view.close} data-close-panel aria-label="Close">
          <X size={16} strokeWidth={1.5} aria-hidden="true" />
        </a>
      </div>
      <dl className="my-3 grid grid-cols-[1fr_auto] gap-y-1 border-y border-line py-2 text-sm">
        {view.amounts.map(({ label, value, strong }) => (
          <div key={label} className="contents">
            <dt className={strong ? 'font-medium' : 'text-muted'}>{label}</dt>
            <dd className={`num text-right ${strong ? 'font-medium' : ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mb-2 text-sm">
        <span className="text-muted">Most likely: </span>
        {view.guess}.
      </p>
      {view.note ? <p className="mb-3 border-l-2 border-field pl-2 text-sm">{view.note}</p> : null}
      <div className="flex flex-wrap items-start gap-2">
        {view.actions.map((action) => (
          <ActionForm key={`${action.command} ${action.title}`} {...action} />
        ))}
      </div>
      {view.closed.map((why) => (
        <p key={why} className="mt-1 text-xs text-muted">
          {why}
        </p>
      ))}
      {view.behind.map((list) => (
        <section key={list.title} aria-label={list.title} className="mt-4">
          <h3 className="mb-1 text-sm">{list.title}</h3>
          {list.rows.length === 0 ? (
            <p className="text-sm text-muted">{list.empty}</p>
          ) : (
            <ScrollRegion label={list.title} className="table-box max-h-80">
              <table className="w-full border-separate border-spacing-0 text-xs">
                <thead>
                  <tr>
                    {list.columns.map(({ label, right }) => (
                      <th key={label} scope="col" className={`cell-head ${right ? 'text-right' : 'text-left'}`}>
                        {label}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {list.rows.map((cells) => (
                    <tr key={cells.map(({ text }) => text).join('|')}>
                      {cells.map((cell, index) => (
                        <td
                          key={list.columns[index]?.label ?? index}
                          className={`cell ${list.columns[index]?.right ? 'text-right' : 'text-left'}`}
                        >
                          {cell.href ? (
                            <a className="link" href={cell.href}>
                              {cell.text}
                            </a>
                          ) : (
                            cell.text
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          )}
        </section>
      ))}
    </aside>
  )
}
