import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { DutyMatrix, HolderTable, RoleDuties } from '@/components/people/duty-matrix'
import { PanelMessage, Section } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { segregationView } from '@/lib/workflow/read/segregation'
import type { SegregationView } from '@/lib/workflow/read/segregation-types'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'

export const metadata: Metadata = { title: 'Segregation of duties' }

const PATH = '/settings/segregation'

/** Who could have done both halves, and did anyone. Nothing is changed here: roles are changed at the person. */
export default async function SegregationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked(PATH, searchParams, ['users:manage', 'audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const read = await panelOf(() => segregationView(actor))
  const approval = href('/settings/policies/approval', state)
  return (
    <WorkFrame asked={request} current="settings" path={PATH}>
      <h1 className="text-lg">Segregation of duties</h1>
      {read.state === 'ok' ? (
        <>
          <p className="mb-4 max-w-[80ch] text-sm">
            {sentence(read.data, format.count)}{' '}
            {can(actor, 'controls:read') ? (
              <span className="text-muted">
                Up to which amounts who says yes is the{' '}
                <a className="link" href={approval}>
                  approval policy
                </a>
                .
              </span>
            ) : null}
          </p>
          <div className="flex flex-col gap-8">
            <Section
              id="holders"
              title="People with two such duties"
              lead={read.data.holders.length === 0 ? <p className="text-sm text-muted">Nobody.</p> : undefined}
            >
              {read.data.holders.length > 0 ? (
                <HolderTable
                  holders={read.data.holders}
                  hrefOf={(id) => href(`/settings/people/${id}`, state)}
                  day={(iso) => format.dated(iso)}
                />
              ) : null}
            </Section>
            <Section
              id="matrix"
              title="How two duties go together"
              lead={
                <p className="mb-2 max-w-[80ch] text-sm text-muted">
                  Never: refused when a role is given, unless somebody else reviews it for a limited time. Not on one
                  case: one person may hold both, and the database refuses the second on the same case. With review:
                  allowed, and looked at here.
                </p>
              }
            >
              <DutyMatrix duties={read.data.duties} pairs={read.data.pairs} />
            </Section>
            <Section id="roles" title="Duties of roles">
              <RoleDuties roles={read.data.roles} count={format.count} />
            </Section>
          </div>
        </>
      ) : (
        <PanelMessage panel={read} links={{ retry: PATH, clear: PATH }} height={320} />
      )}
    </WorkFrame>
  )
}

/** The whole page in a sentence: who could, who did, and what was prevented. */
function sentence(view: SegregationView, count: (value: number) => string): string {
  const open = view.holders.filter(({ state }) => state === 'none' || state === 'over').length
  const watched = view.holders.filter(({ state }) => state === 'watched').length
  const both = view.pairs.reduce((sum, pair) => sum + pair.both, 0)
  const could =
    open + watched === 0
      ? 'Nobody holds two duties of different roles that exclude each other.'
      : `${count(open + watched)} pairs of duties that exclude each other are held by one person: ${count(watched)} under review, ${count(open)} under nobody’s.`
  const did =
    both === 0
      ? 'In 90 days nobody did both halves of a case'
      : `In 90 days one person did both halves ${count(both)} times`
  return `${could} ${did}; ${view.refused === 0 ? 'nobody tried' : `${count(view.refused)} attempts were refused`}.`
}
