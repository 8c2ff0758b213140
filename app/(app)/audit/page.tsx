import { Check, CircleDashed, Download, ListFilter, TriangleAlert } from 'lucide-react'
import type { Metadata } from 'next'
import { AuditList } from '@/components/audit/audit-list'
import { RefusedList } from '@/components/audit/refused-list'
import { VerifyButton } from '@/components/audit/verify-button'
import { Choices, Menu } from '@/components/filters/menu'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { auditPage, chainState, refusedPage } from '@/lib/workflow/read/audit'
import type { AuditAsked } from '@/lib/workflow/read/audit-types'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'
import { actionWords, auditView, chainWords } from './view'

export const metadata: Metadata = { title: 'Audit' }

/** Whose entries are shown, as the URL says it. `acts` is what the page opens with: scans of carriers would flood it otherwise. */
const WHO = {
  acts: 'People, keys and approvals',
  all: 'Everything',
  person: 'People',
  key: 'API keys',
  source: 'Sources',
  automation: 'Automation',
  system: 'The program',
} as const
type Who = keyof typeof WHO
const isWho = (value: string | undefined): value is Who => value !== undefined && Object.hasOwn(WHO, value)
const MARKS = {
  good: { Icon: Check, tone: 'text-better' },
  bad: { Icon: TriangleAlert, tone: 'text-worse' },
  open: { Icon: CircleDashed, tone: 'text-muted' },
} as const

function whoOf(params: SearchParams): Who {
  const kind = firstOf(params.kind)
  return isWho(kind) ? kind : 'acts'
}

function askedOf(params: SearchParams): AuditAsked {
  const who = whoOf(params)
  return {
    actor: firstOf(params.who)?.slice(0, 120),
    kind: who === 'all' ? undefined : who,
    action: firstOf(params.action),
    q: firstOf(params.find)?.trim().slice(0, 200),
    from: firstOf(params.since),
    until: firstOf(params.until),
    before: firstOf(params.before),
  }
}

