import { carryOut } from './aftermath'
import { DAY, MINUTE, SECOND } from './calendar'
import { claimInField } from './claims'
import type { Emitter } from './emitter'
import { workingTime } from './facilities'
import { inbound, receive } from './inbound'
import { chooseDisposition, inspect, inspectionTime } from './inspection'
import { journeyOf } from './journey'
import { ruleOf } from './release'
import type { Parcel, ReturnUnit } from './requests'
import { settle } from './settlement'
import { actor, move, type UnitCase } from './unit-case'
import type { World } from './world'

/** Takes each unit of a parcel through all its stages. `done` gets every unit (and every part of a split one) at its end. */
export function handleParcel(world: World, out: Emitter, parcel: Parcel, done: (self: UnitCase) => void): void {
  const journey = journeyOf(world, parcel)
  for (const unit of parcel.units) {
    const self: UnitCase = {
      world,
      out,
      random: parcel.random,
      unit,
      id: unit.id,
      quantity: unit.quantity,
      journey: { ...journey },
      rule: ruleOf(unit, parcel.random),
      unitCost: unit.line.unitCost,
      currency: parcel.order.country.currency,
      entity: parcel.order.channel.entity,
      moves: 0,
      costs: 0,
      stays: [],
    }
    inbound(self)
    if (receive(self)) handle(self, done)
    else settle(self)
    done(self)
  }
}

function handle(self: UnitCase, done: (part: UnitCase) => void): void {
  const { random } = self
  const at = inspectionTime(self)
  if (random.chance(0.0012)) {
    // It was counted in, and is not found again.
    move(self, 'received', 'lost', at)
    settle(self)
    return
  }
  if (self.unit.line.order.channel.id === 'wholesale' && self.quantity >= 4 && random.chance(0.45))
    split(self, at, done)
  else finish(self, at)
}

function finish(self: UnitCase, at: number): void {
  inspect(self, at)
  const decided = workingTime(
    self.unit.parcel.facility,
    self.world.story,
    at + self.random.lognormal(0.16, 0.9) * DAY + MINUTE,
    self.random,
  )
  carryOut(self, chooseDisposition(self), 'received', decided)
  claimInField(self, decided)
  settle(self)
}

/** A trade carton that is not uniform becomes two or three units, whose quantities add up to it; each goes its own way. */
function split(self: UnitCase, at: number, done: (part: UnitCase) => void): void {
  const { random } = self
  const sizes = parts(self)
  const ids = sizes.map((_, index) => `${self.id}-${'abc'[index] ?? 'z'}`)
  self.out.put('unit.split.v1', self.unit.parcel.facility.source, `${self.id}-sp`, at, self.id, {
    unit_id: self.id,
    into: sizes.map((quantity, index) => ({ unit_id: ids[index] ?? '', quantity })),
    actor: actor(self, 'in'),
  })
  const stay = self.stays.at(-1)
  if (stay) stay.to = at
  sizes.forEach((quantity, index) => {
    const id = ids[index] ?? ''
    const reason: ReturnUnit['reason'] = index === 0 ? self.unit.reason : 'changed_mind'
    const part: UnitCase = {
      ...self,
      id,
      quantity,
      unit: { ...self.unit, id, quantity, reason, index: 1 },
      moves: 0,
      costs: 0,
      stays: [{ status: 'received', from: at, to: Number.POSITIVE_INFINITY }],
    }
    finish(part, at + (index + 1) * 4 * MINUTE + SECOND * random.int(0, 50))
    done(part)
  })
}

function parts(self: UnitCase): number[] {
  const { random, quantity } = self
  const first = random.int(1, quantity - 1)
  const rest = quantity - first
  if (rest < 2 || random.chance(0.6)) return [first, rest]
  const second = random.int(1, rest - 1)
  return [first, second, rest - second]
}
