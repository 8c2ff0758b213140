import type { Disposition, Finding } from '../../lib/returns/codes'
import { DAY, HOUR, MINUTE, SECOND } from './calendar'
import { share } from './cents'
import { raise } from './exceptions'
import { shiftAt, slowdown, workingTime } from './facilities'
import { Weighted } from './prng'
import { CONDITION_OF, FINDINGS_BY_REASON, RATES } from './rates'
import { SPIKE } from './story'
import { actor, cost, type UnitCase } from './unit-case'

const RING = Weighted.from<Finding>({ empty_box: 56, wrong_item_returned: 26, counterfeit: 12, used: 6 })
const SPOILT = Weighted.from<Finding>({ confirmed_defect: 93, no_fault_found: 7 })

/** Waits for a free hand: lognormal, mean 1.8 days, longer where the place is short of people; then during a shift. */
export function inspectionTime(self: UnitCase): number {
  const { random, world } = self
  const { facility } = self.unit.parcel
  const from = Math.max(self.receivedAt ?? 0, self.journey.matchedAt ?? 0)
  const wait = random.lognormal(0.95, 0.85) * slowdown(facility, world.story, from)
  return workingTime(facility, world.story, from + wait * DAY + 10 * MINUTE, random)
}

/** Stage 4, first half: condition, finding, serial, accessories, minutes. */
export function inspect(self: UnitCase, at: number): void {
  const { random, unit } = self
  const { line, parcel } = unit
  const { product } = line.sku
  const spoilt =
    line.lot === SPIKE.lot && (unit.reason === 'defective' || unit.reason === 'quality' || unit.reason === 'recall')
  const table = unit.ring ? RING : spoilt ? SPOILT : (FINDINGS_BY_REASON[unit.reason] ?? FINDINGS_BY_REASON.other)
  const finding = table.draw(random)
  const condition = CONDITION_OF[finding].draw(random)
  const serial = line.serials[0]
  const swapped =
    serial !== undefined &&
    finding !== 'empty_box' &&
    (finding === 'wrong_item_returned' || (!unit.ring && random.chance(0.002)))
  const minutes = Math.round(random.lognormal(RATES[product.category].minutes, 0.45) * self.quantity ** 0.6 * 10) / 10
  self.inspectedAt = at
  self.finding = finding
  self.condition = condition
  self.serialMatch = !swapped
  const { facility } = parcel
  const data = {
    unit_id: self.id,
    condition_code: condition,
    finding_code: finding,
    ...(serial !== undefined && finding !== 'empty_box'
      ? { serial: swapped ? `SX${serial.slice(2)}` : serial, serial_match: !swapped }
      : {}),
    ...(product.category === 'electronics' ? { accessories_complete: finding !== 'incomplete' } : {}),
    ...(condition === 'D' || condition === 'E' ? { evidence: [`evidence/${self.id}/1.jpg`] } : {}),
    labor_minutes: minutes,
    facility: facility.id,
    shift: shiftAt(facility, at),
    actor: actor(self, 'in'),
  }
  // A second look changes a few findings: the first version is replaced.
  const second = random.chance(0.004)
  const first = second ? { ...data, finding_code: 'no_fault_found' as const, condition_code: 'B' as const } : data
  self.out.put('unit.inspected.v1', facility.source, `${self.id}-in`, at, self.id, first)
  if (second)
    self.out.put('unit.inspected.v1', facility.source, `${self.id}-in`, at, self.id, data, {
      known: at + 40 * MINUTE,
      revision: 1,
    })
  cost(self, 'labor', share(facility.wage, minutes + 2, 60), facility.currency, facility.source, at + SECOND)
  if (random.chance(0.002)) twiceBilled(self, at)
  if (swapped) raise(self, 'serial_conflict', at + MINUTE)
  if (finding === 'incomplete' && product.category === 'electronics') raise(self, 'missing_accessory', at + MINUTE)
  if (unit.ring && random.chance(0.3)) raise(self, 'repeated_abuse', at + HOUR)
}

/** The same labour told twice under two ids; the second is taken back the same evening. */
function twiceBilled(self: UnitCase, at: number): void {
  const { facility } = self.unit.parcel
  const id = `${self.id}-cx`
  const data = { cost_id: id, unit_id: self.id, kind: 'labor' as const, amount: '3.10', currency: facility.currency }
  self.out.put('cost.incurred.v1', facility.source, id, at + MINUTE, self.id, data)
  self.out.put('cost.incurred.v1', facility.source, id, at + MINUTE, self.id, data, {
    known: at + 7 * HOUR,
    revision: 1,
    voided: true,
  })
}

/** Stage 4, second half: what is done with it, by category and finding. */
export function chooseDisposition(self: UnitCase): Disposition {
  const { random, unit, finding = 'as_new' } = self
  const { product } = unit.line.sku
  const rates = RATES[product.category]
  if (unit.line.lot === SPIKE.lot && finding === 'confirmed_defect')
    return random.chance(0.88) ? 'vendor_claim' : 'quarantine'
  const drawn = (rates.dispositions[finding] ?? rates.dispositions.as_new).draw(random)
  if (drawn === 'vendor_claim' && product.supplier.coverage === 0) return random.chance(0.5) ? 'liquidate' : 'scrap'
  // What was refunded already is ours, and does not go back.
  if (drawn === 'return_to_customer' && (unit.type === 'refused' || self.rule !== 'on_inspection')) return 'liquidate'
  return drawn
}

export function disposition(self: UnitCase, chosen: Disposition, at: number, step: number): void {
  const rule = `${self.unit.line.sku.product.category}-${self.condition ?? 'B'}-${self.finding ?? 'as_new'}`
  self.disposition = chosen
  self.dispositionedAt ??= at
  self.out.put('unit.dispositioned.v1', self.unit.parcel.facility.source, `${self.id}-ds${step}`, at, self.id, {
    unit_id: self.id,
    disposition: chosen,
    rule_row: rule,
    overridden: self.random.chance(0.03),
    actor: actor(self, 'ds'),
  })
}
