import type { Metadata } from 'next'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { Overview } from '@/components/overview/overview'
import { PanelMessage } from '@/components/ui/panel'
import { Frame } from './frame'
import { overviewData } from './overview-data'
import { asked } from './request'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await asked('/', searchParams)
  const as = firstOf((await searchParams).as)
  const { data, backlog, risks, options, context } = await overviewData(request)
  const { state, density } = request
  const links = { retry: href('/', state, {}, { as }), clear: href('/', state, { filters: [] }, { as }) }
  return (
    <Frame
      asked={request}
      current="overview"
      path="/"
      own={{ as }}
      options={options}
      freshness={data.state === 'ok' ? data.data.freshness : null}
    >
      {data.state === 'ok' ? (
        <Overview
          data={data.data}
          backlog={backlog}
          risks={risks}
          context={context}
          density={density}
          printHref={href('/print/board', state)}
          asTable={as?.split(',') ?? []}
          links={links}
        />
      ) : (
        <>
          <h1 className="mb-3 text-lg">Overview</h1>
          <PanelMessage panel={data} links={links} height={320} />
        </>
      )}
    </Frame>
  )
}
