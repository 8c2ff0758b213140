import { humanize } from '@/lib/format'
import type { ExceptionLine } from '@/lib/workflow/read/exceptions-types'
import { ActionForm } from '../work/action-form'
import { roleName } from '../work/role-name'

/** Exceptions, one after the other: what is the matter, what it is about, who owns it until when, and the outcomes that end it. */
export function ExceptionList({
  lines,
  resolves,
}: {
  lines: readonly (ExceptionLine & { readonly due: string })[]
  resolves: boolean
}) {
  return (
    <ul>
      {lines.map((line) => (
        <li
          key={line.id}
          className="grid grid-cols-1 gap-x-8 border-t border-line py-2.5 text-sm lg:grid-cols-[minmax(0,1fr)_16rem]"
        >
          <div className="min-w-0">
            <p>
              <strong className="font-medium">{line.label}</strong>
              {line.value ? (
                <span className="num ml-3">
                  {line.value} <span className="text-muted">{line.currency}</span>
                </span>
              ) : null}
            </p>
            <p className="text-muted">{line.message}</p>
            <p className="text-muted">
              {line.rmaId ? (
                <a className="link" href={`/returns/${encodeURIComponent(line.rmaId)}`}>
                  {line.rmaId}
                </a>
              ) : (
                line.unitId || line.id
              )}
              {'. '}
              {roleName(line.ownerRole)}
              {line.mine ? ' (you)' : ''}, due{' '}
              <span className={line.overdue ? 'text-worse' : ''}>
                {line.due}
                {line.overdue ? ', overdue' : ''}
              </span>
            </p>
          </div>
          {resolves ? (
            <div className="mt-1">
              <ActionForm
                command="exception.resolve"
                title="Resolve"
                button="Resolve"
                given={{ ids: [line.id] }}
                fields={[
                  {
                    name: 'resolution',
                    label: 'Outcome',
                    kind: 'select',
                    required: true,
                    options: line.resolutions.map((value) => ({ value, label: humanize(value) })),
                  },
                  { name: 'note', label: 'Note', kind: 'long' },
                ]}
              />
            </div>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
