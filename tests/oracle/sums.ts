import { type Contribution, ENDED, type List, perUnit, q, sold, stock, time, trapped, waiting } from './contributions'
import type { Unit } from './units'

const entries =
  (component?: readonly string[]): List =>
  ({ units }) =>
    units.flatMap((unit) =>
      unit.money
        .filter((m) => !component || component.includes(m.component))
        .map((m) => ({ at: m.at, unit, value: m.amount, own: { component: m.component } })),
    )
const claims =
  (at: 'claimedAt' | 'acceptedAt' | 'recoveredAt', value: 'claimed' | 'accepted' | 'recovered'): List =>
  ({ units }) =>
    units.flatMap((unit) => unit.claims.map((claim) => ({ at: claim[at], unit, value: claim[value] })))
/** From the claim to what it brought; each claim weighs one. */
export const creditSpans: List = ({ units }, T) =>
  units.flatMap((unit) =>
    unit.claims
      .filter(({ claimedAt, recoveredAt }) => claimedAt > 0 && claimedAt <= T && recoveredAt > 0)
      .map(({ claimedAt, recoveredAt }) => ({ at: recoveredAt, unit, value: 1n, span: recoveredAt - claimedAt })),
  )
export const leaks: List = ({ units }, T) =>
  units.flatMap((unit) =>
    unit.leaks
      .filter((leak) => T < leak.until)
      .map((leak) => ({ at: leak.at, unit, value: leak.amount, own: { leakage_category: leak.category } })),
  )
const credits: List = ({ units }) =>
  units.flatMap((unit) => unit.credits.map((credit) => ({ at: credit.at, unit, value: credit.amount })))
const outcomes = (...names: string[]) =>
  perUnit(
    (u) => u.finalAt,
    q,
    (u) => names.includes(u.outcome),
  )
const missed: List = ({ units }, T) =>
  units
    .filter(
      (u) =>
        u.claimable > 0n &&
        u.claimableAt <= T &&
        u.claimUntil < T &&
        !u.claims.some(({ claimedAt }) => claimedAt > 0 && claimedAt <= T),
    )
    .map((unit) => ({ at: unit.claimUntil, unit, value: unit.claimable }))

const SUPPORTS: Record<string, string[] | undefined> = {
  defective: ['confirmed_defect'],
  quality: ['confirmed_defect'],
  warranty: ['confirmed_defect'],
  recall: ['confirmed_defect'],
  damaged_in_transit: ['transit_damage'],
  wrong_item: ['wrong_item_returned', 'as_new'],
  missing_part: ['incomplete'],
  allergic_reaction: ['used'],
}
const PLAIN = ['as_new', 'no_fault_found', 'packaging_only']
const supports = (unit: Unit) =>
  unit.codes.reason === 'other' || (SUPPORTS[unit.codes.reason ?? ''] ?? PLAIN).includes(unit.codes.finding ?? '')
const judged = (unit: Unit) => unit.codes.reason !== '' && unit.codes.finding !== ''

/** Sums: exact integers, money in 1/10,000. */
export const SUMS: Record<string, { list: List; money: boolean }> = {
  sold_units: { list: sold((s) => BigInt(s.quantity)), money: false },
  net_sales: { list: sold((s) => s.net), money: true },
  requested_units: { list: perUnit((u) => time(u, 'requested')), money: false },
  rejected_units: {
    list: perUnit(
      (u) => time(u, 'rejected'),
      q,
      (u) => u.decision === 'rejected',
    ),
    money: false,
  },
  received_units: { list: perUnit((u) => time(u, 'received')), money: false },
  inspected_units: { list: perUnit((u) => time(u, 'inspected')), money: false },
  dispositioned_units: { list: perUnit((u) => time(u, 'dispositioned')), money: false },
  finalized_units: { list: outcomes(...ENDED), money: false },
  refunded_value: { list: credits, money: true },
  refunded_units: { list: perUnit((u) => u.refundedAt), money: false },
  leakage_value: { list: leaks, money: true },
  supplier_defect_units: {
    list: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.finding === 'confirmed_defect',
    ),
    money: false,
  },
  claimable_value: {
    list: perUnit(
      (u) => u.claimableAt,
      (u) => u.claimable,
    ),
    money: true,
  },
  claimed_value: { list: claims('claimedAt', 'claimed'), money: true },
  accepted_value: { list: claims('acceptedAt', 'accepted'), money: true },
  recovered_value: { list: claims('recoveredAt', 'recovered'), money: true },
  missed_claim_value: { list: missed, money: true },
  net_margin_impact: { list: entries(), money: true },
  margin_refunds: { list: entries(['refund', 'goodwill', 'chargeback']), money: true },
  margin_fees: { list: entries(['fee_income']), money: true },
  margin_restocked: { list: entries(['restocked_value']), money: true },
  margin_liquidated: { list: entries(['liquidation_proceeds']), money: true },
  margin_claims: { list: entries(['claim_recovery']), money: true },
  margin_return_freight: { list: entries(['return_freight']), money: true },
  margin_outbound_freight: { list: entries(['outbound_freight']), money: true },
  margin_labor: { list: entries(['labor']), money: true },
  margin_refurbishment: { list: entries(['refurbishment']), money: true },
  margin_disposal: { list: entries(['disposal']), money: true },
  margin_payment_fees: { list: entries(['payment_fee']), money: true },
  margin_marketplace_fees: { list: entries(['marketplace_fee']), money: true },
  trapped_value: { list: stock(trapped, (u) => u.fullCostValue), money: true },
  trapped_units: { list: stock(trapped, (u) => BigInt(u.fullQuantity)), money: false },
  backlog_units: { list: stock(waiting, (u) => BigInt(u.fullQuantity)), money: false },
  backlog_value: { list: stock(waiting, (u) => u.fullCostValue), money: true },
}

