import { parseAmount, type Units, units } from '../money'
import { amountField, type CaseEvent, flag, inOrder, number, orderKey, text } from './case-event'
import { type Disposition, FINAL_STATUSES, STATUS_OF_DISPOSITION, STATUSES, type Status } from './codes'

/** The stages of a unit and the field that holds when each was first reached. */
export const STAGE_FIELDS = {
  'return.requested.v1': 'requestedAt',
  'return.authorized.v1': 'authorizedAt',
  'return.rejected.v1': 'rejectedAt',
  'return.cancelled.v1': 'cancelledAt',
  'shipment.labelled.v1': 'labelledAt',
  'shipment.in_transit.v1': 'inTransitAt',
  'shipment.delivered.v1': 'deliveredAt',
  'shipment.lost.v1': 'lostAt',
  'unit.received.v1': 'receivedAt',
  'unit.inspected.v1': 'inspectedAt',
  'unit.split.v1': 'splitAt',
  'unit.dispositioned.v1': 'dispositionedAt',
} as const
export type StageField = (typeof STAGE_FIELDS)[keyof typeof STAGE_FIELDS]

export type Decision = 'authorized' | 'rejected' | 'cancelled'

/** What a unit's own events say of it. Times in milliseconds, amounts in 1/10,000; '' and 0 are "not said". */
export interface UnitFold extends Record<StageField, number> {
  id: string
  parentId: string
  rmaId: string
  orderId: string
  orderLineId: string
  sku: string
  quantity: number
  receivedQuantity: number
  status: Status
  statusAt: number
  decision: Decision | ''
  reason: string
  returnType: string
  comment: string
  condition: string
  finding: string
  serial: string
  serialMatch: boolean | undefined
  accessoriesComplete: boolean | undefined
  lot: string
  disposition: Disposition | ''
  ruleRow: string
  overridden: boolean
  facility: string
  location: string
  carrier: string
  tracking: string
  expectedAt: number
  policyVersion: string
  policyRow: string
  currency: string
  unitPrice: Units
  unitCost: Units
  /** What one piece is worth where the last movement said so; undefined: its cost. */
  unitValue: Units | undefined
  channel: string
  entity: string
  category: string
  supplierId: string
  customerId: string
  segment: string
  country: string
  soldAt: number
  finalAt: number
  /** Children of the latest split, with their quantities. */
  children: readonly { id: string; quantity: number }[]
  lastAt: number
  lastOrder: string
}

/** What a unit inherits: its parent's lineage, the split that made it, and the quantity it was given. */
export interface Birth {
  readonly parentId: string
  readonly at: number
  readonly quantity: number
  /** The parent's lineage up to the split. */
  readonly past: readonly CaseEvent[]
}

/** Latest non-empty values by field, from events of these types (docs/facts.md §4, "Codes"). */
const TEXTS: readonly [field: TextField, from: RegExp, key: string][] = [
  ['rmaId', /^(return\.requested|unit\.received)/, 'rma_id'],
  ['orderId', /^return\.requested/, 'order_id'],
  ['orderLineId', /^return\.requested/, 'order_line_id'],
  ['sku', /^(return\.requested|unit\.received)/, 'sku'],
  ['reason', /^return\.requested/, 'reason_code'],
  ['comment', /^return\.requested/, 'comment'],
  ['condition', /^unit\.(received|inspected)/, 'condition_code'],
  ['finding', /^unit\.inspected/, 'finding_code'],
  ['serial', /^unit\.(received|inspected)/, 'serial'],
  ['lot', /^unit\.received/, 'lot'],
  ['ruleRow', /^unit\.dispositioned/, 'rule_row'],
  ['facility', /^(return\.requested|shipment\.|unit\.(received|inspected|moved))/, 'facility'],
  ['location', /^unit\.(received|moved)/, 'location'],
  ['carrier', /^shipment\./, 'carrier'],
  ['tracking', /^shipment\./, 'tracking_number'],
  ['policyVersion', /^return\.(authorized|rejected|cancelled)/, 'policy_version'],
  ['policyRow', /^return\./, 'policy_row'],
  ['currency', /^return\.requested/, 'currency'],
  ['channel', /^return\.requested/, 'channel'],
  ['entity', /^return\.requested/, 'entity'],
  ['category', /^return\.requested/, 'category'],
  ['supplierId', /^return\.requested/, 'supplier_id'],
  ['customerId', /^return\.requested/, 'customer_id'],
  ['segment', /^return\.requested/, 'segment'],
  ['country', /^return\.requested/, 'country'],
]
type TextField =
  | 'rmaId'
  | 'orderId'
  | 'orderLineId'
  | 'sku'
  | 'reason'
  | 'comment'
  | 'condition'
  | 'finding'
  | 'serial'
  | 'lot'
  | 'ruleRow'
  | 'facility'
  | 'location'
  | 'carrier'
  | 'tracking'
  | 'policyVersion'
  | 'policyRow'
  | 'currency'
  | 'channel'
  | 'entity'
  | 'category'
  | 'supplierId'
  | 'customerId'
  | 'segment'
  | 'country'

