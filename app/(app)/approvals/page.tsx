import type { Metadata } from 'next'
import { ApprovalList } from '@/components/approvals/approval-list'
import type { ShownApproval } from '@/components/approvals/approval-row'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import type { Formatter } from '@/lib/format'
import { approvalsFor } from '@/lib/workflow/read/approvals'
import type { TriedPolicy } from '@/lib/workflow/read/approvals-types'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'

export const metadata: Metadata = { title: 'Approvals' }

/** What waits for a yes: the reader's own first, then what waits for others. */
export default async function ApprovalsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/approvals', searchParams, ['approvals:read'])
  const { actor, state, context } = request
  const decided = firstOf((await searchParams).show) === 'decided'
  const list = await panelOf(() => approvalsFor(actor, decided))
  const lines =
    list.state === 'ok'
      ? list.data.map((line) => ({
          ...line,
          asked: context.format.minute(line.requestedAt),
          due: context.format.minute(line.expiresAt),
          trial: trialOf(line.tried, context.format),
        }))
      : []
  const mine = lines.filter(({ open }) => open)
  const others = lines.filter(({ open }) => !open)
  return (
    <WorkFrame asked={request} current="approvals" path="/approvals">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-lg">Approvals</h1>
          <p className="text-sm text-muted">
            {decided
              ? 'What was answered last.'
              : `${mine.length} wait for you, ${others.length} for others. Keys: j and k walk, x picks, a approves, r rejects.`}
          </p>
        </div>
        <nav aria-label="Which" className="flex gap-1.5 text-sm">
          <a
            href={href('/approvals', state)}
            className={`control ${decided ? '' : 'bg-sel'}`}
            aria-current={decided ? undefined : 'page'}
          >
            Waiting
          </a>
          <a
            href={href('/approvals', state, {}, { show: 'decided' })}
            className={`control ${decided ? 'bg-sel' : ''}`}
            aria-current={decided ? 'page' : undefined}
          >
            Answered
          </a>
        </nav>
      </div>
      {list.state !== 'ok' ? (
        <PanelMessage panel={list} links={{ retry: '/approvals', clear: '/approvals' }} height={320} />
      ) : lines.length === 0 ? (
        <p className="border-y border-line py-10 text-center text-sm text-muted">
          {decided ? 'Nothing has been answered yet.' : 'Nothing waits for approval.'}
        </p>
      ) : (
        <>
          {mine.length > 0 ? <ApprovalList lines={mine} /> : null}
          {others.length > 0 ? (
            <section aria-labelledby="others" className="mt-6">
              <h2 id="others" className="text-md">
                {decided ? 'Answered' : 'Waiting for others'}
              </h2>
              <ApprovalList lines={others} />
            </section>
          ) : null}
        </>
      )}
    </WorkFrame>
  )
}

/** What an approver of a policy is told of its simulation. */
function trialOf(tried: TriedPolicy | null, format: Formatter): ShownApproval['trial'] {
  if (!tried) return null
  const { href: page, found } = tried
  if (!found) return { href: page, label: 'Try it on the past', says: 'Nobody has tried this version on the past yet.' }
  return {
    href: page,
    label: `Tried on ${format.dayYear(found.from)} to ${format.dayYear(found.to)}`,
    says: `${format.count(found.changed)} of ${format.count(found.units)} would have been another.`,
  }
}
