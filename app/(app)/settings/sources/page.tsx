import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { ApiKeys } from '@/components/settings/api-keys'
import { NewKey } from '@/components/settings/new-key'
import { QuarantineGroups } from '@/components/settings/quarantine-groups'
import { SourceTable } from '@/components/settings/source-table'
import { PanelMessage, Section } from '@/components/ui/panel'
import { ScrollRegion } from '@/components/ui/scroll-region'
import { can } from '@/lib/auth/actor'
import { humanize } from '@/lib/format'
import { quarantineGroups } from '@/lib/workflow/read/quarantine'
import { sourcesView } from '@/lib/workflow/read/sources'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'
import { deliveryWords, shownKey, shownSource } from './view'

export const metadata: Metadata = { title: 'Sources' }

/** What comes in, from where, how late, what could not be taken, and which keys let it in. */
export default async function SourcesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/settings/sources', searchParams, ['ingest:read'])
  const { actor, state, context } = request
  const { format } = context
  const [read, waiting] = await Promise.all([panelOf(() => sourcesView(actor)), panelOf(() => quarantineGroups(actor))])
  const links = { retry: href('/settings/sources', state), clear: '/settings/sources' }
  const review = (own: Record<string, string>) => href('/settings/sources/quarantine', state, {}, own)
  const data = read.state === 'ok' ? read.data : null
  return (
    <WorkFrame asked={request} current="settings" path="/settings/sources">
      <h1 className="text-lg">Sources</h1>
      {data ? <p className="mb-4 max-w-[90ch] text-sm text-muted">{deliveryWords(data.delivery, format)}</p> : null}
      <div className="flex flex-col gap-8">
        {data ? (
          <Section id="sources" title="Where events come from">
            {data.sources.length > 0 ? (
              <SourceTable sources={data.sources.map((each) => shownSource(each, format, review))} />
            ) : (
              <p className="max-w-[80ch] text-sm text-muted">
                Nothing has been sent yet. Create a key below and send events to the ingest service, or import a file.
              </p>
            )}
          </Section>
        ) : read.state === 'ok' ? null : (
          <PanelMessage panel={read} links={links} height={240} />
        )}
        <Section id="quarantine" title="Refused input">
          {waiting.state === 'ok' ? (
            waiting.data.length > 0 ? (
              <QuarantineGroups
                groups={waiting.data.map((group) => ({
                  ...group,
                  href: review({ reason: group.reason, source: group.source }),
                  count: format.count(group.rows),
                  since: format.moment(group.first),
                  latest: format.moment(group.last),
                }))}
              />
            ) : (
              <p className="text-sm text-muted">Everything that has come in could be read. Nothing waits.</p>
            )
          ) : (
            <PanelMessage panel={waiting} links={links} height={160} />
          )}
        </Section>
        {data?.keys ? (
          <Section id="keys" title="API keys">
            {can(actor, 'keys:manage') ? <NewKey /> : null}
            {data.keys.length > 0 ? (
              <ApiKeys keys={data.keys.map((key) => shownKey(key, format))} manages={can(actor, 'keys:manage')} />
            ) : (
              <p className="text-sm text-muted">There is no key yet.</p>
            )}
          </Section>
        ) : null}
        {data && data.imports.length > 0 ? (
          <Section id="imports" title="Imports">
            <ScrollRegion label="Imported files" rows className="table-box">
              <table className="w-full border-separate border-spacing-0 text-sm">
                <thead>
                  <tr>
                    {['File', 'Read as', 'Events', 'Refused', 'Begun', 'State'].map((head, index) => (
                      <th
                        key={head}
                        scope="col"
                        className={`cell-head ${index === 2 || index === 3 ? 'text-right' : 'text-left'}`}
                      >
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.imports.map((each) => (
                    <tr key={each.id} className="row" tabIndex={-1}>
                      <th scope="row" className="cell text-left font-normal">
                        {each.file}
                      </th>
                      <td className="cell text-left">{humanize(each.mapping)}</td>
                      <td className="cell text-right">{format.count(each.events)}</td>
                      <td className="cell text-right">{format.count(each.rejected)}</td>
                      <td className="cell text-left text-muted">{format.moment(each.startedAt)}</td>
                      <td className="cell text-left">
                        {each.finishedAt ? `Done ${format.moment(each.finishedAt)}` : 'Under way'}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          </Section>
        ) : null}
      </div>
    </WorkFrame>
  )
}
