import { DAY, HOUR } from './calendar'
import { amountText, share } from './cents'
import { WORKFLOW } from './emitter'
import { ACCOUNT, post } from './journal'
import { SPIKE } from './story'
import type { UnitCase } from './unit-case'

export interface Answer {
  accepted: boolean
  at: number
}

/**
 * Asks the supplier for its share of the cost: opened within days of the inspection, answered after about five weeks, paid four weeks
 * later. `held` = the goods wait for the answer. Returns the answer, which may lie in the future.
 */
export function openClaim(self: UnitCase, from: number, held: boolean): Answer {
  const { random, unit, out } = self
  const { supplier } = unit.line.sku.product
  const badLot = unit.line.lot === SPIKE.lot
  const at = from + random.between(held ? 0.05 : 1, held ? 3 : 11) * DAY
  const id = `CL-${self.id}`
  const asked = Math.round(self.unitCost * self.quantity * supplier.coverage * random.between(0.92, 1))
  const amount = Math.max(1, self.world.fx.convert(asked, self.currency, supplier.currency, at))
  const about = { claim_id: id, unit_id: self.id, supplier_id: supplier.id, currency: supplier.currency }
  const tell = (
    type: 'claim.opened.v1' | 'claim.submitted.v1' | 'claim.accepted.v1' | 'claim.rejected.v1' | 'claim.recovered.v1',
    when: number,
    cents: number,
    more: object,
    part = '',
  ) =>
    out.put(type, WORKFLOW, `${id}-${type.slice(6, 8)}${part}`, when, self.id, {
      ...about,
      amount: amountText(cents),
      ...more,
    })
  const reason = badLot ? 'defective_lot' : (self.finding ?? 'confirmed_defect')
  tell('claim.opened.v1', at, amount, { reason })
  const submitted = at + random.between(0.2, 4) * DAY
  tell('claim.submitted.v1', submitted, amount, { reason, external_ref: `${supplier.id}/${self.id}` })
  const answered = submitted + random.lognormal(badLot ? 14 : 32, 0.35) * DAY
  if (!random.chance(badLot ? 0.97 : 0.8)) {
    tell('claim.rejected.v1', answered, amount, {
      reason: random.of(['customer_damage', 'outside_agreement', 'no_fault_found']),
    })
    return { accepted: false, at: answered }
  }
  const accepted = share(amount, Math.round(random.between(90, 100)), 100)
  tell('claim.accepted.v1', answered, accepted, {})
  const booked = { unit: self.id, entity: self.entity }
  post(out, { id: `${id}-accepted`, at: answered, ...booked }, supplier.currency, [
    [ACCOUNT.claims, accepted],
    [ACCOUNT.vendorRecovery, -accepted],
  ])
  if (random.chance(0.93)) pay(self, id, accepted, answered, tell)
  return { accepted: true, at: answered }
}

type Tell = (type: 'claim.recovered.v1', when: number, cents: number, more: object, part: string) => void

/** Credited at once, or in two parts: the recovered amount of a claim is what has come so far. */
function pay(self: UnitCase, id: string, accepted: number, answered: number, tell: Tell): void {
  const { random } = self
  const { supplier } = self.unit.line.sku.product
  const booked = { unit: self.id, entity: self.entity }
  const parts = random.chance(0.1)
    ? [share(accepted, 1, 2), accepted]
    : [share(accepted, random.chance(0.7) ? 100 : random.int(85, 99), 100)]
  let paid = 0
  let at = answered
  parts.forEach((total, index) => {
    at += random.lognormal(24, 0.4) * DAY + HOUR
    tell('claim.recovered.v1', at, total, {}, String(index + 1))
    post(self.out, { id: `${id}-paid${index + 1}`, at, ...booked }, supplier.currency, [
      [ACCOUNT.cash, total - paid],
      [ACCOUNT.claims, paid - total],
    ])
    paid = total
  })
}

/** Most supplier faults are claimed even where the goods are not sent back; some are forgotten until the window has closed. */
export function claimInField(self: UnitCase, at: number): void {
  const { supplier } = self.unit.line.sku.product
  if (self.finding !== 'confirmed_defect' || supplier.coverage === 0) return
  if (self.disposition === 'vendor_claim' || self.disposition === 'quarantine') return
  if (self.random.chance(0.7)) openClaim(self, at, false)
}
