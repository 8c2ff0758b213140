import { UNIT_TIMES } from './served-tables'

const EVENT_TIMES = UNIT_TIMES.filter((name) => !['born_at', 'split_at', 'expected_at', 'status_at'].includes(name))

/**
 * The indexes that a product can keep whose dashboards filter and cut by any of thirty dimensions: every date of an event with the quantity
 * beside it, the codes that are filtered by most with the date of request, what is open, and the dates of entries.
 */
export const FOR_ANY_QUESTION: Readonly<Record<string, readonly string[]>> = {
  units: [
    ...EVENT_TIMES.map((name) => `(${name}) INCLUDE (quantity)`),
    ...['category', 'channel', 'facility', 'supplier_id', 'sku'].map((name) => `(${name}, requested_at)`),
    "(facility, received_at) WHERE outcome = 'open'",
    '(unit_id)',
  ],
  sales: ['(sold_at) INCLUDE (quantity)', '(category, sold_at)', '(channel, sold_at)', '(sku, sold_at)'],
  money: ['(at) INCLUDE (amount)', '(component, at)', '(unit_id)'],
  credits: ['(at) INCLUDE (amount)', '(unit_id)'],
  leaks: ['(at)', '(category, at)', '(unit_id)'],
  claims: ['(claimed_at)', '(accepted_at)', '(recovered_at)', '(supplier_id)', '(unit_id)'],
}

/** Beside those, an index made for each of the seven questions, which holds all that it asks for. */
export const FOR_THESE_QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  units: [
    '(sold_at) INCLUDE (sku, channel, quantity, returned, has_sale)',
    '(category, requested_at) INCLUDE (sku, reason, quantity)',
    "(facility, shift) INCLUDE (received_at, inspected_at, full_quantity, full_cost_value) WHERE dispositioned_at IS NULL AND split_at IS NULL AND outcome = 'open'",
    '(refunded_at) INCLUDE (requested_at)',
    '(claimable_at) INCLUDE (supplier_id, claimable)',
  ],
  sales: ['(sold_at) INCLUDE (sku, channel, quantity)'],
  leaks: ['(at) INCLUDE (category, channel, until, amount, settlement_id)'],
  claims: [
    '(claimed_at) INCLUDE (supplier_id, claimed)',
    '(accepted_at) INCLUDE (supplier_id, accepted)',
    '(recovered_at) INCLUDE (supplier_id, recovered)',
  ],
}
