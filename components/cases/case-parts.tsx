import { humanize } from '@/lib/format'
import type { CaseView } from '@/lib/workflow/read/cases-types'
import { ActionForm } from '../work/action-form'
import { roleName } from '../work/role-name'
import { StatusWord } from '../work/status-word'

type Minute = (iso: string) => string

/** The units of a return: where each is and what is known of it. */
export function CaseUnits({ view, minute }: { view: CaseView; minute: Minute }) {
  return (
    <section aria-labelledby="units">
      <h2 id="units" className="mb-2 text-md">
        Units
      </h2>
      <ul>
        {view.units.map((unit) => (
          <li key={unit.id} id={unit.id} className="border-t border-line py-2">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">
                {unit.name || unit.sku}
                <span className="ml-2 font-normal text-muted">
                  {unit.quantity > 1 ? `${unit.quantity} × ` : ''}
                  {unit.sku}
                </span>
              </span>
              {unit.split ? (
                <span className="text-sm text-muted">Split into parts</span>
              ) : (
                <StatusWord status={unit.status} />
              )}
            </div>
            <p className="text-sm text-muted">
              {unit.id}. {humanize(unit.reason)}
              {unit.comment ? `: “${unit.comment}”` : ''}
              {unit.facility ? `. ${humanize(unit.facility)}` : ''}
              {unit.tracking ? `. ${unit.carrier} ${unit.tracking}` : ''}
              {unit.expectedAt && !unit.condition ? `. Expected ${minute(unit.expectedAt)}` : ''}
            </p>
            {unit.condition ? (
              <p className="text-sm">
                Condition {unit.condition}
                {unit.finding ? `, ${humanize(unit.finding).toLowerCase()}` : ''}
                {unit.disposition ? ` → ${humanize(unit.disposition).toLowerCase()}` : ''}
                {unit.serial ? <span className="text-muted">, serial {unit.serial}</span> : null}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The money of a return: what was captured, what is left, and every settlement with who decided it. */
export function CaseMoney({ view }: { view: CaseView }) {
  const { payment } = view
  return (
    <section aria-labelledby="money">
      <h2 id="money" className="mb-2 text-md">
        Money
      </h2>
      {payment ? (
        <p className="num text-sm">
          Captured {payment.captured} − given {payment.given}
          {payment.reserved === '0.00' ? '' : ` − on its way ${payment.reserved}`} = <strong>{payment.left}</strong>{' '}
          {payment.currency} left
          {payment.over ? (
            <span className="ml-2 text-worse">{payment.over} above the capture was paid elsewhere</span>
          ) : null}
        </p>
      ) : (
        <p className="text-sm text-muted">What was captured for this order is not known.</p>
      )}
      {view.policy.row ? (
        <details className="mt-1 text-sm">
          <summary className="text-muted">
            Policy version {view.policy.version || 'unknown'}, row {view.policy.row}
          </summary>
          <ul className="mt-1 list-disc pl-5 text-muted">
            {view.policy.explanation.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <ul className="mt-2">
        {view.settlements.map((each) => (
          <li key={each.id} className="border-t border-line py-2 text-sm">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span>
                {humanize(each.kind)} of{' '}
                <strong className="num">
                  {each.amount} {each.currency}
                </strong>
              </span>
              <StatusWord status={each.state} />
            </div>
            <p className="text-muted">
              {each.entitled === '0.00' ? '' : `${each.entitled} due`}
              {each.fee === '0.00' ? '' : ` − fee ${each.fee}`}
              {each.deduction === '0.00' ? '' : ` − for its condition ${each.deduction}`}
              {each.proposedBy ? `. Proposed by ${each.proposedBy}` : ''}
              {each.approvedBy ? `, approved by ${each.approvedBy}` : ''}
              {each.release && each.state === 'approved' ? `. Waits: ${humanize(each.release).toLowerCase()}` : ''}
            </p>
            {each.waitsFor ? <p className="text-warn">{each.waitsFor}</p> : null}
            {each.error ? <p className="text-worse">{each.error}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Exceptions of a return, each with the outcomes that end it. */
export function CaseExceptions({ view, resolves, minute }: { view: CaseView; resolves: boolean; minute: Minute }) {
  if (view.exceptions.length === 0) return null
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions" className="mb-2 text-md">
        Exceptions
      </h2>
      <ul>
        {view.exceptions.map((each) => (
          <li key={each.id} className="border-t border-line py-2 text-sm">
            <div className="flex flex-wrap justify-between gap-x-4">
              <strong className="font-medium">{each.label}</strong>
              <StatusWord status={each.state} />
            </div>
            <p className="text-muted">
              {each.message}
              {each.state === 'open' ? ` ${roleName(each.ownerRole)}, due ${minute(each.dueAt)}.` : ''}
            </p>
            {resolves && each.state === 'open' ? (
              <ActionForm
                command="exception.resolve"
                title="Resolve"
                button="Resolve"
                given={{ ids: [each.id] }}
                fields={[
                  {
                    name: 'resolution',
                    label: 'Outcome',
                    kind: 'select',
                    required: true,
                    options: each.resolutions.map((value) => ({ value, label: humanize(value) })),
                  },
                  { name: 'note', label: 'Note', kind: 'long' },
                ]}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Everything that happened, latest first: when, what, by whom, told by which system, and why. */
export function CaseTimeline({ view, minute }: { view: CaseView; minute: Minute }) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="mb-2 text-md">
        Timeline
      </h2>
      <ol>
        {[...view.timeline].reverse().map((entry) => (
          <li
            key={entry.key}
            className="grid grid-cols-[7.5rem_1fr] gap-x-3 border-t border-line py-1.5 text-sm max-sm:grid-cols-1"
          >
            <time dateTime={entry.at} className="num text-muted">
              {minute(entry.at)}
            </time>
            <div className="min-w-0">
              {entry.what}
              <span className="text-muted">
                {entry.who ? `, ${entry.who}` : ''}
                {entry.why ? `. ${humanize(entry.why)}` : ''}
              </span>
              <details className="text-xs text-faint">
                <summary>
                  {entry.source}, {entry.type}
                  {entry.unitId ? `, ${entry.unitId}` : ''}
                </summary>
                <pre className="overflow-x-auto whitespace-pre-wrap break-all py-1">{entry.data}</pre>
              </details>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What the return did to the books. */
export function CaseEntries({ view }: { view: CaseView }) {
  if (view.entries.length === 0) return null
  return (
    <section aria-labelledby="entries">
      <h2 id="entries" className="mb-2 text-md">
        Postings
      </h2>
      <ul>
        {view.entries.map((entry) => (
          <li key={entry.id} className="border-t border-line py-1.5 text-sm">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span>{humanize(entry.template)}</span>
              <span className="text-muted">
                {entry.period}, {entry.currency}
              </span>
            </div>
            <table className="num w-full text-xs text-muted">
              <tbody>
                {entry.lines.map((line) => (
                  <tr key={`${line.account}${line.debit}${line.credit}`}>
                    <th scope="row" className="text-left font-normal">
                      {line.account}
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
