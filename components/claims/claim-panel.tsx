import { FileText, X } from 'lucide-react'
import { AddFile } from '../evidence/add-file'
import type { DetailView } from './claims-view'
import { ClaimActions } from './claims-work'
import { PanelFocus } from './panel-focus'

/** One claim beside the list: what it is about, what it rests on, what has happened, what can be done now. */
export function ClaimPanel({ view }: { view: DetailView }) {
  return (
    <aside
      aria-labelledby="claim-title"
      className="figure-panel layer z-30 outline-none"
      tabIndex={-1}
      id="claim-panel"
    >
      <PanelFocus id="claim-panel" />
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id="claim-title" className="text-md break-words">
            {view.title}
          </h2>
          <p className="text-xs text-muted">{view.subtitle}</p>
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
      {view.notice ? <p className="mb-3 border-l-2 border-warn pl-2 text-sm">{view.notice}</p> : null}
      {view.picked && view.actions.length > 0 ? <ClaimActions actions={view.actions} picked={view.picked} /> : null}
      <h3 className="mt-4 mb-1 text-sm">Unit</h3>
      <dl className="grid grid-cols-[7rem_1fr] gap-y-1 text-sm">
        {view.facts.map(({ label, value, href }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 break-words">
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
      <h3 className="mt-4 mb-1 text-sm">Evidence</h3>
      {view.documents.length === 0 ? <p className="text-sm text-muted">No photo or document yet.</p> : null}
      <ul className="grid gap-1 text-sm">
        {view.documents.map((document) => (
          <li key={document.href} className="flex items-center gap-2">
            <FileText size={14} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-muted" />
            <a className="link" href={document.href} target="_blank" rel="noreferrer">
              {document.label}
            </a>
            <span className="truncate text-muted">{document.note}</span>
          </li>
        ))}
      </ul>
      {view.addTo ? (
        <AddFile
          key={view.addTo}
          subjects={[{ type: 'claim', id: view.addTo, label: 'This claim' }]}
          label="Add a photo or document"
        />
      ) : null}
      <h3 className="mt-4 mb-1 text-sm">Timeline</h3>
      <ol className="border-l border-line text-sm">
        {view.timeline.map((moment) => (
          <li key={`${moment.at} ${moment.what}`} className="relative pb-2 pl-3">
            <i className="mark absolute top-1.5 -left-[3px] size-1.5 rounded-full bg-field" aria-hidden="true" />
            <div className="flex flex-wrap justify-between gap-x-3">
              <span>{moment.what}</span>
              <span className="num">{moment.amount}</span>
            </div>
            <div className="text-xs text-muted">
              <span className="num">{moment.at}</span> · {moment.who}
              {moment.note ? ` · ${moment.note}` : ''}
            </div>
          </li>
        ))}
      </ol>
    </aside>
  )
}
