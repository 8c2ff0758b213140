import { humanize } from '@/lib/format'
import type { CaseView } from '@/lib/workflow/read/case-types'
import { ActionForm } from '../actions/action-form'
import { roleName } from '../actions/role-name'
import { StatusWord } from '../actions/status-word'
import { resolveFields } from '../exceptions/exception-list'

type Minute = (iso: string) => string

/** Exceptions of a case, open ones first, each with the outcomes that end it. */
export function CaseExceptions({ view, resolves, minute }: { view: CaseView; resolves: boolean; minute: Minute }) {
  if (view.exceptions.length === 0) return null
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions" className="mb-2 text-md">
        Exceptions
      </h2>
      <ul>
        {view.exceptions.map((each) => (
          <li key={each.id} id={each.id} className="border-t border-line py-2 text-sm target:bg-sel">
            <div className="flex flex-wrap justify-between gap-x-4">
              <strong className="font-medium">{each.label}</strong>
              <StatusWord status={each.state} />
            </div>
            <p className="text-muted">
              {each.message}
              {each.state === 'open'
                ? ` ${roleName(each.ownerRole)} decides, due ${minute(each.dueAt)}.`
                : each.resolution
                  ? ` Outcome: ${humanize(each.resolution).toLowerCase()}.`
                  : ''}
            </p>
            {each.note ? (
              <p className="whitespace-pre-line border-l-2 border-line pl-2 text-muted">{each.note}</p>
            ) : null}
            {resolves && each.state === 'open' ? (
              <div className="mt-1">
                <ActionForm
                  command="exception.resolve"
                  title="Resolve"
                  button="Resolve"
                  given={{ ids: [each.id] }}
                  fields={resolveFields(each.resolutions)}
                />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the case did to the books. */
export function CaseEntries({ view }: { view: CaseView }) {
  if (!view.entries || view.entries.length === 0) return null
  return (
    <section aria-labelledby="entries">
      <h2 id="entries" className="mb-2 text-md">
        Postings
      </h2>
      <ul>
        {view.entries.map((entry) => (
          <li key={entry.id} className="border-t border-line py-2 text-sm">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span>
                {humanize(entry.template.replaceAll('.', ' '))}
                {entry.reverses ? <span className="text-muted"> reverses {entry.reverses}</span> : null}
              </span>
              <span className="text-muted">
                {entry.period}, {entry.currency}
              </span>
            </div>
            {entry.memo ? <p className="text-muted">{entry.memo}</p> : null}
            <table className="num mt-1 w-full text-xs text-muted">
              <thead className="sr-only">
                <tr>
                  <th scope="col">Account</th>
                  <th scope="col">Debit</th>
                  <th scope="col">Credit</th>
                </tr>
              </thead>
              <tbody>
                {entry.lines.map((line) => (
                  <tr key={`${line.account}${line.debit}${line.credit}`}>
                    <th scope="row" className="text-left font-normal">
                      {humanize(line.account)}
                    </th>
                    <td className="w-24 text-right">{line.debit === '0.00' ? '' : line.debit}</td>
                    <td className="w-24 text-right">{line.credit === '0.00' ? '' : line.credit}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </li>
        ))}
      </ul>
    </section>
  )
}
