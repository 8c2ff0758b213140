import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActionForm } from '@/components/actions/action-form'
import { Choices, Menu } from '@/components/filters/menu'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PolicyEditor } from '@/components/settings/policy-editor'
import { PolicyTable } from '@/components/settings/policy-table'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { humanize } from '@/lib/format'
import { policyVersion } from '@/lib/workflow/read/settings'
import { POLICY_KINDS } from '@/lib/workflow/read/settings-types'
import { widestOf } from '@/lib/workflow/read/simulation'
import { panelOf } from '../../../panel-of'
import { WorkFrame, workAsked } from '../../../work-frame'
import { dayAfter } from './simulation/view'

export const metadata: Metadata = { title: 'Policy' }

/** One policy: its versions, a version as a table, what it changes against another, and the way to change it. */
export default async function PolicyPage({
  params,
  searchParams,
}: {
  params: Promise<{ kind: string }>
  searchParams: Promise<SearchParams>
}) {
  const asked = (await params).kind
  const known = POLICY_KINDS.find((each) => each === asked)
  if (!known) notFound()
  const request = await workAsked(`/settings/policies/${known}`, searchParams, ['controls:read'])
  const { actor, state, context } = request
  const { format } = context
  const query = await searchParams
  const number = (text: string | undefined) => (text && /^\d{1,6}$/.test(text) ? Number(text) : undefined)
  const own = { version: firstOf(query.version), against: firstOf(query.against) }
  const read = await panelOf(() =>
    policyVersion(actor, known, { version: number(own.version), against: number(own.against) }),
  )
  const link = (change: Record<string, string | undefined>) =>
    href(`/settings/policies/${known}`, state, {}, { ...own, ...change })
  const data = read.state === 'ok' ? read.data : null
  const tries = can(actor, 'policies:edit') || can(actor, 'policies:approve') || can(actor, 'audit:read')
  const trial =
    data && tries ? await widestOf(actor, { kind: known, version: data.line.version, hash: data.hash }) : null
  const edits = data?.line.state === 'draft' && data.closed === ''
  const about = { kind: known, version: data?.line.version ?? 0 }
  return (
    <WorkFrame asked={request} current="settings" path={`/settings/policies/${known}`}>
      {data ? (
        <>
          <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
            <div>
              <h1 className="text-lg">
                {humanize(known)} policy, version {data.line.version}
              </h1>
              <p className="max-w-[90ch] text-sm text-muted">
                {data.line.decides ? 'In force' : humanize(data.line.state)}
                {data.line.effectiveFrom && data.line.version > 1
                  ? ` from ${format.instant(data.line.effectiveFrom)}`
                  : ''}
                , {data.line.rows} rows, by {data.line.createdBy}, {format.moment(data.line.createdAt)}.{' '}
                {data.line.note}
              </p>
              {trial?.result ? (
                <p className="text-sm">
                  <a
                    className="link"
                    href={href(
                      `/settings/policies/${known}/simulation`,
                      state,
                      {},
                      { version: String(trial.version), run: trial.id },
                    )}
                  >
                    Tried on {format.range(trial.from, dayAfter(trial.to))}
                  </a>
                  : {format.count(trial.result.changedUnits)} of {format.count(trial.result.units)} would have been
                  another than by version {trial.against}.
                </p>
              ) : null}
            </div>
            <div className="noprint flex flex-wrap items-start gap-2">
              <Menu label="Version" value={`Version ${data.line.version}`}>
                <Choices
                  items={data.versions.map((each) => ({
                    href: link({ version: String(each.version), against: undefined }),
                    label: `Version ${each.version}`,
                    note: `${each.decides ? 'in force' : each.state}${each.note ? `, ${each.note}` : ''}`,
                    chosen: each.version === data.line.version,
                  }))}
                />
              </Menu>
              <Menu
                label="Against"
                value={data.against === null ? 'Against no other' : `Against version ${data.against}`}
                clear={own.against ? link({ against: undefined }) : undefined}
              >
                <Choices
                  items={data.versions
                    .filter(({ version }) => version !== data.line.version)
                    .map((each) => ({
                      href: link({ against: String(each.version) }),
                      label: `Version ${each.version}`,
                      note: each.decides ? 'in force' : each.state,
                      chosen: each.version === data.against,
                    }))}
                />
              </Menu>
              {tries ? (
                <a
                  className="control"
                  href={href(
                    `/settings/policies/${known}/simulation`,
                    state,
                    {},
                    { version: String(data.line.version) },
                  )}
                >
                  Try it on the past
                </a>
              ) : null}
              {can(actor, 'policies:edit') ? (
                edits ? (
                  <>
                    <ActionForm
                      command="policy.submit"
                      title="Send for approval"
                      button="Ask two others"
                      given={about}
                      fields={[
                        { name: 'note', label: 'What it changes and why', kind: 'long', required: true },
                        {
                          name: 'effectiveFrom',
                          label: 'From when on; from the approval on when empty',
                          kind: 'datetime',
                        },
                      ]}
                    />
                    <ActionForm command="policy.discard" title="Discard" button="Discard" given={about} fields={[]} />
                  </>
                ) : (
                  <ActionForm
                    command="policy.draft"
                    title="Draft a new version"
                    button="Begin"
                    given={{ kind: known, from: data.line.version }}
                    fields={[{ name: 'note', label: 'What for, if you know already', kind: 'text' }]}
                  />
                )
              ) : (
                <p className="text-xs text-muted">{data.closed}</p>
              )}
            </div>
          </div>
          {edits ? (
            <PolicyEditor
              key={`${data.line.version} ${data.hash}`}
              {...{
                kind: known,
                version: data.line.version,
                hash: data.hash,
                inputs: data.inputs,
                outputs: data.outputs,
                rows: data.rows,
              }}
            />
          ) : null}
          {edits && data.changes.every(({ state: each }) => each === 'same') ? null : data.rows.length === 0 ? (
            <p className="border-y border-line py-6 text-sm text-muted">
              It has no rows: a return goes back to where it was shipped from.
            </p>
          ) : (
            <section aria-labelledby="rows" className={edits ? 'mt-6' : ''}>
              <h2 id="rows" className={edits ? 'mb-1 text-md' : 'sr-only'}>
                {edits ? `What it changes against version ${data.against}` : 'Rows'}
              </h2>
              <PolicyTable
                inputs={data.inputs}
                outputs={data.outputs}
                changes={
                  data.against === null
                    ? data.rows.map((row) => ({ row, state: 'same' as const, was: {} }))
                    : edits
                      ? data.changes.filter(({ state: each }) => each !== 'same')
                      : data.changes
                }
              />
            </section>
          )}
        </>
      ) : read.state === 'ok' ? null : (
        <PanelMessage panel={read} links={{ retry: link({}), clear: `/settings/policies/${known}` }} height={320} />
      )}
    </WorkFrame>
  )
}
