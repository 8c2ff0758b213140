import type { Metadata } from 'next'
import { roleName } from '@/components/actions/role-name'
import { ExceptionList } from '@/components/exceptions/exception-list'
import { ExceptionWork } from '@/components/exceptions/exception-work'
import { Choices, Menu } from '@/components/filters/menu'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { exceptionQueue } from '@/lib/workflow/read/exceptions'
import type { ExceptionLine } from '@/lib/workflow/read/exceptions-types'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'
import { askedExceptions } from './asked-exceptions'

export const metadata: Metadata = { title: 'Exceptions' }

const SORT_WORDS = { due: 'Due first', value: 'Most at stake first', severity: 'Most severe first' } as const

/** One queue of everything that a person must decide. */
export default async function ExceptionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/exceptions', searchParams, ['exceptions:read'])
  const { actor, state, context } = request
  const { format } = context
  const asked = askedExceptions(await searchParams)
  const queue = await panelOf(() => exceptionQueue(actor, asked))
  const own = {
    kind: asked.kind,
    owner: asked.owner,
    facility: asked.facility,
    mine: asked.mine ? '1' : undefined,
    overdue: asked.overdue ? '1' : undefined,
    sort: asked.sort === 'due' ? undefined : asked.sort,
  }
  const link = (change: Record<string, string | undefined>) => href('/exceptions', state, {}, { ...own, ...change })
  const clear = href('/exceptions', state)
  const data = queue.state === 'ok' ? queue.data : null
  const page = asked.page ?? 1
  const last = data ? Math.max(1, Math.ceil(data.count / data.pageSize)) : 1
  return (
    <WorkFrame asked={request} current="exceptions" path="/exceptions">
      <h1 className="text-lg">Exceptions</h1>
      {data ? (
        <>
          <p className="mb-3 text-sm text-muted">
            {format.count(data.total)} open, {format.count(data.mine)} of them yours,{' '}
            <span className={data.overdue > 0 ? 'text-worse' : ''}>{format.count(data.overdue)} overdue</span>. Your own
            come first.
          </p>
          <search className="mb-3 flex flex-wrap gap-1.5 text-sm">
            <a href={link({ mine: asked.mine ? undefined : '1' })} className="control" aria-current={asked.mine}>
              Mine <span className="num text-muted">{format.count(data.mine)}</span>
            </a>
            <a
              href={link({ overdue: asked.overdue ? undefined : '1' })}
              className="control"
              aria-current={asked.overdue}
            >
              Overdue <span className="num text-muted">{format.count(data.overdue)}</span>
            </a>
            <Menu
              label="Kind"
              value={data.kinds.find(({ kind }) => kind === asked.kind)?.label ?? 'All kinds'}
              clear={asked.kind ? link({ kind: undefined }) : undefined}
            >
              <Choices
                items={data.kinds.map(({ kind, label, n }) => ({
                  href: link({ kind }),
                  label: `${label} (${format.count(n)})`,
                  chosen: kind === asked.kind,
                }))}
              />
            </Menu>
            <Menu
              label="Owner"
              value={asked.owner ? roleName(asked.owner) : 'All owners'}
              clear={asked.owner ? link({ owner: undefined }) : undefined}
            >
              <Choices
                items={data.owners.map(({ role, n }) => ({
                  href: link({ owner: role }),
                  label: `${roleName(role)} (${format.count(n)})`,
                  chosen: role === asked.owner,
                }))}
              />
            </Menu>
            <Menu label="Order" value={SORT_WORDS[asked.sort ?? 'due']}>
              <Choices
                items={(['due', 'value', 'severity'] as const).map((sort) => ({
                  href: link({ sort: sort === 'due' ? undefined : sort }),
                  label: SORT_WORDS[sort],
                  chosen: sort === asked.sort,
                }))}
              />
            </Menu>
          </search>
          {data.lines.length === 0 ? (
            <p className="border-y border-line py-10 text-center text-sm text-muted">
              {data.total === 0 ? (
                'Nothing needs a decision.'
              ) : (
                <>
                  Nothing that needs a decision is of these.{' '}
                  <a className="link" href={clear}>
                    Show all
                  </a>
                </>
              )}
            </p>
          ) : (
            <ExceptionWork key={`${JSON.stringify(own)}${page}`}>
              <ExceptionList
                lines={data.lines.map((line) => ({
                  ...line,
                  due: format.moment(line.dueAt),
                  raised: format.moment(line.raisedAt),
                  href: caseHref(line),
                  place: line.facility ? context.name('facility', line.facility) : '',
                }))}
                people={data.people}
                resolves={can(actor, 'exceptions:resolve')}
                me={actor.userId}
              />
            </ExceptionWork>
          )}
          {last > 1 ? (
            <nav aria-label="Pages" className="mt-3 flex items-center gap-2 text-sm text-muted">
              <span className="num">
                Page {format.count(page)} of {format.count(last)}
              </span>
              {page > 1 ? (
                <a className="control" rel="prev" href={link({ page: page === 2 ? undefined : String(page - 1) })}>
                  Previous
                </a>
              ) : null}
              {page < last ? (
                <a className="control" rel="next" href={link({ page: String(page + 1) })}>
                  Next
                </a>
              ) : null}
            </nav>
          ) : null}
        </>
      ) : queue.state === 'ok' ? null : (
        <PanelMessage panel={queue} links={{ retry: link({}), clear }} height={320} />
      )}
    </WorkFrame>
  )
}

/** Where an exception is worked: its unit knows its return, also where it has none. */
function caseHref({ rmaId, unitId }: ExceptionLine): string | null {
  if (unitId) return `/returns/unit/${encodeURIComponent(unitId)}`
  return rmaId ? `/returns/${encodeURIComponent(rmaId)}` : null
}
