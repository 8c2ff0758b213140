import type { Metadata } from 'next'
import { ActionForm } from '@/components/actions/action-form'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { Dismiss, QuarantineInputView } from '@/components/settings/quarantine-input'
import { PanelMessage } from '@/components/ui/panel'
import { ScrollRegion } from '@/components/ui/scroll-region'
import { can } from '@/lib/auth/actor'
import { type Formatter, humanize } from '@/lib/format'
import type { ReplayAccount } from '@/lib/workflow/quarantine/replay'
import { type Selection, selectionInput } from '@/lib/workflow/quarantine/selection'
import { quarantineInput, quarantineLines, replayPreview } from '@/lib/workflow/read/quarantine'
import { panelOf } from '../../../panel-of'
import { WorkFrame, workAsked } from '../../../work-frame'

export const metadata: Metadata = { title: 'Refused input' }

const PAGE = 50

/** Input that was refused: which, why, its bytes, what a replay would do now, and the ways to settle it. */
export default async function QuarantinePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/settings/sources/quarantine', searchParams, ['ingest:read'])
  const { actor, state, context } = request
  const { format } = context
  const query = await searchParams
  const own = {
    ...{ reason: firstOf(query.reason), source: firstOf(query.source), input: firstOf(query.input) },
    ...{ after: firstOf(query.after), look: firstOf(query.look) },
  }
  const link = (change: Record<string, string | undefined>) =>
    href('/settings/sources/quarantine', state, {}, { ...own, ...change })
  const which = selectionOf(own)
  const settles = can(actor, 'ingest:replay')
  const after = /^\d{1,18}$/.test(own.after ?? '') ? own.after : undefined
  const [lines, input, account] = await Promise.all([
    panelOf(() => quarantineLines(actor, which, { limit: PAGE + 1, ...(after ? { after } : {}) })),
    own.input === undefined ? null : panelOf(() => quarantineInput(actor, own.input ?? '')),
    own.look === undefined || !settles ? null : panelOf(() => replayPreview(actor, which)),
  ])
  const links = { retry: link({}), clear: '/settings/sources/quarantine' }
  const shown = lines.state === 'ok' ? lines.data.slice(0, PAGE) : []
  return (
    <WorkFrame asked={request} current="settings" path="/settings/sources/quarantine">
      <p className="text-sm">
        <a className="link" href={href('/settings/sources', state)}>
          Sources
        </a>
      </p>
      <h1 className="text-lg">{titleOf(own)}</h1>
      <p className="mb-3 max-w-[90ch] text-sm text-muted">
        The bytes are kept as they came. Once the cause is mended, a replay takes in what has become readable.
      </p>
      {input === null ? null : input.state === 'ok' ? (
        <QuarantineInputView
          input={input.data}
          came={format.instant(input.data.receivedAt)}
          size={`${format.count(input.data.bytes)} bytes`}
          settles={settles}
          close={link({ input: undefined })}
        />
      ) : (
        <PanelMessage panel={input} links={links} />
      )}
      {shown.length > 0 && settles ? (
        <div className="mb-3 flex flex-wrap items-start gap-2">
          {account?.state === 'ok' ? (
            <>
              <output className="basis-full border-l-2 border-accent pl-2 text-sm">
                {accountWords(account.data, format)}
              </output>
              {account.data.accepted + account.data.duplicates > 0 ? (
                <ActionForm
                  command="quarantine.replay"
                  title={`Replay ${format.count(account.data.selected)}`}
                  button="Replay"
                  given={{ which }}
                  fields={[]}
                />
              ) : null}
            </>
          ) : account === null ? (
            <a className="control" href={link({ look: '1' })}>
              What a replay would do
            </a>
          ) : (
            <PanelMessage panel={account} links={links} small />
          )}
          <Dismiss which={which} title="Dismiss all of these" />
        </div>
      ) : null}
      {settles ? null : (
        <p className="mb-3 text-xs text-muted">Replayed and dismissed by an integration administrator.</p>
      )}
      {lines.state !== 'ok' ? (
        <PanelMessage panel={lines} links={links} height={240} />
      ) : shown.length === 0 ? (
        <p className="border-y border-line py-6 text-sm text-muted">Nothing of this waits.</p>
      ) : (
        <ScrollRegion label="Refused input" rows className="table-box">
          <table className="w-full border-separate border-spacing-0 text-sm">
            <thead>
              <tr>
                {['Input', 'Came', 'Reason', 'Source', 'Event', 'What is wrong'].map((head) => (
                  <th key={head} scope="col" className="cell-head text-left">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <tr key={line.id} className="row" tabIndex={-1} aria-current={line.id === own.input}>
                  <th scope="row" className="cell num text-left font-normal">
                    <a className="link" href={link({ input: line.id })} aria-label={`Bytes of input ${line.id}`}>
                      {line.id}
                    </a>
                  </th>
                  <td className="cell text-left text-muted">{format.moment(line.receivedAt)}</td>
                  <td className="cell text-left">{humanize(line.reason)}</td>
                  <td className="cell text-left">{line.source || 'Unreadable'}</td>
                  <td className="cell text-left">{line.eventId ?? ''}</td>
                  <td className="cell h-auto max-w-xl py-1 text-left whitespace-normal">{line.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {lines.state === 'ok' && lines.data.length > PAGE ? (
        <nav aria-label="Pages" className="mt-3">
          <a className="control" rel="next" href={link({ after: shown.at(-1)?.id, input: undefined })}>
            Next {PAGE}
          </a>
        </nav>
      ) : null}
    </WorkFrame>
  )
}

function selectionOf({ reason, source }: { reason: string | undefined; source: string | undefined }): Selection {
  const parsed = selectionInput.safeParse({
    ...(reason === undefined ? {} : { reason }),
    ...(source === undefined ? {} : { source }),
  })
  return parsed.success ? parsed.data : { all: true }
}

const titleOf = ({ reason, source }: { reason: string | undefined; source: string | undefined }): string =>
  `Refused input${source === undefined ? '' : source === '' ? ' of sources that could not be read' : ` of ${source}`}${reason === undefined ? '' : `: ${humanize(reason).toLowerCase()}`}`

function accountWords(account: ReplayAccount, format: Formatter): string {
  const stays = [
    ...Object.entries(account.refused).map(
      ([reason, rows]) => `${format.count(rows)} stay: ${humanize(reason).toLowerCase()}`,
    ),
    ...(account.conflicts > 0 ? [`${format.count(account.conflicts)} stay: other content has their identity`] : []),
  ]
  return [
    `Of ${format.count(account.selected)}${account.next === null ? '' : ' (the first)'}, ${format.count(account.accepted)} would be taken in now`,
    ...(account.duplicates > 0 ? [`${format.count(account.duplicates)} are in already`] : []),
    ...stays,
  ]
    .join('; ')
    .concat('. Nothing was changed.')
}
