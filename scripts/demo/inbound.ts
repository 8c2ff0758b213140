import { DAY, HOUR, isJanuary, iso, SECOND } from './calendar'
import { amountText, share } from './cents'
import { PORTAL, WORKFLOW } from './emitter'
import { raise } from './exceptions'
import { shiftAt, slowdown, workingTime } from './facilities'
import { actor, cost, move, type UnitCase } from './unit-case'

const COMMENTS = [
  'Nicht wie erwartet, siehe Foto.',
  'Bought for my sister, she already has one.',
  'Le colis etait deja ouvert.',
  'Kolor inny niż na zdjęciu.',
  'Ordered twice by mistake.',
  'Het past niet in de kast.',
  'Smells strange out of the box.',
]

/** Stages 1 and 2: the request, its decision, the label and the parcel's way. */
export function inbound(self: UnitCase): void {
  const { journey, unit } = self
  const { parcel } = unit
  const late = unit.index * SECOND
  if (!journey.blind) request(self, parcel.requestedAt + late)
  if (journey.authorizedAt)
    decide(self, 'return.authorized.v1', journey.authorizedAt + late, unit.inPolicy ? 'in_policy' : 'goodwill_window')
  if (journey.rejectedAt) {
    decide(self, 'return.rejected.v1', journey.rejectedAt + late, unit.inPolicy ? 'final_sale' : 'window_expired')
    move(self, 'expected', 'cancelled', journey.rejectedAt + late + SECOND)
  }
  const shipment = {
    unit_id: self.id,
    carrier: parcel.carrier,
    tracking_number: parcel.tracking,
    facility: parcel.facility.id,
  }
  const source = `/carriers/${parcel.carrier}`
  if (journey.labelledAt)
    self.out.put('shipment.labelled.v1', WORKFLOW, `${self.id}-lb`, journey.labelledAt + late, self.id, shipment)
  if (journey.cancelledAt) {
    decide(self, 'return.cancelled.v1', journey.cancelledAt + late, 'label_not_used')
    move(self, 'expected', 'cancelled', journey.cancelledAt + late + SECOND)
  }
  if (journey.scannedAt && journey.expectedAt) {
    const scanned = journey.scannedAt + late
    self.out.put('shipment.in_transit.v1', source, `${self.id}-it`, scanned, self.id, {
      ...shipment,
      expected_at: iso(journey.expectedAt),
    })
    move(self, 'expected', 'in_transit', scanned + SECOND)
    freight(self, scanned + 26 * HOUR)
    const end = journey.deliveredAt ?? journey.lostAt ?? 0
    if (end > journey.expectedAt + 5 * DAY) raise(self, 'late_shipment', journey.expectedAt + 5 * DAY, end + HOUR)
  }
  if (journey.lostAt) {
    self.out.put('shipment.lost.v1', source, `${self.id}-lo`, journey.lostAt, self.id, shipment)
    move(self, 'in_transit', 'lost', journey.lostAt + SECOND)
    raise(self, 'lost_shipment', journey.lostAt + HOUR)
  }
  if (journey.deliveredAt)
    self.out.put('shipment.delivered.v1', source, `${self.id}-dl`, journey.deliveredAt + late, self.id, shipment)
}

/** The request. What the sale says already (category, brand, supplier …) is not said again. */
export function request(self: UnitCase, at: number): void {
  const { unit } = self
  const { line, parcel } = unit
  const { order } = line
  const source = order.channel.id === 'amazon-de' ? order.channel.source : PORTAL
  const noted = unit.reason === 'other' || self.random.chance(0.04)
  self.out.put('return.requested.v1', source, `${self.id}-rq`, at, self.id, {
    unit_id: self.id,
    rma_id: parcel.rma,
    order_id: order.id,
    order_line_id: line.id,
    sku: line.sku.id,
    quantity: unit.quantity,
    reason_code: unit.reason,
    return_type: unit.type,
    channel: order.channel.id,
    customer_id: order.customer,
    ...(noted ? { comment: self.random.of(COMMENTS) } : {}),
    facility: parcel.facility.id,
    unit_price: amountText(Math.floor(line.net / line.quantity)),
    unit_cost: amountText(self.unitCost),
    currency: self.currency,
    sold_at: iso(order.at),
    policy_row: unit.policyRow,
  })
}

