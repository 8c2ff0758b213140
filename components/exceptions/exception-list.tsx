import { humanize } from '@/lib/format'
import type { ExceptionLine, ExceptionQueue } from '@/lib/workflow/read/exceptions-types'
import { ActionForm } from '../actions/action-form'
import { roleName } from '../actions/role-name'

/** An exception as the page words it. */
export interface ShownException extends ExceptionLine {
  readonly due: string
  readonly raised: string
  /** Where it is worked: its return, its unit, or the returns of its order. */
  readonly href: string | null
  readonly place: string
}

const COLUMNS =
  'grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 lg:grid-cols-[1.5rem_minmax(0,1fr)_8rem_11rem_10rem_9rem]'

/** Exceptions, one a row: what is the matter, what it is about, what is at stake, who owns it until when, and what ends it. */
export function ExceptionList({
  lines,
  people,
  resolves,
  me,
}: {
  lines: readonly ShownException[]
  people: ExceptionQueue['people']
  resolves: boolean
  me: string
}) {
  return (
    <section aria-label="Exceptions" data-rows>
      <div className={`${COLUMNS} border-b border-field py-1.5 text-sm font-medium text-muted max-lg:hidden`}>
        <span />
        <span>What is the matter</span>
        <span className="text-right">At stake</span>
        <span>Owner</span>
        <span>Due</span>
        <span />
      </div>
      <ul>
        {lines.map((line) => (
          <li
            key={line.id}
            id={line.id}
            data-row
            tabIndex={-1}
            className={`${COLUMNS} border-b border-line py-2 text-sm target:bg-sel`}
          >
            {resolves ? (
              <input
                type="checkbox"
                name="pick"
                value={line.id}
                data-kind={line.label}
                data-resolutions={line.resolutions.join(' ')}
                data-amount={line.value}
                data-currency={line.currency}
                className="mt-1 size-3.5 accent-accent"
                aria-label={`Pick ${line.label} of ${line.rmaId || line.unitId || line.facility}`}
              />
            ) : (
              <span />
            )}
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <Severity severity={line.severity} />
                <strong className="font-medium">{line.label}</strong>
                {line.href ? (
                  <a className="link" href={line.href}>
                    {line.rmaId || line.unitId}
                  </a>
                ) : null}
                {line.place ? <span className="text-muted">{line.place}</span> : null}
              </p>
              {line.message ? <p className="max-w-[76ch] text-muted">{line.message}</p> : null}
              {line.note ? (
                <p className="max-w-[76ch] whitespace-pre-line border-l-2 border-line pl-2 text-muted">{line.note}</p>
              ) : null}
            </div>
            <div className="flex flex-wrap gap-x-4 max-lg:col-start-2 lg:contents">
              <div className="num lg:text-right">
                {line.value ? (
                  <>
                    {line.value} <span className="text-muted">{line.currency}</span>
                  </>
                ) : null}
              </div>
              <div className="min-w-0">
                <span className={line.mine ? '' : 'text-muted'}>{roleName(line.ownerRole)}</span>
                {line.assignee ? <span className="block truncate text-xs text-muted">{line.assignee}</span> : null}
                {line.mine && !line.assignee ? <span className="block text-xs text-muted">Yours</span> : null}
              </div>
              <div className="num">
                <time dateTime={line.dueAt} className={line.overdue ? 'text-worse' : ''}>
                  {line.due}
                </time>
                <span className="block text-xs text-muted">
                  {line.overdue ? <span className="text-worse">Overdue, </span> : null}since {line.raised}
                </span>
              </div>
            </div>
            {resolves ? <ExceptionActions line={line} people={people} me={me} /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

const TONE = { high: 'bg-worse', medium: 'bg-warn', low: 'bg-field' } as const

const Severity = ({ severity }: { severity: keyof typeof TONE }) => (
  <span className="inline-flex items-center" title={`${humanize(severity)} severity`}>
    <i className={`mark size-1.5 rounded-full ${TONE[severity]}`} aria-hidden="true" />
    <span className="sr-only">{humanize(severity)} severity: </span>
  </span>
)

function ExceptionActions({
  line,
  people,
  me,
}: {
  line: ShownException
  people: ExceptionQueue['people']
  me: string
}) {
  const able = people.filter(({ roles }) => roles.includes(line.ownerRole))
  return (
    <div className="flex flex-wrap items-start gap-1.5 max-lg:col-start-2 lg:justify-end lg:has-[form]:col-span-full lg:has-[form]:col-start-2 lg:has-[form]:justify-start">
      <ActionForm
        command="exception.resolve"
        title="Resolve"
        button="Resolve"
        given={{ ids: [line.id] }}
        fields={resolveFields(line.resolutions)}
      />
      <details className="menu-inline">
        <summary className="control text-muted" aria-label={`More for ${line.label}`}>
          More
        </summary>
        <div className="mt-1.5 flex flex-wrap gap-1.5">
          {able.some(({ id }) => id === me) && !line.assignee ? (
            <ActionForm
              command="exception.assign"
              title="Take it"
              button="Take it"
              given={{ id: line.id, assignee: me }}
              fields={[]}
            />
          ) : null}
          {able.length > 0 ? (
            <ActionForm
              command="exception.assign"
              title="Give to"
              button="Give to"
              given={{ id: line.id }}
              fields={[
                {
                  name: 'assignee',
                  label: 'Whom',
                  kind: 'select',
                  required: true,
                  options: able.map(({ id, name }) => ({ value: id, label: name })),
                },
              ]}
            />
          ) : null}
          {line.assignee ? (
            <ActionForm
              command="exception.assign"
              title="Back to the role"
              button="Back to the role"
              given={{ id: line.id, assignee: null }}
              fields={[]}
            />
          ) : null}
          <ActionForm
            command="exception.note"
            title="Note"
            button="Add the note"
            given={{ id: line.id }}
            fields={[{ name: 'note', label: 'What the next person should know', kind: 'long', required: true }]}
          />
        </div>
      </details>
    </div>
  )
}

/** What resolving asks: an outcome of the kind, and a note. */
export const resolveFields = (resolutions: readonly string[]) => [
  {
    name: 'resolution',
    label: 'Outcome',
    kind: 'select' as const,
    required: true,
    options: resolutions.map((value) => ({ value, label: humanize(value) })),
  },
  { name: 'note', label: 'Note', kind: 'long' as const },
]