const FINAL = new Set<string>(FINAL_STATUSES)
const KNOWN = new Set<string>(STATUSES)
const isStatus = (value: string): value is Status => KNOWN.has(value)

/**
 * A unit's state from its live, not voided events in any order, as docs/facts.md §4 defines it. The same events give the same state, so that
 * a late one or a correction is folded in by folding again. Returns undefined when nothing is known of the unit.
 */
export function foldUnit(id: string, own: readonly CaseEvent[], birth?: Birth): UnitFold | undefined {
  const events = [...(birth?.past ?? []), ...own].filter((event) => !event.voided).sort(inOrder)
  const last = events.at(-1)
  if (!last) return undefined
  const fold: UnitFold = { ...BLANK, id }
  for (const event of events) take(fold, event)
  if (fold.returnType === '' && fold.requestedAt) fold.returnType = 'refund'
  if (birth) {
    fold.parentId = birth.parentId
    fold.quantity = birth.quantity
    // A split of the parent is the child's birth, not its end.
    const split = own.filter((event) => event.type === 'unit.split.v1' && !event.voided).sort(inOrder)
    fold.splitAt = split[0]?.time ?? 0
    fold.children = childrenOf(split.at(-1))
  } else if (fold.quantity === 0) fold.quantity = fold.receivedQuantity
  readStatus(fold, events)
  fold.lastAt = last.time
  fold.lastOrder = orderKey(last)
  return fold
}

const BLANK: UnitFold = {
  ...(Object.fromEntries(Object.values(STAGE_FIELDS).map((field) => [field, 0])) as Record<StageField, number>),
  ...(Object.fromEntries(TEXTS.map(([field]) => [field, ''])) as Record<TextField, string>),
  id: '',
  parentId: '',
  quantity: 0,
  receivedQuantity: 0,
  status: 'expected',
  statusAt: 0,
  decision: '',
  returnType: '',
  serialMatch: undefined,
  accessoriesComplete: undefined,
  disposition: '',
  overridden: false,
  expectedAt: 0,
  unitPrice: units(0n),
  unitCost: units(0n),
  unitValue: undefined,
  soldAt: 0,
  finalAt: 0,
  children: [],
  lastAt: 0,
  lastOrder: '',
}

const textsByType = new Map<string, readonly (readonly [TextField, string])[]>()

/** What texts events of a type say. There are as many types as the contract has. */
function textsOf(type: string): readonly (readonly [TextField, string])[] {
  const known = textsByType.get(type)
  if (known) return known
  const texts = TEXTS.flatMap(([field, from, key]) => (from.test(type) ? [[field, key] as const] : []))
  textsByType.set(type, texts)
  return texts
}

const DECISIONS: Record<string, Decision> = {
  'return.authorized.v1': 'authorized',
  'return.rejected.v1': 'rejected',
  'return.cancelled.v1': 'cancelled',
}

