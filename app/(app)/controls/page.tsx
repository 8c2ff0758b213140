import type { Metadata } from 'next'
import { ControlList, type ControlView } from '@/components/controls/control-list'
import type { SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { ScrollRegion } from '@/components/ui/scroll-region'
import { can } from '@/lib/auth/actor'
import { type Formatter, humanize } from '@/lib/format'
import { controlsView } from '@/lib/workflow/read/controls'
import type { ControlLine } from '@/lib/workflow/read/controls-types'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'

export const metadata: Metadata = { title: 'Controls' }

/** Whether what must always be true is true, and what the controls refused. */
export default async function ControlsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/controls', searchParams, ['controls:read'])
  const { actor, context } = request
  const { format } = context
  const read = await panelOf(() => controlsView(actor))
  const data = read.state === 'ok' ? read.data : null
  return (
    <WorkFrame asked={request} current="controls" path="/controls">
      <h1 className="text-lg">Controls</h1>
      {data ? (
        <>
          <p className="mb-3 max-w-[90ch] text-sm text-muted">{leadOf(data.controls)}</p>
          <ControlList controls={data.controls.map((each) => viewOf(each, format, can(actor, 'journal:read')))} />
          {data.refusals.length > 0 ? (
            <section aria-labelledby="refused" className="mt-6">
              <h2 id="refused" className="text-md">
                Refused within 30 days
              </h2>
              <p className="mb-1 max-w-[80ch] text-sm text-muted">
                What somebody tried and a control did not let through, most often first. Each attempt is in the audit
                log.
              </p>
              <ScrollRegion label="Refused" rows className="table-box max-w-5xl">
                <table className="w-full border-separate border-spacing-0 text-sm">
                  <thead>
                    <tr>
                      {['Control', 'Action', 'Times', 'People', 'Last', 'What it said'].map((label, index) => (
                        <th
                          key={label}
                          scope="col"
                          className={`cell-head ${index === 2 || index === 3 ? 'text-right' : 'text-left'} ${index === 5 ? 'max-sm:hidden' : ''}`}
                        >
                          {label}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {data.refusals.map((each) => (
                      <tr key={`${each.code} ${each.command}`} className="row" tabIndex={-1}>
                        <th scope="row" className="cell text-left font-normal">
                          {humanize(each.code)}
                        </th>
                        <td className="cell text-left">{each.command}</td>
                        <td className="cell text-right">{format.count(each.times)}</td>
                        <td className="cell text-right">{format.count(each.people)}</td>
                        <td className="cell text-left whitespace-nowrap">{format.moment(each.lastAt)}</td>
                        <td className="cell max-w-md truncate text-left text-muted max-sm:hidden" title={each.message}>
                          {each.message}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollRegion>
            </section>
          ) : null}
        </>
      ) : read.state === 'ok' ? null : (
        <PanelMessage panel={read} links={{ retry: '/controls', clear: '/controls' }} height={320} />
      )}
    </WorkFrame>
  )
}

function leadOf(controls: readonly ControlLine[]): string {
  const broken = controls.filter(({ state }) => state === 'broken').length
  const unknown = controls.filter(({ state }) => state === 'unknown').length
  if (unknown === controls.length) return 'Nobody has looked yet: the first round begins within a minute of the start.'
  const rest = unknown > 0 ? ` ${unknown} not looked at yet.` : ''
  return broken === 0
    ? `Everything that must be true is true.${rest} All of it is looked at every five minutes, on every row.`
    : `${broken} of ${controls.length} do not hold.${rest} What breaks them is named; nothing is repaired in silence.`
}

function viewOf(line: ControlLine, format: Formatter, may: boolean): ControlView {
  const more = Number(line.broken) - line.examples.length
  return {
    id: line.id,
    title: line.title,
    says: line.says,
    state: line.state,
    words: line.failed
      ? `Could not be looked at: ${line.failed}`
      : line.state === 'unknown'
        ? 'Not looked at yet'
        : line.state === 'holds'
          ? line.checked === '0'
            ? 'Nothing to look at yet'
            : `Holds for all ${format.count(line.checked)}`
          : `${format.count(line.broken)} of ${format.count(line.checked)} break it${line.brokenSince ? `, since ${format.moment(line.brokenSince)}` : ''}`,
    looked: line.at ? format.moment(line.at) : '',
    examples: line.examples,
    more: line.examples.length > 0 && more > 0 ? `and ${format.count(more)} more` : '',
    look: line.here && may,
  }
}
