import type { Metadata } from 'next'
import { askedExplore } from '@/components/explore/asked-explore'
import { Explore } from '@/components/explore/explore'
import { exploreHref } from '@/components/explore/table-view'
import { firstOf, type SearchParams } from '@/components/filters/view-state'
import { Frame } from '../frame'
import { naming } from '../names'
import { asked as askedOf } from '../request'
import { specOf } from '../spec'
import { exploreAnswer } from './explore-data'

export const metadata: Metadata = { title: 'Explore' }

/** Any figures by item, country, month or whatever they can be cut by. */
export default async function ExplorePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await askedOf('/explore', searchParams)
  const params = await searchParams
  const { actor, state, density } = request
  const asked = askedExplore(params, state, specOf(state))
  const answer = await exploreAnswer(actor, asked)
  const as = firstOf(params.as) === 'picture' ? 'picture' : undefined
  const own = { ...asked.own, as }
  const context = { ...request.context, name: naming(answer.options) }
  return (
    <Frame
      asked={{ ...request, state: { ...state, unread: [...state.unread, ...asked.unread] } }}
      current="explore"
      path="/explore"
      own={own}
      options={answer.options}
      freshness={answer.freshness}
    >
      <Explore
        asked={asked}
        answer={answer}
        context={context}
        density={density}
        links={{ retry: exploreHref(state, own), clear: exploreHref(state, own, { filters: [] }) }}
        link={(change, view) => exploreHref(state, { ...asked.own, ...change }, view)}
        csv={exploreHref(state, asked.own).replace('/explore', '/explore/csv')}
        asTable={as !== undefined}
      />
    </Frame>
  )
}