export function decide(
  self: UnitCase,
  type: 'return.authorized.v1' | 'return.rejected.v1' | 'return.cancelled.v1',
  at: number,
  reason: string,
): void {
  const automatic = at - self.unit.parcel.requestedAt < HOUR || reason === 'label_not_used'
  self.out.put(type, WORKFLOW, `${self.id}-${type.slice(7, 9)}`, at, self.id, {
    unit_id: self.id,
    reason,
    policy_version: self.unit.policyRow.slice(self.unit.policyRow.lastIndexOf('-') + 1),
    policy_row: self.unit.policyRow,
    actor: automatic ? 'system' : actor(self, 'cs'),
  })
}

/** The parcel's freight, divided among its units; furniture and cartons cost more. */
function freight(self: UnitCase, at: number): void {
  const { parcel } = self.unit
  const bulky = self.unit.line.sku.product.bulky ? 4.6 : 1
  const carton = parcel.order.channel.id === 'wholesale' ? 3.2 : 1
  const parcelCost = Math.round(self.random.lognormal(parcel.facility.parcel, 0.24) * Math.max(bulky, carton))
  cost(
    self,
    'return_freight',
    share(parcelCost, 1, parcel.units.length),
    parcel.facility.currency,
    `/carriers/${parcel.carrier}`,
    at,
  )
}

/** Stage 3: counted in at the dock. Returns whether the unit is here. */
export function receive(self: UnitCase): boolean {
  const { journey, unit, world, random } = self
  const { facility } = unit.parcel
  if (!journey.deliveredAt) return false
  const queue = random.lognormal(0.42, 0.8) * (isJanuary(journey.deliveredAt) ? 3 : 1)
  const crowded = Math.sqrt(slowdown(facility, world.story, journey.deliveredAt))
  const at = workingTime(facility, world.story, journey.deliveredAt + queue * crowded * DAY, random)
  const short = self.quantity > 1 && random.chance(unit.line.order.channel.id === 'wholesale' ? 0.08 : 0.07)
  const quantity = short
    ? Math.max(1, self.quantity - random.int(1, Math.max(1, Math.floor(self.quantity / 4))))
    : self.quantity
  // The 3PL sends some of its receipts a day or more after the fact.
  const known = facility.kind === '3pl' && random.chance(0.03) ? at + random.between(0.5, 3.5) * DAY : at
  self.receivedAt = at
  self.receivedQuantity = quantity
  const data = {
    unit_id: self.id,
    ...(journey.blind ? {} : { rma_id: unit.parcel.rma }),
    facility: facility.id,
    quantity,
    sku: unit.line.sku.id,
    lot: unit.line.lot,
    location: 'dock',
    shift: shiftAt(facility, at),
    actor: actor(self, 'rx'),
  }
  self.out.put('unit.received.v1', facility.source, `${self.id}-rc`, at, self.id, data, { known })
  // A few parcels are scanned twice, hours apart, and the wrong scan is taken back.
  if (random.chance(0.002)) {
    const wrong = at - random.between(0.5, 3) * HOUR
    self.out.put('unit.received.v1', facility.source, `${self.id}-rc0`, wrong, self.id, {
      ...data,
      quantity: self.quantity,
    })
    self.out.put('unit.received.v1', facility.source, `${self.id}-rc0`, wrong, self.id, data, {
      known: at + HOUR,
      revision: 1,
      voided: true,
    })
  }
  move(self, journey.blind ? 'expected' : 'in_transit', 'received', at + SECOND)
  if (short) raise(self, 'quantity_mismatch', at + HOUR)
  if (journey.blind) return match(self, at)
  return true
}

/** A blind receipt is matched to its order after some days, and only then asked for and inspected; some never are. */
function match(self: UnitCase, at: number): boolean {
  const { matchedAt } = self.journey
  raise(self, 'unmatched_receipt', at + 2 * SECOND, matchedAt ? Math.max(matchedAt, at + HOUR) : null)
  if (!matchedAt) return false
  const asked = Math.max(matchedAt, at + HOUR)
  request(self, asked)
  decide(self, 'return.authorized.v1', asked + 60 * SECOND, 'matched_receipt')
  self.journey.matchedAt = asked
  return true
}