function take(fold: UnitFold, event: CaseEvent): void {
  const { type } = event
  if (type in STAGE_FIELDS) {
    const field = STAGE_FIELDS[type as keyof typeof STAGE_FIELDS]
    if (fold[field] === 0) fold[field] = event.time
  }
  for (const [field, key] of textsOf(type)) {
    const value = text(event, key)
    if (value !== '') fold[field] = value
  }
  const decision = DECISIONS[type]
  if (decision) fold.decision = decision
  switch (type) {
    case 'return.requested.v1':
      fold.quantity = number(event, 'quantity') ?? fold.quantity
      fold.returnType = text(event, 'return_type') || fold.returnType || 'refund'
      fold.unitPrice = amount(event, 'unit_price') ?? fold.unitPrice
      fold.unitCost = amount(event, 'unit_cost') ?? fold.unitCost
      fold.soldAt = Date.parse(text(event, 'sold_at')) || fold.soldAt
      break
    case 'unit.received.v1':
      fold.receivedQuantity = number(event, 'quantity') ?? 0
      break
    case 'unit.inspected.v1':
      fold.serialMatch = flag(event, 'serial_match') ?? fold.serialMatch
      fold.accessoriesComplete = flag(event, 'accessories_complete') ?? fold.accessoriesComplete
      break
    case 'unit.dispositioned.v1':
      fold.disposition = text(event, 'disposition') as Disposition
      fold.overridden = flag(event, 'overridden') ?? false
      break
    case 'unit.split.v1':
      fold.children = childrenOf(event)
      break
    default:
      if (type.startsWith('shipment.')) fold.expectedAt = Date.parse(text(event, 'expected_at')) || fold.expectedAt
  }
}

const amount = (event: CaseEvent, field: string): Units | undefined => {
  const value = amountField(event, field)
  return value === undefined ? undefined : parseAmount(value)
}

function childrenOf(split: CaseEvent | undefined): UnitFold['children'] {
  const into = split?.data.into
  if (!Array.isArray(into)) return []
  return into.flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'unit_id' in part && 'quantity' in part
      ? [{ id: String(part.unit_id), quantity: Number(part.quantity) }]
      : [],
  )
}

/** Order of stages at one instant; movements come after them all. */
const RANK = [
  'return.requested.v1',
  'return.authorized.v1',
  'shipment.labelled.v1',
  'shipment.in_transit.v1',
  'shipment.delivered.v1',
  'unit.received.v1',
  'unit.inspected.v1',
  'unit.dispositioned.v1',
  'return.rejected.v1',
  'return.cancelled.v1',
  'shipment.lost.v1',
  'unit.moved.v1',
]

const IMPLIED: Record<string, Status> = {
  'return.requested.v1': 'expected',
  'return.authorized.v1': 'expected',
  'shipment.labelled.v1': 'expected',
  'shipment.in_transit.v1': 'in_transit',
  'shipment.delivered.v1': 'in_transit',
  'unit.received.v1': 'received',
  'unit.inspected.v1': 'received',
  'return.rejected.v1': 'cancelled',
  'return.cancelled.v1': 'cancelled',
  'shipment.lost.v1': 'lost',
}

/** The status log of docs/facts.md §4, read to its end. */
function readStatus(fold: UnitFold, events: readonly CaseEvent[]): void {
  const firstMovement = events.find((event) => event.type === 'unit.moved.v1')?.time ?? Number.POSITIVE_INFINITY
  const entries = events.flatMap((event) => {
    const status = statusOf(event, firstMovement)
    return status ? [{ event, status, rank: RANK.indexOf(event.type) }] : []
  })
  entries.sort((a, b) => a.event.time - b.event.time || a.rank - b.rank || inOrder(a.event, b.event))
  const kept = entries.filter((entry, index) => entries[index + 1]?.event.time !== entry.event.time)
  for (const { event, status } of kept) {
    if (status !== fold.status || fold.statusAt === 0) fold.statusAt = event.time
    fold.status = status
    if (event.type === 'unit.moved.v1') fold.unitValue = amount(event, 'unit_value')
  }
  fold.finalAt = FINAL.has(fold.status) ? fold.statusAt : 0
}

function statusOf(event: CaseEvent, firstMovement: number): Status | undefined {
  if (event.type === 'unit.moved.v1') {
    const to = text(event, 'to_status')
    return isStatus(to) ? to : undefined
  }
  if (event.time >= firstMovement) return undefined
  if (event.type === 'unit.dispositioned.v1') return STATUS_OF_DISPOSITION[text(event, 'disposition') as Disposition]
  return IMPLIED[event.type]
}