/** Who did what, field by field, and the proof that nobody has touched it since. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/audit', searchParams, ['audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const params = await searchParams
  const refused = firstOf(params.tab) === 'refused'
  const asked = askedOf(params)
  const who = whoOf(params)
  const kind = who === 'acts' ? undefined : who
  const own = {
    ...{
      who: asked.actor,
      kind,
      action: asked.action,
      find: asked.q,
      since: asked.from,
      until: asked.until,
    },
    tab: refused ? 'refused' : undefined,
  }
  const link = (change: Record<string, string | undefined>) => href('/audit', state, {}, { ...own, ...change })
  const [chain, page, refusals] = await Promise.all([
    panelOf(() => chainState(actor)),
    refused ? null : panelOf(() => auditPage(actor, asked)),
    refused ? panelOf(() => refusedPage(actor, asked.before)) : null,
  ])
  const words = chain.state === 'ok' ? chainWords(chain.data, format) : null
  const { Icon, tone } = MARKS[words?.tone ?? 'open']
  const read = page ?? refusals
  const next = page?.state === 'ok' ? page.data.next : refusals?.state === 'ok' ? refusals.data.next : null
  return (
    <WorkFrame asked={request} current="audit" path="/audit">
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-lg">Audit</h1>
          {words ? (
            <>
              <p className="mt-1 flex items-center gap-2">
                <Icon size={18} strokeWidth={2} aria-hidden="true" className={`shrink-0 ${tone}`} />
                {words.verdict}
              </p>
              <p className="max-w-[90ch] text-sm text-muted">{words.detail}</p>
            </>
          ) : null}
        </div>
        {can(actor, 'audit:verify') ? (
          <div className="noprint flex flex-wrap items-center gap-2">
            <a
              className="control"
              href={`/audit/export?${new URLSearchParams(asked.q ? { rma: asked.q } : {})}`}
              download
            >
              <Download size={16} strokeWidth={1.5} aria-hidden="true" />
              {asked.q ? `Proof for ${asked.q}` : 'Export with proofs'}
            </a>
            <VerifyButton />
          </div>
        ) : null}
      </div>
      <nav aria-label="Which" className="mb-3 flex gap-1.5 text-sm">
        <a
          href={link({ tab: undefined })}
          className={`control ${refused ? '' : 'bg-sel'}`}
          aria-current={refused ? undefined : 'page'}
        >
          What was done
        </a>
        <a
          href={link({ tab: 'refused' })}
          className={`control ${refused ? 'bg-sel' : ''}`}
          aria-current={refused ? 'page' : undefined}
        >
          What was refused
        </a>
      </nav>
      {page?.state === 'ok' ? (
        <>
          <search className="mb-3 flex flex-wrap items-center gap-1.5 text-sm">
            <Menu label="Who" value={WHO[who]} clear={who === 'all' ? undefined : link({ kind: 'all' })}>
              <Choices
                items={Object.entries(WHO).map(([each, label]) => ({
                  href: link({ kind: each === 'acts' ? undefined : each }),
                  label,
                  chosen: each === who,
                }))}
              />
            </Menu>
            <Menu
              label="Action"
              value={asked.action ? actionWords(asked.action) : 'Any action'}
              clear={asked.action ? link({ action: undefined }) : undefined}
            >
              <Choices
                items={page.data.actions.map((action) => ({
                  href: link({ action }),
                  label: actionWords(action),
                  chosen: action === asked.action,
                }))}
              />
            </Menu>
            <form action="/audit" className="flex flex-wrap items-center gap-1.5">
              {kind ? <input type="hidden" name="kind" value={kind} /> : null}
              {asked.action ? <input type="hidden" name="action" value={asked.action} /> : null}
              <Field name="who" label="Name" value={asked.actor} />
              <Field name="find" label="Return, unit, settlement or other id" value={asked.q} wide />
              <Field name="since" label="From" value={asked.from} type="date" />
              <Field name="until" label="To" value={asked.until} type="date" />
              <button type="submit" className="control">
                Search
              </button>
            </form>
          </search>
          {who === 'acts' ? (
            <p className="mb-3 flex gap-2 text-sm">
              <ListFilter size={16} strokeWidth={1.5} aria-hidden="true" className="mt-0.5 shrink-0" />
              <span>
                Filtered: what people, API keys and approvals changed. What sources, automation and the program did is
                left out, and so are files that were only opened.{' '}
                <a className="link" href={link({ kind: 'all' })}>
                  Show everything
                </a>
              </span>
            </p>
          ) : null}
          {page.data.lines.length === 0 ? (
            <p className="border-y border-line py-10 text-center text-sm text-muted">
              Nothing of this was done.{' '}
              <a className="link" href={href('/audit', state, {}, { kind: 'all' })}>
                Take all filters off
              </a>
            </p>
          ) : (
            <AuditList lines={page.data.lines.map((line) => auditView(line, format))} />
          )}
        </>
      ) : refusals?.state === 'ok' ? (
        <RefusedList lines={refusals.data.lines.map((line) => ({ ...line, at: format.moment(line.at) }))} />
      ) : read && read.state !== 'ok' ? (
        <PanelMessage panel={read} links={{ retry: link({}), clear: href('/audit', state) }} height={320} />
      ) : null}
      {next || asked.before ? (
        <nav aria-label="Pages" className="mt-3 flex gap-2 text-sm">
          {asked.before ? (
            <a className="control" href={link({})}>
              Latest
            </a>
          ) : null}
          {next ? (
            <a className="control" rel="next" href={link({ before: next })}>
              Earlier
            </a>
          ) : null}
        </nav>
      ) : null}
    </WorkFrame>
  )
}

function Field({
  name,
  label,
  value,
  type = 'search',
  wide = false,
}: {
  name: string
  label: string
  value: string | undefined
  type?: string
  wide?: boolean
}) {
  return (
    <input
      name={name}
      type={type}
      defaultValue={value}
      aria-label={label}
      placeholder={label}
      className={`rounded border border-field bg-bg px-2 py-1 text-sm ${wide ? 'w-64' : 'w-36'}`}
    />
  )
}
