import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { Overview } from '@/components/overview/overview'
import { PrintButton } from '@/components/overview/print-button'
import { Mark } from '@/components/ui/mark'
import { PanelMessage } from '@/components/ui/panel'
import { overviewData } from '../../../(app)/overview-data'
import { asked } from '../../../(app)/request'

export const metadata: Metadata = { title: 'Board pack' }

/** The overview on paper: A4 landscape, always light, with what it is and as of when in its head. */
export default async function BoardPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await asked('/print/board', searchParams)
  const { data, backlog, risks, context } = await overviewData(request)
  const { state } = request
  const { format, name } = context
  const back = href('/', state)
  return (
    <div className="paper">
      <header className="mb-4 flex items-center justify-between border-b border-line pb-2 text-xs text-muted">
        <span className="flex items-center gap-2 font-medium text-ink">
          <Mark size={16} /> Backhaul, board pack
        </span>
        <span>
          {format.range(state.from, state.to)}, {state.tz}
          {state.filters
            .map((f) => `, ${f.dimension}: ${f.values.map((v) => name(f.dimension, v)).join(', ')}`)
            .join('')}
          {data.state === 'ok' && data.data.freshness.watermark
            ? `. Events to ${format.instant(data.data.freshness.watermark)}`
            : ''}
        </span>
        <span className="noprint flex gap-2">
          <a className="control" href={back}>
            Back
          </a>
          <PrintButton />
        </span>
      </header>
      <main id="main">
        {data.state === 'ok' ? (
          <Overview
            data={data.data}
            backlog={backlog}
            risks={risks}
            context={context}
            density="compact"
            asTable={[]}
            links={{ retry: href('/print/board', state), clear: back }}
          />
        ) : (
          <PanelMessage panel={data} links={{ retry: href('/print/board', state), clear: back }} height={320} />
        )}
      </main>
    </div>
  )
}
