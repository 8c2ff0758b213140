import type { Metadata } from 'next'
import { ClaimPanel } from '@/components/claims/claim-panel'
import { ClaimsWork } from '@/components/claims/claims-work'
import { StageBar } from '@/components/claims/stage-bar'
import { ClaimTools, SupplierSection } from '@/components/claims/supplier-section'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import { claimDetail } from '@/lib/workflow/read/claim-detail'
import { claimsBoard } from '@/lib/workflow/read/claims'
import { panelOf } from '../panel-of'
import { WorkFrame, workAsked } from '../work-frame'
import { claimsParams } from './asked-claims'
import { boardView, detailView } from './view'

export const metadata: Metadata = { title: 'Claims' }

/** What suppliers owe, from eligible to recovered. */
export default async function ClaimsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/claims', searchParams, ['claims:read'])
  const { actor, state, context } = request
  const { stage, supplierId, claimId, unitId } = claimsParams(await searchParams)
  const now = new Date()
  const own = { stage: stage === 'eligible' ? undefined : stage, supplier: supplierId || undefined }
  const link = (change: Record<string, string | undefined>) => href('/claims', state, {}, { ...own, ...change })
  const [board, detail] = await Promise.all([
    panelOf(() =>
      claimsBoard(
        actor,
        { stage, ...(supplierId ? { supplierId } : {}), all: stage === 'eligible' || stage === 'opened' },
        now,
      ),
    ),
    claimId || unitId ? panelOf(() => claimDetail(actor, claimId ? { claimId } : { unitId }, now)) : null,
  ])
  const links = {
    stage: (to: string) => href('/claims', state, {}, { stage: to === 'eligible' ? undefined : to }),
    supplier: (id: string) => link({ supplier: id }),
    detail: (line: { claimId: string | null; unitId: string }) =>
      link(line.claimId ? { claim: line.claimId } : { unit: line.unitId }),
    csv: context.exports ? href('/claims/csv', state, {}, own) : null,
  }
  const works = can(actor, 'claims:write')
  const view =
    board.state === 'ok'
      ? boardView(board.data, { format: context.format, name: context.name, works, supplierId, links, now })
      : null
  return (
    <WorkFrame asked={request} current="claims" path="/claims">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
        <div>
          <h1 className="text-lg">Supplier claims</h1>
          <p className="max-w-[76ch] text-sm text-muted">{view?.lead}</p>
        </div>
        {view ? <ClaimTools view={view} action="/claims" /> : null}
      </div>
      {view ? (
        <>
          <StageBar view={view} />
          {view.ending && stage === 'eligible' ? <p className="mb-3 text-sm text-warn">{view.ending}</p> : null}
          <ClaimsWork key={`${stage}${supplierId}`} stage={stage}>
            {view.suppliers.length === 0 ? (
              <PanelMessage
                panel={{ state: 'no_match', filters: [] }}
                links={{ retry: link({}), clear: href('/claims', state) }}
                height={160}
              />
            ) : null}
            {view.suppliers.map((supplier) => (
              <SupplierSection key={supplier.id} supplier={supplier} view={view} />
            ))}
          </ClaimsWork>
        </>
      ) : board.state === 'ok' ? null : (
        <PanelMessage panel={board} links={{ retry: link({}), clear: href('/claims', state) }} height={320} />
      )}
      {detail?.state === 'ok' && detail.data ? (
        <ClaimPanel
          view={detailView(detail.data, { format: context.format, name: context.name, works, close: link({}), now })}
        />
      ) : null}
    </WorkFrame>
  )
}
