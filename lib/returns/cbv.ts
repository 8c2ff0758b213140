import type { Status } from './codes'

/** What GS1's Core Business Vocabulary 2.0 calls a status: the step that leads to it and the state of the goods; '' where it has no word. */
export interface CbvWords {
  readonly bizStep: string
  readonly disposition: string
}

/** So that an EPCIS 2.0 event about a unit can be read and written. Bare words; as URIs `urn:epcglobal:cbv:bizstep:` and `…:disp:` stand before. */
export const CBV: Readonly<Record<Status, CbvWords>> = {
  expected: { bizStep: '', disposition: 'retail_sold' },
  in_transit: { bizStep: 'transporting', disposition: 'in_transit' },
  received: { bizStep: 'receiving', disposition: 'returned' },
  hold: { bizStep: 'holding', disposition: 'non_sellable_other' },
  quarantine: { bizStep: 'holding', disposition: 'non_sellable_other' },
  refurbish: { bizStep: 'repairing', disposition: 'non_sellable_other' },
  vendor: { bizStep: 'holding', disposition: 'non_sellable_other' },
  sellable: { bizStep: 'storing', disposition: 'sellable_not_accessible' },
  liquidation: { bizStep: 'storing', disposition: 'non_sellable_other' },
  scrap: { bizStep: 'holding', disposition: 'damaged' },
  restocked: { bizStep: 'stocking', disposition: 'sellable_accessible' },
  liquidated: { bizStep: 'shipping', disposition: '' },
  returned_to_vendor: { bizStep: 'shipping', disposition: 'returned' },
  scrapped: { bizStep: 'destroying', disposition: 'destroyed' },
  donated: { bizStep: 'shipping', disposition: '' },
  returned_to_customer: { bizStep: 'shipping', disposition: 'in_transit' },
  lost: { bizStep: '', disposition: 'unknown' },
  cancelled: { bizStep: '', disposition: 'retail_sold' },
}
