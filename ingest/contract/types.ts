import { z } from 'zod'
import { parseAmount } from '../../lib/money'
import {
  CONDITIONS,
  COST_KINDS,
  DISPOSITIONS,
  FINDINGS,
  REASONS,
  RETURN_TYPES,
  SETTLEMENT_KINDS,
  STATUSES,
} from '../../lib/returns/codes'
import {
  amount,
  change,
  count,
  country,
  currency,
  id,
  instant,
  label,
  note,
  period,
  positive,
  quantity,
} from './fields'

/**
 * The data of every event type: required and optional fields. Unknown fields are kept, never refused. JSON Schema files, TypeScript types,
 * validation, ClickHouse's input structure and the documentation are all made from this one definition.
 */
const descriptive = {
  product_id: id.optional(),
  product_name: z.string().max(256).optional(),
  size: label.optional(),
  category: label.optional(),
  brand: label.optional(),
  supplier_id: id.optional(),
  campaign: label.optional(),
  segment: label.optional(),
  country: country.optional(),
  entity: label.optional(),
  customer_id: id.optional(),
}
const actor = { actor: id.optional() }

const sale = z.looseObject({
  order_id: id,
  order_line_id: id,
  sku: id,
  quantity,
  net_amount: positive,
  currency,
  channel: label,
  unit_cost: positive.optional(),
  tax_amount: positive.optional(),
  facility: id.optional(),
  serials: z.array(id).max(10_000).optional(),
  lot: id.optional(),
  /** Of a replacement in an exchange: the reference that it was ordered under. Its `net_amount` is what the customer pays on top. */
  exchange_ref: id.optional(),
  ...descriptive,
})

const requested = z.looseObject({
  unit_id: id,
  rma_id: id,
  order_line_id: id,
  sku: id,
  quantity,
  reason_code: z.enum(REASONS),
  order_id: id.optional(),
  return_type: z.enum(RETURN_TYPES).optional(),
  channel: label.optional(),
  comment: note.optional(),
  facility: id.optional(),
  unit_price: positive.optional(),
  unit_cost: positive.optional(),
  currency: currency.optional(),
  sold_at: instant.optional(),
  policy_row: label.optional(),
  ...descriptive,
})

const decision = z.looseObject({
  unit_id: id,
  reason: note.optional(),
  policy_version: label.optional(),
  policy_row: label.optional(),
  ...actor,
})

const shipment = z.looseObject({
  unit_id: id,
  carrier: label.optional(),
  tracking_number: id.optional(),
  facility: id.optional(),
  expected_at: instant.optional(),
})

const received = z.looseObject({
  unit_id: id,
  facility: id,
  quantity: count,
  rma_id: id.optional(),
  location: id.optional(),
  shift: label.optional(),
  condition_code: z.enum(CONDITIONS).optional(),
  serial: id.optional(),
  lot: id.optional(),
  sku: id.optional(),
  ...actor,
})

const inspected = z.looseObject({
  unit_id: id,
  condition_code: z.enum(CONDITIONS),
  finding_code: z.enum(FINDINGS),
  serial: id.optional(),
  serial_match: z.boolean().optional(),
  accessories_complete: z.boolean().optional(),
  evidence: z.array(z.string().max(512)).max(100).optional(),
  labor_minutes: z.number().min(0).max(100_000).optional(),
  facility: id.optional(),
  shift: label.optional(),
  ...actor,
})

const split = z
  .looseObject({
    unit_id: id,
    into: z
      .array(z.looseObject({ unit_id: id, quantity }))
      .min(1)
      .max(1000),
    ...actor,
  })
  .refine(
    (parts) => new Set([parts.unit_id, ...parts.into.map((part) => part.unit_id)]).size === parts.into.length + 1,
    {
      error: 'names a unit twice: every part needs a unit_id of its own, other than the unit that is split',
      params: { reason: 'split_duplicate' },
    },
  )

const dispositioned = z.looseObject({
  unit_id: id,
  disposition: z.enum(DISPOSITIONS),
  rule_row: label.optional(),
  overridden: z.boolean().optional(),
  ...actor,
})

const moved = z.looseObject({
  movement_id: id,
  unit_id: id,
  from_status: z.enum(STATUSES),
  to_status: z.enum(STATUSES),
  quantity,
  facility: id.optional(),
  location: id.optional(),
  /** What one piece is worth in the state it moves to: carrying value when restocked, proceeds when liquidated. */
  unit_value: positive.optional(),
  currency: currency.optional(),
  ...actor,
})

