import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { Glossary } from '@/components/glossary/glossary'
import { PanelMessage } from '@/components/ui/panel'
import { authorize } from '@/lib/auth/actor'
import { FAMILIES } from '@/lib/metrics/definition-types'
import { METRICS } from '@/lib/metrics/definitions'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import { freshness } from '@/lib/metrics/overview'
import {
  CONDITIONS,
  COST_KINDS,
  DISPOSITIONS,
  FINAL_STATUSES,
  FINDINGS,
  OPEN_STATUSES,
  REASONS,
  RETURN_TYPES,
  SETTLEMENT_KINDS,
} from '@/lib/returns/codes'
import { Frame } from '../frame'
import { panelOf } from '../panel-of'
import { asked } from '../request'

export const metadata: Metadata = { title: 'Glossary' }

const CODES: { title: string; codes: readonly string[] }[] = [
  { title: 'Reasons, as customers say them', codes: REASONS },
  { title: 'Findings, as inspectors see them', codes: FINDINGS },
  { title: 'Conditions', codes: CONDITIONS },
  { title: 'Dispositions', codes: DISPOSITIONS },
  { title: 'Return types', codes: RETURN_TYPES },
  { title: 'Statuses on the way', codes: OPEN_STATUSES },
  { title: 'Final outcomes', codes: FINAL_STATUSES },
  { title: 'What the customer gets', codes: SETTLEMENT_KINDS },
  { title: 'Costs', codes: COST_KINDS },
]

/** Every metric, dimension and code, out of the very definitions that the numbers are computed from. */
export default async function GlossaryPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await asked('/glossary', searchParams)
  const [reach, may] = await Promise.all([
    panelOf(() => freshness(request.actor)),
    panelOf(async () => authorize(request.actor, 'glossary:read')),
  ])
  return (
    <Frame
      asked={request}
      current="glossary"
      path="/glossary"
      options={null}
      freshness={reach.state === 'ok' ? reach.data : null}
    >
      {may.state === 'ok' ? (
        <Glossary
          families={FAMILIES.map((family) => ({
            family,
            metrics: Object.values(METRICS).filter((metric) => metric.family === family),
          }))}
          dimensions={Object.values(DIMENSIONS)}
          codes={CODES}
          rowsHref={(metric) => href('/rows', request.state, {}, { metric })}
        />
      ) : (
        <PanelMessage panel={may} links={{ retry: '/glossary', clear: '/glossary' }} height={320} />
      )}
    </Frame>
  )
}
