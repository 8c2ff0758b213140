import { FINDINGS, type Finding, REASONS, type Reason } from '../../returns/codes'
import type { FamilyDefinition, Part } from '../definition-types'
import { codes, reached } from './expressions'

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

const asked = (fact: 'units' | 'reasoned', label: string): Part => ({
  label,
  fact,
  time: 'requested_at',
  when: "reason != ''",
  value: 'quantity',
  measure: 'sum',
  unit: 'count',
})

/** How well what is said fits what is found. */
export const quality: FamilyDefinition = {
  family: 'quality',
  parts: {
    with_reason: asked('units', 'Units with a reason'),
    with_any_reason: asked('reasoned', 'Units with any reason'),
    unmatched: {
      label: 'Units requested without a sale',
      fact: 'units',
      time: 'requested_at',
      when: 'NOT has_sale',
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
    },
    arrived_unasked: {
      label: 'Units received without a request',
      fact: 'units',
      time: 'received_at',
      when: `NOT ${reached('requested_at')}`,
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
    },
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
      id: 'reason_share',
      label: 'Share of the reasons',
      unit: 'ratio',
      good: 'none',
      bases: ['activity', 'cohort'],
      value: { kind: 'ratio', of: 'with_reason', by: 'with_any_reason' },
      sentence:
        'Of the units that were to come back for any reason, the share with the reasons shown: cut it by reason, or filter by some. Units without a reason do not count.',
      formula: 'Σ quantity with the reason ÷ Σ quantity with any reason, by requested_at',
      owner: 'merchandiser',
    },
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
    {
      id: 'unmatched_return_rate',
      label: 'Returns without a sale',
      unit: 'ratio',
      good: 'down',
      bases: ['activity'],
      value: { kind: 'ratio', of: 'unmatched', by: 'requested_quantity' },
      sentence:
        'Of the units requested, the share whose order line no sale is known of: they are in no cohort and in no return rate by date of sale.',
      formula: 'Σ quantity without a sale ÷ Σ quantity, by requested_at',
      owner: 'integration_admin',
    },
    {
      id: 'blind_receipt_rate',
      label: 'Blind receipts',
      unit: 'ratio',
      good: 'down',
      bases: ['activity'],
      value: { kind: 'ratio', of: 'arrived_unasked', by: 'received_quantity' },
      sentence: 'Of the units that arrived, the share that nobody had asked to return.',
      formula: 'Σ quantity without a request by T ÷ Σ quantity, by received_at',
      owner: 'warehouse_manager',
    },
  ],
}
