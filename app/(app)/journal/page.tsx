import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { EntryForm } from '@/components/books/entry-form'
import { EntryPanel } from '@/components/books/entry-panel'
import { JournalTable } from '@/components/books/journal-table'
import { WaitingEntries } from '@/components/books/waiting-entries'
import { Choices, Menu } from '@/components/filters/menu'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { env } from '@/lib/env'
import { MANUAL_ACCOUNTS } from '@/lib/returns/manual-entry'
import { journalEntryOf, journalPage, manualEntries } from '@/lib/workflow/read/journal'
import type { JournalAsked } from '@/lib/workflow/read/journal-types'
import { entityName } from '../names'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'
import { entryView, panelView, waitingView } from './view'

export const metadata: Metadata = { title: 'Journal' }

const ORIGINS = { automatic: 'By cases', manual: 'By hand', opening: 'Opening' } as const

function askedOf(params: SearchParams): JournalAsked {
  const origin = firstOf(params.origin)
  return {
    entity: firstOf(params.books),
    period: firstOf(params.month),
    account: firstOf(params.account),
    origin: origin === 'automatic' || origin === 'manual' || origin === 'opening' ? origin : undefined,
    q: firstOf(params.find)?.slice(0, 80),
    after: firstOf(params.after),
  }
}

/** Every entry, what caused it, and the ones that people ask for. */
export default async function JournalPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/journal', searchParams, ['journal:read'])
  const { actor, state, context } = request
  const { format } = context
  const params = await searchParams
  const asked = askedOf(params)
  const opened = firstOf(params.entry)
  const own = { books: asked.entity, month: asked.period, account: asked.account, origin: asked.origin, find: asked.q }
  const link = (change: Record<string, string | undefined>) => href('/journal', state, {}, { ...own, ...change })
  const toEntry = (entry: string) => link({ after: asked.after, entry })
  const [page, waiting, detail] = await Promise.all([
    panelOf(() => journalPage(actor, asked)),
    asked.after ? null : panelOf(() => manualEntries(actor)),
    opened ? panelOf(() => journalEntryOf(actor, opened)) : null,
  ])
  const data = page.state === 'ok' ? page.data : null
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: env().BACKHAUL_TZ, dateStyle: 'short' }).format(new Date())
  return (
    <WorkFrame asked={request} current="journal" path="/journal">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-lg">Journal</h1>
          <p className="max-w-[80ch] text-sm text-muted">
            Entries come from what happens to returns. People add what no return can tell, with somebody else’s
            approval; nothing is ever changed, only reversed.
          </p>
        </div>
        {data && can(actor, 'journal:prepare') ? (
          <EntryForm
            entities={data.entities}
            accounts={data.accounts.filter(({ id }) => MANUAL_ACCOUNTS.includes(id))}
            currency={env().BACKHAUL_CURRENCY}
            today={today}
          />
        ) : null}
      </div>
      {data ? (
        <>
          <search className="mb-3 flex flex-wrap gap-1.5 text-sm">
            <Menu
              label="Entity"
              value={asked.entity === undefined ? 'All entities' : entityName(asked.entity)}
              clear={asked.entity !== undefined ? link({ books: undefined }) : undefined}
            >
              <Choices
                items={data.entities.map((each) => ({
                  href: link({ books: each }),
                  label: each,
                  chosen: each === asked.entity,
                }))}
              />
            </Menu>
            <Menu
              label="Period"
              value={asked.period ? format.month(`${asked.period}-01`) : 'All periods'}
              clear={asked.period ? link({ month: undefined }) : undefined}
            >
              <Choices
                items={data.periods.map((each) => ({
                  href: link({ month: each }),
                  label: format.month(`${each}-01`),
                  chosen: each === asked.period,
                }))}
              />
            </Menu>
            <Menu
              label="Account"
              value={data.accounts.find(({ id }) => id === asked.account)?.name ?? 'All accounts'}
              clear={asked.account ? link({ account: undefined }) : undefined}
            >
              <Choices
                items={data.accounts.map(({ id, name }) => ({
                  href: link({ account: id }),
                  label: name,
                  chosen: id === asked.account,
                }))}
              />
            </Menu>
            <Menu
              label="Origin"
              value={asked.origin ? ORIGINS[asked.origin] : 'Any origin'}
              clear={asked.origin ? link({ origin: undefined }) : undefined}
            >
              <Choices
                items={(['automatic', 'manual', 'opening'] as const).map((each) => ({
                  href: link({ origin: each }),
                  label: ORIGINS[each],
                  chosen: each === asked.origin,
                }))}
              />
            </Menu>
            <form action="/journal" className="flex">
              {Object.entries(own).map(([name, value]) =>
                value && name !== 'find' ? <input key={name} type="hidden" name={name} value={value} /> : null,
              )}
              <input
                name="find"
                type="search"
                defaultValue={asked.q}
                aria-label="Entry, return, unit, settlement or claim"
                placeholder="Entry, return, settlement"
                className="w-56 rounded border border-field bg-bg px-2 py-1 text-sm"
              />
            </form>
            {asked.entity && asked.period && context.exports ? (
              <a
                className="control ml-auto border-transparent px-1.5 text-muted"
                download
                data-csv
                href={`/journal/export?${new URLSearchParams({ entity: asked.entity, period: asked.period })}`}
              >
                <Download size={16} strokeWidth={1.5} aria-hidden="true" />
                CSV
              </a>
            ) : null}
          </search>
          {waiting?.state === 'ok' ? (
            <WaitingEntries entries={waiting.data.map((each) => waitingView(each, format))} />
          ) : null}
          {data.entries.length === 0 ? (
            <p className="border-y border-line py-10 text-center text-sm text-muted">
              {Object.values(own).some(Boolean) ? (
                <>
                  No entry is of these.{' '}
                  <a className="link" href={href('/journal', state)}>
                    Show all
                  </a>
                </>
              ) : (
                'Nothing has been posted yet. The first receipt posts the first entry.'
              )}
            </p>
          ) : (
            <JournalTable entries={data.entries.map((each) => entryView(each, format, toEntry))} />
          )}
          {data.next || asked.after ? (
            <nav aria-label="Pages" className="mt-3 flex gap-2 text-sm">
              {asked.after ? (
                <a className="control" href={link({})}>
                  Latest
                </a>
              ) : null}
              {data.next ? (
                <a className="control" rel="next" href={link({ after: data.next })}>
                  Earlier
                </a>
              ) : null}
            </nav>
          ) : null}
        </>
      ) : page.state === 'ok' ? null : (
        <PanelMessage panel={page} links={{ retry: link({}), clear: href('/journal', state) }} height={320} />
      )}
      {detail?.state === 'ok' ? (
        <EntryPanel
          view={panelView(detail.data, { actor, format, close: link({ after: asked.after }), link: toEntry })}
        />
      ) : detail ? (
        <p role="alert" className="mt-3 border-l-2 border-warn pl-2 text-sm">
          {'message' in detail ? detail.message : 'This entry could not be read.'}
        </p>
      ) : null}
    </WorkFrame>
  )
}
