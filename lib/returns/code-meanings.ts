import type { Condition, CostKind, Disposition, Finding, Reason, ReturnType, SettlementKind, Status } from './codes'

/** What each code says, in the words of whoever uses it. */
export const REASON_MEANINGS: Readonly<Record<Reason, string>> = {
  too_small: 'It is smaller than the customer needs.',
  too_large: 'It is larger than the customer needs.',
  not_as_described: 'It is not what the page showed or said.',
  defective: 'It does not work, or not as it should.',
  damaged_in_transit: 'It came damaged.',
  wrong_item: 'Another item came than was ordered.',
  missing_part: 'A part or an accessory is missing.',
  arrived_late: 'It came after it was needed.',
  changed_mind: 'It is not wanted any more.',
  better_price: 'It is cheaper elsewhere.',
  quality: 'It is made worse than expected.',
  allergic_reaction: 'It was not tolerated.',
  gift: 'It was a gift that is not wanted.',
  undeliverable: 'The carrier could not deliver it.',
  refused: 'The customer did not accept the parcel.',
  warranty: 'It failed within its warranty.',
  recall: 'It was called back.',
  other: 'None of these; a note says what.',
}

export const FINDING_MEANINGS: Readonly<Record<Finding, string>> = {
  confirmed_defect: 'It has the fault, and not from use: claimable.',
  no_fault_found: 'It was tested and works.',
  customer_damage: 'It was damaged by whoever had it.',
  transit_damage: 'It was damaged on the way.',
  used: 'It has been worn or used.',
  incomplete: 'Something that belongs to it is missing.',
  wrong_item_returned: 'Another item came back.',
  empty_box: 'Nothing was in the box.',
  counterfeit: 'It is not genuine.',
  expired: 'It is past its date.',
  packaging_only: 'Only its packaging has suffered.',
  as_new: 'It is as it was sold.',
}

export const CONDITION_MEANINGS: Readonly<Record<Condition, string>> = {
  A: 'New and sealed.',
  B: 'Open, as new.',
  C: 'Minor wear.',
  D: 'Damaged or faulty.',
  E: 'Unusable.',
}

export const DISPOSITION_MEANINGS: Readonly<Record<Disposition, string>> = {
  restock: 'Back into sellable stock.',
  refurbish: 'To be repaired or cleaned, then decided again.',
  quarantine: 'Kept apart until somebody may release it.',
  vendor_claim: 'For its supplier.',
  liquidate: 'To be sold off.',
  scrap: 'To be destroyed.',
  donate: 'To be given away.',
  return_to_customer: 'Back to the customer.',
}

export const RETURN_TYPE_MEANINGS: Readonly<Record<ReturnType, string>> = {
  refund: 'The customer wants the money back.',
  exchange: 'The customer wants another item for it.',
  store_credit: 'The customer takes a credit.',
  warranty: 'Under a warranty.',
  wholesale: 'From a business customer.',
  refused: 'A parcel that was not accepted.',
}

export const SETTLEMENT_MEANINGS: Readonly<Record<SettlementKind, string>> = {
  refund: 'Money back for the item.',
  exchange: 'Another item for it.',
  store_credit: 'A credit with the shop.',
  partial_credit: 'A part of the price, the item stays or has lost value.',
  goodwill: 'A credit without a return.',
  chargeback: 'A dispute that the provider decided.',
}

export const COST_MEANINGS: Readonly<Record<CostKind, string>> = {
  return_freight: 'The way back.',
  outbound_freight: 'The way out, lost with the return.',
  labor: 'Receiving, inspecting and sorting.',
  refurbishment: 'Repairing and cleaning.',
  disposal: 'Getting rid of it.',
  payment_fee: 'Of the payment provider.',
  marketplace_fee: 'Of the marketplace; negative when it is given back.',
}

export const STATUS_MEANINGS: Readonly<Record<Status, string>> = {
  expected: 'Authorized or asked for, still with the customer.',
  in_transit: 'On its way here.',
  received: 'Here and not inspected yet; not sellable.',
  hold: 'Here, waiting for something or somebody.',
  quarantine: 'Kept apart: restricted, or to be looked at again.',
  refurbish: 'Being repaired or cleaned.',
  vendor: 'For its supplier, still here.',
  sellable: 'Inspected and decided: may be sold.',
  liquidation: 'Waiting to be sold off.',
  scrap: 'Waiting to be destroyed.',
  restocked: 'Back on the shelf.',
  liquidated: 'Sold off.',
  returned_to_vendor: 'Back with its supplier.',
  scrapped: 'Destroyed.',
  donated: 'Given away.',
  returned_to_customer: 'Back with the customer.',
  lost: 'Lost on the way or here.',
  cancelled: 'Never came: the return was rejected or taken back.',
}
