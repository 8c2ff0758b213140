import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PersonParts } from '@/components/people/person-parts'
import { PanelMessage } from '@/components/ui/panel'
import { LONGEST_MITIGATION_DAYS } from '@/lib/returns/role-duties'
import { accountView } from '@/lib/workflow/read/accounts'
import { panelOf } from '../../../panel-of'
import { WorkFrame, workAsked } from '../../../work-frame'

export const metadata: Metadata = { title: 'Person' }

const DAY = 86_400_000
const PROPOSED_DAYS = 30

/** One person: roles, rows, reviews, the way in, and what was changed. */
export default async function PersonPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>
  searchParams: Promise<SearchParams>
}) {
  const { id } = await params
  const path = `/settings/people/${id}`
  const request = await workAsked(path, searchParams, ['users:manage', 'audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const now = new Date()
  const read = await panelOf(() => accountView(actor, id, now))
  const dayIn = (days: number) => new Date(now.getTime() + days * DAY).toISOString().slice(0, 10)
  const back = href('/settings/people', state)
  return (
    <WorkFrame asked={request} current="settings" path={path}>
      <a className="link text-sm" href={back}>
        People
      </a>
      {read.state === 'ok' ? (
        <PersonParts
          view={read.data}
          moment={(iso) => format.moment(iso)}
          day={(iso) => format.dated(iso)}
          days={{ proposed: dayIn(PROPOSED_DAYS), first: dayIn(0), last: dayIn(LONGEST_MITIGATION_DAYS - 1) }}
        />
      ) : (
        <>
          <h1 className="mb-3 text-lg">Person</h1>
          <PanelMessage panel={read} links={{ retry: path, clear: back }} height={320} />
        </>
      )}
    </WorkFrame>
  )
}
