import type { Metadata } from 'next'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { Overview } from '@/components/overview/overview'
import { filterOptions, overview } from '@/lib/metrics/overview'
import { Frame } from './frame'
import { naming } from './names'
import { asked } from './request'
import { specOf } from './spec'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await asked('/', searchParams)
  const { actor, state, context, density } = request
  const as = firstOf((await searchParams).as)
  const [data, options] = await Promise.all([overview(actor, specOf(state)), filterOptions(actor, { tz: state.tz })])
  return (
    <Frame asked={request} current="overview" path="/" own={{ as }} options={options} freshness={data.freshness}>
      <Overview
        data={data}
        context={{ ...context, name: naming(options) }}
        density={density}
        printHref={href('/print/board', state)}
        asTable={as?.split(',') ?? []}
        links={{ retry: href('/', state, {}, { as }), clear: href('/', state, { filters: [] }, { as }) }}
      />
    </Frame>
  )
}
