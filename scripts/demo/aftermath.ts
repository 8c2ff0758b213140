import type { Disposition, Status } from '../../lib/returns/codes'
import { DAY, HOUR, MINUTE, SECOND } from './calendar'
import { share } from './cents'
import { openClaim } from './claims'
import { slowdown, workingTime } from './facilities'
import { disposition } from './inspection'
import { LIQUIDATION_WORTH, RESTOCK_WORTH } from './rates'
import { cost, move, type UnitCase } from './unit-case'

/** Stages 4 to 6 from the decision on: the unit goes from `from` to its final status, with what that costs and brings. */
export function carryOut(self: UnitCase, chosen: Disposition, from: Status, at: number, step = 1): void {
  disposition(self, chosen, at, step)
  const start = at + SECOND
  switch (chosen) {
    case 'restock':
      restock(self, from, start, worthOf(self, RESTOCK_WORTH[self.condition ?? 'B']))
      break
    case 'refurbish':
      refurbish(self, from, start)
      break
    case 'liquidate':
      liquidate(self, from, start)
      break
    case 'scrap':
      scrap(self, from, start)
      break
    case 'vendor_claim':
      toVendor(self, from, start)
      break
    case 'donate':
      move(self, from, 'hold', start)
      move(self, 'hold', 'donated', work(self, start + self.random.between(5, 20) * DAY))
      break
    case 'return_to_customer':
      backToCustomer(self, from, start)
      break
    case 'quarantine':
      quarantine(self, from, start, step)
      break
  }
}

const work = (self: UnitCase, at: number): number =>
  workingTime(self.unit.parcel.facility, self.world.story, at, self.random)

const worthOf = (self: UnitCase, [from, to]: [number, number]): number =>
  share(self.unitCost, Math.round(self.random.between(from, to)), 100)

/** `worth` is what one piece is carried at once it is back on the shelf: its cost, less the write-down. */
function restock(self: UnitCase, from: Status, at: number, worth: number): void {
  const { facility } = self.unit.parcel
  const slow = slowdown(facility, self.world.story, at)
  move(self, from, 'sellable', at)
  move(self, 'sellable', 'restocked', work(self, at + self.random.lognormal(0.6, 0.6) * slow * DAY), worth)
}

function refurbish(self: UnitCase, from: Status, at: number): void {
  const { random } = self
  const { facility } = self.unit.parcel
  move(self, from, 'refurbish', at)
  const done = work(self, at + random.lognormal(10.5, 0.5) * DAY)
  const parts = share(self.unitCost, Math.round(random.between(5, 16)), 100) * self.quantity
  cost(self, 'refurbishment', parts + 150, self.currency, facility.source, done - MINUTE)
  if (random.chance(0.08)) liquidate(self, 'refurbish', done)
  else restock(self, 'refurbish', done, worthOf(self, [58, 82]))
}

function liquidate(self: UnitCase, from: Status, at: number): void {
  move(self, from, 'liquidation', at)
  const sold = work(self, at + self.random.between(9, 38) * DAY)
  move(self, 'liquidation', 'liquidated', sold, worthOf(self, LIQUIDATION_WORTH[self.condition ?? 'C']))
}

function scrap(self: UnitCase, from: Status, at: number): void {
  const { random } = self
  const { facility, units } = self.unit.parcel
  move(self, from, 'scrap', at)
  const gone = work(self, at + random.between(2, 14) * DAY)
  move(self, 'scrap', 'scrapped', gone)
  if (self.finding === 'empty_box') return
  const each = facility.currency === 'PLN' ? 360 : 85
  const size = self.unit.line.sku.product.bulky ? 9 : 1
  cost(
    self,
    'disposal',
    Math.round(each * size * self.quantity * random.between(0.8, 1.4)),
    facility.currency,
    facility.source,
    gone + units.length,
  )
}

/** Held for the supplier; goes back when it accepts, and is sold or scrapped when it does not. */
function toVendor(self: UnitCase, from: Status, at: number): void {
  move(self, from, 'vendor', at)
  const answer = openClaim(self, at, true)
  if (answer.accepted)
    move(self, 'vendor', 'returned_to_vendor', work(self, answer.at + self.random.between(1, 6) * DAY))
  else if (self.random.chance(0.6)) liquidate(self, 'vendor', work(self, answer.at + DAY))
  else scrap(self, 'vendor', work(self, answer.at + DAY))
}

function backToCustomer(self: UnitCase, from: Status, at: number): void {
  const { facility } = self.unit.parcel
  move(self, from, 'hold', at)
  const sent = work(self, at + self.random.between(2, 7) * DAY)
  move(self, 'hold', 'returned_to_customer', sent)
  cost(self, 'outbound_freight', facility.parcel, facility.currency, facility.source, sent + HOUR)
}

/** A second decision is made after the goods were cleared: two steps, and the last one counts. */
function quarantine(self: UnitCase, from: Status, at: number, step: number): void {
  const { random, finding } = self
  move(self, from, 'quarantine', at)
  const cleared = work(self, at + random.lognormal(9, 0.5) * DAY)
  const next: Disposition =
    finding === 'confirmed_defect'
      ? 'vendor_claim'
      : finding === 'wrong_item_returned' && self.rule === 'on_inspection' && random.chance(0.45)
        ? 'return_to_customer'
        : random.chance(0.5)
          ? 'liquidate'
          : 'scrap'
  const covered = self.unit.line.sku.product.supplier.coverage > 0
  carryOut(self, next === 'vendor_claim' && !covered ? 'scrap' : next, 'quarantine', cleared, step + 1)
}
