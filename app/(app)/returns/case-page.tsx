import { CaseActions } from '@/components/cases/case-actions'
import { CaseEvidencePart } from '@/components/cases/case-evidence'
import { CaseHead } from '@/components/cases/case-head'
import { CaseClaims, CaseMoney } from '@/components/cases/case-money'
import { CaseEntries, CaseExceptions } from '@/components/cases/case-parts'
import { CaseTimeline } from '@/components/cases/case-timeline'
import { CaseUnits } from '@/components/cases/case-units'
import { CaseWatch } from '@/components/cases/case-watch'
import { href } from '@/components/filters/view-state'
import { can, whyNot } from '@/lib/auth/actor'
import type { CaseView } from '@/lib/workflow/read/case-types'
import type { Asked } from '../request'

/** One case as a page: where it stands, its goods, its money, what may be done, and everything that happened. */
export function CasePage({ asked, view }: { asked: Asked; view: CaseView }) {
  const { actor, state, context } = asked
  const minute = (iso: string) => context.format.moment(iso)
  const resolves = can(actor, 'exceptions:resolve')
  const labelled = !view.unmatched && view.units.some(({ tracking }) => tracking !== '')
  return (
    <>
      {view.unmatched ? null : <CaseWatch key={view.id} rmaId={view.id} version={view.version} />}
      <CaseHead
        view={view}
        back={href('/returns', state)}
        minute={minute}
        name={context.name}
        labelHref={labelled && can(actor, 'returns:label') ? `/returns/${encodeURIComponent(view.id)}/label` : null}
      />
      <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <aside className="min-w-0 lg:order-2">
          <CaseActions view={view} raises={resolves} />
        </aside>
        <div className="flex min-w-0 flex-col gap-6">
          <CaseExceptions view={view} resolves={resolves} minute={minute} />
          <CaseUnits view={view} minute={minute} name={context.name} />
          {view.unmatched ? null : <CaseMoney view={view} minute={minute} />}
          <CaseClaims view={view} minute={minute} />
          <CaseEvidencePart
            view={view}
            closed={{ add: whyNot(actor, 'evidence:add'), hold: whyNot(actor, 'evidence:hold') }}
            minute={minute}
            day={(iso) => context.format.dated(iso)}
          />
          <CaseTimeline view={view} instant={(iso) => context.format.instant(iso)} />
          <CaseEntries view={view} />
        </div>
      </div>
    </>
  )
}
