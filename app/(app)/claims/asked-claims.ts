import { firstOf, type SearchParams } from '@/components/filters/view-state'
import { CLAIM_STAGES, type ClaimStage } from '@/lib/returns/claims'

export interface ClaimsParams {
  stage: ClaimStage
  supplierId: string
  claimId: string
  unitId: string
}

/** What the address of the page says; what cannot be read falls back to its default. */
export function claimsParams(params: SearchParams): ClaimsParams {
  const stage = firstOf(params.stage)
  return {
    stage: CLAIM_STAGES.find((known) => known === stage) ?? 'eligible',
    supplierId: firstOf(params.supplier) ?? '',
    claimId: firstOf(params.claim) ?? '',
    unitId: firstOf(params.unit) ?? '',
  }
}