const settlement = z.looseObject({
  settlement_id: id,
  unit_id: id,
  kind: z.enum(SETTLEMENT_KINDS),
  /** What the customer gets, tax included, after fees. For an exchange: the price difference in the customer's favour. */
  amount: positive,
  currency,
  tax_amount: positive.optional(),
  /** Restocking or return-shipping fee kept. */
  fee_amount: positive.optional(),
  /** What the customer was entitled to before any fee or deduction, tax included. */
  entitled_amount: positive.optional(),
  fee_due_amount: positive.optional(),
  deduction_amount: positive.optional(),
  deduction_due_amount: positive.optional(),
  clawback_due_amount: positive.optional(),
  discrepancy_amount: positive.optional(),
  currency_difference_amount: positive.optional(),
  in_policy: z.boolean().optional(),
  exception_id: id.optional(),
  method: label.optional(),
  external_ref: id.optional(),
  cause: label.optional(),
  policy_row: label.optional(),
  ...actor,
})

const claim = z.looseObject({
  claim_id: id,
  unit_id: id,
  supplier_id: id,
  amount: positive,
  currency,
  reason: label.optional(),
  external_ref: id.optional(),
})

const cost = z.looseObject({
  cost_id: id,
  unit_id: id,
  kind: z.enum(COST_KINDS),
  /** Negative when a cost is refunded to us, such as a marketplace fee. */
  amount,
  currency,
})

const journal = z
  .looseObject({
    entry_id: id,
    cause_id: id,
    period,
    currency,
    lines: z
      .array(z.looseObject({ account: id, debit: positive.optional(), credit: positive.optional() }))
      .min(2)
      .max(1000),
    unit_id: id.optional(),
    entity: label.optional(),
  })
  .refine(
    (entry) => {
      const total = (side: 'debit' | 'credit') =>
        entry.lines.reduce((sum, line) => sum + (parseAmount(line[side] ?? '0') ?? 0n), 0n)
      return total('debit') === total('credit')
    },
    {
      error: 'does not balance: the debits and the credits of its lines differ',
      params: { reason: 'unbalanced' },
    },
  )

const exception = z.looseObject({
  exception_id: id,
  kind: label,
  unit_id: id.optional(),
  rma_id: id.optional(),
  severity: label.optional(),
  owner_role: label.optional(),
  due_at: instant.optional(),
  resolution: label.optional(),
  ...actor,
})

const counted = z.looseObject({
  count_id: id,
  facility: id,
  location: id,
  sku: id,
  status: z.enum(STATUSES),
  quantity: count,
  ...actor,
})

/** Stock put right by hand, without a return: found, lost, damaged, thrown away. */
const adjusted = z.looseObject({
  adjustment_id: id,
  facility: id,
  location: id,
  sku: id,
  status: z.enum(STATUSES),
  /** Added when positive, taken away when negative. */
  quantity: change,
  reason: note.optional(),
  ...actor,
})

export const DATA = {
  'sale.shipped.v1': sale,
  'return.requested.v1': requested,
  'return.authorized.v1': decision,
  'return.rejected.v1': decision,
  'return.cancelled.v1': decision,
  'shipment.labelled.v1': shipment,
  'shipment.in_transit.v1': shipment,
  'shipment.delivered.v1': shipment,
  'shipment.lost.v1': shipment,
  'unit.received.v1': received,
  'unit.inspected.v1': inspected,
  'unit.split.v1': split,
  'unit.dispositioned.v1': dispositioned,
  'unit.moved.v1': moved,
  'settlement.proposed.v1': settlement,
  'settlement.approved.v1': settlement,
  'settlement.paid.v1': settlement,
  'settlement.rejected.v1': settlement,
  'claim.opened.v1': claim,
  'claim.submitted.v1': claim,
  'claim.accepted.v1': claim,
  'claim.rejected.v1': claim,
  'claim.recovered.v1': claim,
  'cost.incurred.v1': cost,
  'journal.posted.v1': journal,
  'exception.raised.v1': exception,
  'exception.resolved.v1': exception,
  'stock.counted.v1': counted,
  'stock.adjusted.v1': adjusted,
} as const

export type EventType = keyof typeof DATA
export type EventData<T extends EventType = EventType> = z.infer<(typeof DATA)[T]>
export const EVENT_TYPES = Object.keys(DATA) as EventType[]
export const isEventType = (value: unknown): value is EventType =>
  typeof value === 'string' && Object.hasOwn(DATA, value)
