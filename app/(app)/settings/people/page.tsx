import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { InviteForm } from '@/components/people/invite-form'
import { PeopleTable } from '@/components/people/people-table'
import { PanelMessage } from '@/components/ui/panel'
import { accountsView } from '@/lib/workflow/read/accounts'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'

export const metadata: Metadata = { title: 'People' }

const PATH = '/settings/people'

/** Everybody who can sign in. For whoever manages people; auditors read. */
export default async function PeoplePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked(PATH, searchParams, ['users:manage', 'audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const read = await panelOf(() => accountsView(actor))
  return (
    <WorkFrame asked={request} current="settings" path={PATH}>
      <h1 className="text-lg">People</h1>
      <p className="mb-4 max-w-[80ch] text-sm text-muted">
        Who may sign in, what they may do and which rows they see. A change ends the person’s sessions at once and is in
        the audit log.{' '}
        <a className="link" href={href('/settings/segregation', state)}>
          Duties and who holds which
        </a>
        {read.state === 'ok' && read.data.closed ? `. ${read.data.closed}` : null}
      </p>
      {read.state === 'ok' ? (
        <>
          {read.data.closed === '' ? (
            <div className="noprint mb-4">
              <InviteForm roles={read.data.grantable} />
            </div>
          ) : null}
          <PeopleTable
            people={read.data.people}
            hrefOf={({ id }) => href(`${PATH}/${id}`, state)}
            moment={(iso) => format.moment(iso)}
            day={(iso) => format.dated(iso)}
          />
        </>
      ) : (
        <PanelMessage panel={read} links={{ retry: PATH, clear: PATH }} height={320} />
      )}
    </WorkFrame>
  )
}
