import { FINDINGS, type Finding, REASONS, type Reason } from '../../returns/codes'
import type { FamilyDefinition, Part } from '../definition-types'
import { codes } from './expressions'

const FITS: readonly Finding[] = ['as_new', 'no_fault_found', 'packaging_only']
const BROKEN: readonly Finding[] = ['confirmed_defect']

/** Which findings bear out what the customer said. */
export const SUPPORTING: Record<Reason, readonly Finding[]> = {
  defective: BROKEN,
  quality: BROKEN,
  warranty: BROKEN,
  recall: BROKEN,
  damaged_in_transit: ['transit_damage'],
  wrong_item: ['wrong_item_returned', 'as_new'],
  missing_part: ['incomplete'],
  too_small: FITS,
  too_large: FITS,
  changed_mind: FITS,
  better_price: FITS,
  gift: FITS,
  not_as_described: FITS,
  arrived_late: FITS,
  undeliverable: FITS,
  refused: FITS,
  allergic_reaction: ['used'],
  other: FINDINGS,
}

const SUPPORTED = `(${REASONS.map((reason) => `(reason = '${reason}' AND finding IN ${codes(SUPPORTING[reason])})`).join(' OR ')})`

const inspected = (label: string, when: string): Part => ({
  label,
  fact: 'units',
  time: 'inspected_at',
  when,
  value: 'quantity',
  measure: 'sum',
  unit: 'count',
})

/** How well what is said fits what is found. */
export const quality: FamilyDefinition = {
  family: 'quality',
  parts: {
    judged: inspected('Units with a reason and a finding', "reason != '' AND finding != ''"),
    confirmed: inspected('Units whose finding supports the reason', SUPPORTED),
    said_defective: inspected('Units said to be defective and inspected', "reason = 'defective' AND finding != ''"),
    no_fault: inspected(
      'Units said to be defective, without fault',
      `reason = 'defective' AND finding IN ${codes(['no_fault_found', 'as_new'])}`,
    ),
  },
  metrics: [
    {
      id: 'reason_confirmed_rate',
      label: 'Reason confirmed',
      unit: 'ratio',
      good: 'up',
      bases: ['activity', 'cohort'],
      value: { kind: 'ratio', of: 'confirmed', by: 'judged' },
      sentence: 'Of the inspected units with a reason, the share whose finding supports what the customer said.',
      formula: 'Σ quantity whose finding supports the reason ÷ Σ quantity with a reason and a finding, by inspected_at',
      owner: 'merchandiser',
    },
    {
      id: 'no_fault_found_rate',
      label: 'No fault found',
      unit: 'ratio',
      good: 'down',
      bases: ['activity', 'cohort'],
      value: { kind: 'ratio', of: 'no_fault', by: 'said_defective' },
      sentence: 'Of the units said to be defective, the share in which inspection found nothing.',
      formula: 'Σ quantity with finding no_fault_found or as_new ÷ Σ quantity with any finding, reason defective',
      owner: 'merchandiser',
    },
  ],
}
