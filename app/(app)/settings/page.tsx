import type { Metadata } from 'next'
import { ActionForm } from '@/components/actions/action-form'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage, Section } from '@/components/ui/panel'
import { ScrollRegion } from '@/components/ui/scroll-region'
import { can } from '@/lib/auth/actor'
import type { Permission } from '@/lib/auth/permissions'
import { humanize } from '@/lib/format'
import { settingsView } from '@/lib/workflow/read/settings'
import { POLICY_KINDS } from '@/lib/workflow/read/settings-types'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'

export const metadata: Metadata = { title: 'Settings' }

const POLICY_WORDS = {
  returns: 'Who may return what, on which terms',
  routing: 'Where a return goes',
  disposition: 'What becomes of what was inspected',
  approval: 'Who must say yes to money, goods, entries and rules',
} as const

/** Further pages of settings, for whoever may open them. */
const PLACES: readonly { href: string; label: string; says: string; needs: readonly Permission[] }[] = [
  {
    href: '/settings/codes',
    label: 'Codes',
    says: 'Reasons, findings, grades and dispositions, and what outside codes mean',
    needs: ['controls:read'],
  },
  {
    href: '/settings/sources',
    label: 'Sources',
    says: 'What comes in and how late, what was refused, API keys',
    needs: ['ingest:read'],
  },
  {
    href: '/settings/people',
    label: 'People',
    says: 'Who may sign in, what they may do, which rows they see',
    needs: ['users:manage', 'audit:read'],
  },
  {
    href: '/settings/segregation',
    label: 'Segregation of duties',
    says: 'Who could have done both halves, and did anyone',
    needs: ['users:manage', 'audit:read'],
  },
  {
    href: '/settings/retention',
    label: 'Retention',
    says: 'How long photos and documents are kept, legal holds, what was destroyed',
    needs: ['evidence:hold', 'audit:read'],
  },
]

/** What decides by itself: policies, automation, limits; and the way to who works here and what is kept. */
export default async function SettingsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/settings', searchParams, ['controls:read', 'users:manage', 'evidence:hold'])
  const { actor, state, context } = request
  const { format } = context
  const read = await panelOf(() => settingsView(actor))
  const data = read.state === 'ok' ? read.data : null
  const sets = can(actor, 'automation:edit')
  const places = PLACES.filter(({ needs }) => needs.some((each) => can(actor, each)))
  return (
    <WorkFrame asked={request} current="settings" path="/settings">
      <h1 className="mb-4 text-lg">Settings</h1>
      {data ? (
        <div className="flex flex-col gap-8">
          {places.length > 0 ? (
            <Section id="places" title="Codes, sources, people and records">
              <ul className="border-b border-line text-sm">
                {places.map((each) => (
                  <li key={each.href} className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-1.5">
                    <a className="link w-44 font-medium" href={href(each.href, state)}>
                      {each.label}
                    </a>
                    <span className="grow text-muted">{each.says}</span>
                  </li>
                ))}
              </ul>
            </Section>
          ) : null}
          {data.policies.length > 0 ? (
            <Section id="policies" title="Policies">
              <ul className="border-b border-line text-sm">
                {POLICY_KINDS.map((kind) => {
                  const versions = data.policies.filter((each) => each.kind === kind)
                  const decides = versions.find((each) => each.decides)
                  const open = versions.filter(({ state: each }) => each === 'draft' || each === 'pending')
                  return (
                    <li key={kind} className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-1.5">
                      <a className="link w-28 font-medium" href={href(`/settings/policies/${kind}`, state)}>
                        {humanize(kind)}
                      </a>
                      <span className="grow text-muted">{POLICY_WORDS[kind]}</span>
                      <span>
                        {decides ? `version ${decides.version} in force, ${decides.rows} rows` : 'none in force'}
                      </span>
                      {open.map((each) => (
                        <a
                          key={each.version}
                          className="link"
                          href={href(`/settings/policies/${kind}`, state, {}, { version: String(each.version) })}
                        >
                          version {each.version} {each.state === 'draft' ? 'drafted' : 'waits for approval'}
                        </a>
                      ))}
                    </li>
                  )
                })}
              </ul>
            </Section>
          ) : null}
          {data.automation.length > 0 ? (
            <Section id="automation" title="Automation">
              <ScrollRegion label="What automation did" rows className="table-box">
                <table className="w-full border-separate border-spacing-0 text-sm">
                  <thead>
                    <tr>
                      {['What', 'Did in 30 days', 'Overruled by people', 'Last', 'State'].map((label, index) => (
                        <th
                          key={label}
                          scope="col"
                          className={`cell-head ${index === 1 || index === 2 ? 'text-right' : 'text-left'}`}
                        >
                          {label}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {data.automation.map((each) => (
                      <tr key={each.id} className="row" tabIndex={-1}>
                        <th scope="row" className="cell h-auto py-1 text-left font-normal">
                          <span className="font-medium">{each.title}</span>
                          <span className="block text-xs whitespace-normal text-muted">{each.does}</span>
                        </th>
                        <td className="cell text-right">{format.count(each.did)}</td>
                        <td className="cell text-right">{format.count(each.overridden)}</td>
                        <td className="cell text-left text-muted">
                          {each.lastAt ? format.moment(each.lastAt) : 'not yet'}
                        </td>
                        <td className="cell h-auto text-left">
                          {sets ? (
                            <ActionForm
                              command="automation.switch"
                              title={each.enabled ? 'On' : 'Off'}
                              button={each.enabled ? 'Switch it off' : 'Switch it on'}
                              given={{ id: each.id, enabled: !each.enabled }}
                              fields={[
                                {
                                  name: 'reason',
                                  label: each.enabled
                                    ? 'Why it is switched off; people do it then'
                                    : 'Why it is switched on',
                                  kind: 'text',
                                  required: true,
                                },
                              ]}
                            />
                          ) : each.enabled ? (
                            'On'
                          ) : (
                            'Off'
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollRegion>
            </Section>
          ) : null}
          {data.settings.length > 0 ? (
            <Section id="limits" title="Limits">
              <ul className="border-b border-line text-sm">
                {data.settings.map((each) => (
                  <li key={each.key} className="grid gap-x-4 border-t border-line py-1.5 sm:grid-cols-[14rem_1fr_auto]">
                    <span className="font-medium">{humanize(each.key)}</span>
                    <span>
                      <span className="num break-words">{each.value}</span>
                      <span className="block max-w-[80ch] text-xs text-muted">
                        {each.says}{' '}
                        {each.value === each.standard
                          ? 'As delivered.'
                          : `As delivered: ${each.standard}. Changed ${each.changedAt ? format.moment(each.changedAt) : ''}.`}
                      </span>
                    </span>
                    {sets ? (
                      <ActionForm
                        command="setting.change"
                        title="Change"
                        button="Save"
                        given={{ key: each.key }}
                        fields={[
                          {
                            name: 'value',
                            label: `Value. ${each.hint}`,
                            kind: 'text',
                            required: true,
                            value: each.value,
                          },
                          { name: 'reason', label: 'Why', kind: 'text', required: true },
                        ]}
                      />
                    ) : null}
                  </li>
                ))}
              </ul>
              {sets ? null : (
                <p className="mt-1 text-xs text-muted">
                  Automation and limits are set by an integration administrator.
                </p>
              )}
            </Section>
          ) : null}
        </div>
      ) : read.state === 'ok' ? null : (
        <PanelMessage panel={read} links={{ retry: '/settings', clear: '/settings' }} height={320} />
      )}
    </WorkFrame>
  )
}
