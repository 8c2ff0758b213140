import type { Condition, CostKind, Disposition, Finding, Status } from '../../lib/returns/codes'
import { amountText } from './cents'
import type { Emitter } from './emitter'
import { ACCOUNT, inventory, type Posting, post, returnCost } from './journal'
import type { Journey } from './journey'
import type { Random } from './prng'
import type { ReturnUnit } from './requests'
import type { World } from './world'

/** What the money waits for. */
export type ReleaseRule = 'on_request' | 'on_scan' | 'on_receipt' | 'on_inspection'

/** A return unit on its way through the stages: what is known of it so far. Split cartons make one for each part. */
export interface UnitCase {
  world: World
  out: Emitter
  random: Random
  unit: ReturnUnit
  /** The unit's id and quantity: of the part, after a split. */
  id: string
  quantity: number
  journey: Journey
  rule: ReleaseRule
  /** Cents in the order's currency. */
  unitCost: number
  currency: string
  entity: string
  receivedAt?: number
  receivedQuantity?: number
  inspectedAt?: number
  finding?: Finding
  condition?: Condition
  serialMatch?: boolean
  disposition?: Disposition
  dispositionedAt?: number
  moves: number
  costs: number
  /** Spans in each status, for the stock counts; open at the end. */
  stays: Stay[]
}
export interface Stay {
  status: Status
  from: number
  to: number
}

/** Location in a warehouse by status. */
export const LOCATION: Partial<Record<Status, string>> = {
  received: 'dock',
  hold: 'hold',
  quarantine: 'quarantine',
  refurbish: 'refurbish',
  vendor: 'outbound',
  sellable: 'sellable',
  liquidation: 'outbound',
  scrap: 'outbound',
}

/**
 * Moves the whole unit from one status to another, and posts what that does to the inventory accounts.
 * `worth` is what one piece is worth from now on, in cents; its cost unless said.
 */
export function move(self: UnitCase, from: Status, to: Status, at: number, worth = self.unitCost): void {
  self.moves += 1
  const { facility } = self.unit.parcel
  const id = `${self.id}-m${self.moves}`
  const location = LOCATION[to]
  self.out.put('unit.moved.v1', facility.source, id, at, self.id, {
    movement_id: id,
    unit_id: self.id,
    from_status: from,
    to_status: to,
    quantity: self.quantity,
    facility: facility.id,
    ...(location ? { location } : {}),
    unit_value: amountText(worth),
    currency: self.currency,
    actor: actor(self, 'mv'),
  })
  const last = self.stays.at(-1)
  if (last) last.to = at
  self.stays.push({ status: to, from: at, to: Number.POSITIVE_INFINITY })
  postMovement(self, id, from, to, at, worth)
}

function postMovement(self: UnitCase, id: string, from: Status, to: Status, at: number, worth: number): void {
  if ((from === 'expected' || from === 'in_transit') && to !== 'received') return
  const cost = self.unitCost * self.quantity
  post(
    self.out,
    { id, at, unit: self.id, entity: self.entity },
    self.currency,
    postingsOf(from, to, cost, worth * self.quantity),
  )
}

/** What a movement does to the accounts, by the status that it ends in; `value` is what the goods are worth there. */
function postingsOf(from: Status, to: Status, cost: number, value: number): Posting[] {
  switch (to) {
    case 'received':
      return [
        [inventory('received'), cost],
        [ACCOUNT.costOfSales, -cost],
      ]
    case 'restocked':
      return [
        [inventory('restocked'), value],
        [ACCOUNT.writeDown, cost - value],
        [inventory(from), -cost],
      ]
    case 'liquidated':
      return [
        [ACCOUNT.cash, value],
        [ACCOUNT.writeDown, cost - value],
        [inventory(from), -cost],
      ]
    default:
      return [
        [TAKES[to] ?? inventory(to), cost],
        [inventory(from), -cost],
      ]
  }
}
const TAKES: Partial<Record<Status, string>> = {
  returned_to_vendor: ACCOUNT.vendorRecovery,
  returned_to_customer: ACCOUNT.costOfSales,
  scrapped: ACCOUNT.writeOff,
  donated: ACCOUNT.writeOff,
  lost: ACCOUNT.writeOff,
}

/** Books a cost of the unit, in cents of `currency`; below zero when it is refunded to us. */
export function cost(
  self: UnitCase,
  kind: CostKind,
  cents: number,
  currency: string,
  source: string,
  at: number,
): void {
  if (cents === 0) return
  self.costs += 1
  const id = `${self.id}-c${self.costs}`
  self.out.put('cost.incurred.v1', source, id, at, self.id, {
    cost_id: id,
    unit_id: self.id,
    kind,
    amount: amountText(cents),
    currency,
  })
  post(self.out, { id, at, unit: self.id, entity: self.entity }, currency, [
    [returnCost(kind), cents],
    [ACCOUNT.accrued, -cents],
  ])
}

/** Who did it: a different crew for every duty, so that nobody inspects what he received or pays what he inspected. */
export function actor(self: UnitCase, duty: 'rx' | 'in' | 'mv' | 'ds' | 'cs' | 'fin'): string {
  const place = duty === 'cs' || duty === 'fin' ? self.entity : self.unit.parcel.facility.id
  return `${place}-${duty}-${self.random.int(1, duty === 'fin' ? 3 : 9)}`
}