const returned = (value: (u: Unit) => bigint): List =>
  perUnit(
    (u) => time(u, 'requested'),
    value,
    (u) => u.returned,
  )
const arrived = (value: (u: Unit) => bigint): List => perUnit((u) => time(u, 'received'), value)
const lines = (items: readonly Contribution[]) =>
  BigInt(new Set(items.map(({ unit }) => unit?.codes.order_line_id)).size)
const reasons = (lacks: readonly string[]): List =>
  perUnit(
    (u) => time(u, 'requested'),
    q,
    (u) => u.codes.reason !== '',
    lacks,
  )

interface Ratio {
  of: List
  by: List
  times?: number
  /** The numerator by date of event, where that is another one. */
  activity?: List
  /** How the numerator is counted, where it is no sum. */
  counted?: (items: readonly Contribution[]) => bigint
}

/** Ratios of sums. */
export const RATIOS: Record<string, Ratio> = {
  return_rate_units: { of: returned(q), activity: arrived(q), by: sold((s) => BigInt(s.quantity)) },
  return_rate_lines: {
    of: perUnit(
      (u) => time(u, 'requested'),
      q,
      (u) => u.returned && u.quantity > 0,
    ),
    by: sold(() => 1n),
    counted: lines,
  },
  return_rate_value: {
    of: returned((u) => u.saleValue),
    activity: arrived((u) => u.saleValue),
    by: sold((s) => s.net),
  },
  ...Object.fromEntries(
    Object.entries({
      sellable_rate: 'restocked',
      liquidated_rate: 'liquidated',
      vendor_rate: 'returned_to_vendor',
      scrapped_rate: 'scrapped',
      donated_rate: 'donated',
      lost_rate: 'lost',
      returned_to_customer_rate: 'returned_to_customer',
    }).map(([id, outcome]) => [id, { of: outcomes(outcome), by: outcomes(...ENDED) }]),
  ),
  value_recovery_rate: {
    of: entries(['restocked_value', 'liquidation_proceeds', 'claim_recovery']),
    by: perUnit(
      (u) => u.finalAt,
      (u) => u.costValue,
      (u) => ['restocked', 'liquidated', 'returned_to_vendor', 'scrapped', 'donated', 'lost'].includes(u.outcome),
    ),
  },
  leakage_rate: { of: leaks, by: credits },
  supplier_recovery_rate: {
    of: claims('recoveredAt', 'recovered'),
    by: perUnit(
      (u) => u.claimableAt,
      (u) => u.claimable,
    ),
  },
  claim_coverage: {
    of: claims('claimedAt', 'claimed'),
    by: perUnit(
      (u) => u.claimableAt,
      (u) => u.claimable,
    ),
  },
  claim_approval_rate: { of: claims('acceptedAt', 'accepted'), by: claims('claimedAt', 'claimed') },
  claim_recovery_rate: { of: claims('recoveredAt', 'recovered'), by: claims('claimedAt', 'claimed') },
  supplier_defect_ppm: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.finding === 'confirmed_defect',
    ),
    by: sold((s) => BigInt(s.quantity)),
    times: 1_000_000,
  },
  margin_share: { of: entries(), by: sold((s) => s.net) },
  reason_share: { of: reasons([]), by: reasons(['reason']) },
  unmatched_return_rate: {
    of: perUnit(
      (u) => time(u, 'requested'),
      q,
      (u) => !u.hasSale,
    ),
    by: perUnit((u) => time(u, 'requested')),
  },
  blind_receipt_rate: {
    of: ({ units }, T) =>
      units
        .filter((u) => time(u, 'requested') === 0 || time(u, 'requested') > T)
        .map((unit) => ({ at: time(unit, 'received'), unit, value: q(unit) })),
    by: perUnit((u) => time(u, 'received')),
  },
  reason_confirmed_rate: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => judged(u) && supports(u),
    ),
    by: perUnit((u) => time(u, 'inspected'), q, judged),
  },
  no_fault_found_rate: {
    of: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.reason === 'defective' && ['no_fault_found', 'as_new'].includes(u.codes.finding ?? ''),
    ),
    by: perUnit(
      (u) => time(u, 'inspected'),
      q,
      (u) => u.codes.reason === 'defective' && u.codes.finding !== '',
    ),
  },
}
