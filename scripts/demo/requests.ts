import type { Reason, ReturnType } from '../../lib/returns/codes'
import { DAY, dayOf, HOUR, isHolidaySeason, REQUEST_HOURS, weekdayOf } from './calendar'
import { carriersOf, trackingNumber } from './carriers'
import { FACILITY, type Facility } from './facilities'
import type { Line, Order } from './orders'
import { Random, Weighted } from './prng'
import { RATES } from './rates'
import { within } from './story'
import { daysAgo, type World } from './world'

/** One return unit as its customer asked for it; what happens to it afterwards is drawn by the stages. */
export interface ReturnUnit {
  id: string
  line: Line
  quantity: number
  reason: Reason
  type: ReturnType
  parcel: Parcel
  policyRow: string
  inPolicy: boolean
  ring: boolean
  /** Place among the units of its parcel. */
  index: number
}
/** What travels together: one label, one scan, one bill. */
export interface Parcel {
  rma: string
  order: Order
  requestedAt: number
  facility: Facility
  carrier: string
  tracking: string
  units: ReturnUnit[]
  random: Random
}

const HOURS = new Weighted(
  REQUEST_HOURS.map((_, hour) => hour),
  (hour) => REQUEST_HOURS[hour] ?? 0,
)
const SMALL = Weighted.from<Reason>({
  too_small: 76,
  too_large: 2,
  changed_mind: 9,
  quality: 5,
  other: 4,
  not_as_described: 4,
})
const SPOILT = Weighted.from<Reason>({ defective: 84, quality: 9, changed_mind: 4, not_as_described: 3 })
const TRY_ON = Weighted.from<Reason>({ too_small: 44, too_large: 44, changed_mind: 12 })
const WINDOW = 30

/** What of an order comes back, as parcels; most orders give none. */
export function parcelsOf(world: World, order: Order): Parcel[] {
  const random = new Random(world.seed, 51, order.channel.index, order.day, order.number)
  const parcels: Parcel[] = []
  for (const line of order.lines) {
    const back = returnedQuantity(world, line, random)
    if (back === 0) continue
    const first = parcels[0]
    const parcel = first && !random.chance(0.12) ? first : newParcel(world, order, line, parcels.length + 1, random)
    if (parcel !== first || !first) parcels.push(parcel)
    addUnits(world, parcel, line, back, random)
  }
  return parcels
}

function returnedQuantity(world: World, line: Line, random: Random): number {
  const { order, sku } = line
  const { channel } = order
  const draw = random.next()
  if (line.bracket) return line.bracket === 'back' ? 1 : 0
  if (order.ring) return draw < 0.93 ? line.quantity : 0
  const { product } = sku
  let p = RATES[product.category].rate * channel.returns * product.returns * order.habit * CALIBRATION
  if (order.campaign === 'social-ads') p *= 1.3
  if (order.segment === 'vip') p *= 0.9
  if (isHolidaySeason(order.day)) p *= 1.12
  if (isSpoilt(world, line)) p *= 3.7
  if (isWorse(world, line)) p *= 1.5
  if (channel.id === 'web-eu' && order.at >= world.story.freeReturnsFrom) p *= 1.24
  // Sizes that are tried on in pairs are counted above; the rest of the category comes back less.
  if (channel.id.startsWith('web'))
    p *= product.category === 'apparel' ? 0.92 : product.category === 'footwear' ? 0.76 : 1
  if (draw >= Math.min(0.9, p)) return 0
  if (channel.id === 'wholesale') return Math.max(1, Math.round(line.quantity * random.between(0.4, 1)))
  return line.quantity === 1 || random.chance(0.62) ? line.quantity : 1
}
const CALIBRATION = 1.04

const isSpoilt = (world: World, line: Line) => line.sku.product.spike && within(world.story.spike, line.order.day * DAY)
const isWorse = (world: World, line: Line) =>
  line.sku.product.worseFrom > 0 && daysAgo(world, line.order.at) < line.sku.product.worseFrom

function newParcel(world: World, order: Order, line: Line, number: number, random: Random): Parcel {
  const facility = comesBackTo(order, line)
  const carrier = carriersOf(order.country.code, order.channel.id === 'wholesale').draw(random)
  return {
    rma: `R${order.id}${number === 1 ? '' : `-${number}`}`,
    order,
    requestedAt: requestTime(order, random),
    facility,
    carrier,
    tracking: trackingNumber(carrier, order.day * 100_000 + order.number * 10 + order.channel.index * 3 + number),
    units: [],
    random: new Random(world.seed, 52, order.channel.index, order.day, order.number, number),
  }
}

/** Electronics go where they can be repaired, the rest to the warehouse of the region. */
function comesBackTo(order: Order, line: Line): Facility {
  if (order.facility.id === 'columbus') return FACILITY.columbus
  return line.sku.product.category === 'electronics' && order.channel.id !== 'wholesale'
    ? FACILITY.venlo
    : order.facility
}

/** Days until the customer asks: lognormal with median 8 and sigma 0.8 after delivery, longer before the holidays. */
function requestTime(order: Order, random: Random): number {
  const delivered = order.at + random.lognormal(2.6, 0.4) * DAY
  let wait = random.lognormal(8, 0.8)
  if (isHolidaySeason(order.day) && random.chance(0.55)) {
    const january = Date.UTC(new Date(order.at).getUTCFullYear() + 1, 0, 1)
    wait = Math.max(1, (january - delivered) / DAY + random.between(-4, 3) + random.wait(7))
  } else if (wait > WINDOW + 5 && random.chance(0.6)) wait = random.between(4, WINDOW)
  const day = mondayShift(dayOf(delivered + wait * DAY), random)
  const hour = HOURS.draw(random) + random.next()
  return Math.max(delivered + HOUR, Math.floor(day * DAY + hour * HOUR - order.facility.zone.offset(delivered)))
}

/** Mondays have the most requests: part of the weekend's parcels are opened then, part of the week's put off. */
function mondayShift(day: number, random: Random): number {
  const weekday = weekdayOf(day)
  const chance = weekday === 6 ? 0.3 : weekday === 0 ? 0.3 : weekday === 1 ? 0 : 0.05
  return random.chance(chance) ? day + ((8 - weekday) % 7 || 7) : day
}

function addUnits(world: World, parcel: Parcel, line: Line, back: number, random: Random): void {
  const { order } = parcel
  const asOne = back === 1 || order.channel.id === 'wholesale' || random.chance(0.45)
  const reason = reasonOf(world, line, parcel, random)
  const late = (parcel.requestedAt - order.at) / DAY > WINDOW + 8 && !inHolidayWindow(order, parcel.requestedAt)
  const type = typeOf(order, reason, late, line, random)
  for (let number = 1; number <= (asOne ? 1 : back); number++)
    parcel.units.push({
      id: `U${line.id}${number === 1 ? '' : `-${number}`}`,
      line,
      quantity: asOne ? back : 1,
      reason: type === 'warranty' ? 'warranty' : reason,
      type,
      parcel,
      policyRow: policyRow(world, order, type, parcel.requestedAt),
      inPolicy: !late || type === 'warranty' || type === 'refused',
      ring: order.ring,
      index: parcel.units.length,
    })
}

/** What was bought before the holidays may come back until the end of January. */
const inHolidayWindow = (order: Order, at: number): boolean =>
  isHolidaySeason(order.day) && at < Date.UTC(new Date(order.at).getUTCFullYear() + 1, 1, 3)

function reasonOf(world: World, line: Line, parcel: Parcel, random: Random): Reason {
  const { product } = line.sku
  if (isSpoilt(world, line)) {
    const recalled = parcel.requestedAt >= world.story.spike.recallAt && random.chance(0.55)
    return recalled ? 'recall' : SPOILT.draw(random)
  }
  if (line.bracket) return TRY_ON.draw(random)
  if (product.small && random.chance(0.92)) return SMALL.draw(random)
  if (isWorse(world, line) && random.chance(0.4)) return random.chance(0.6) ? 'defective' : 'quality'
  if (isHolidaySeason(line.order.day) && random.chance(0.14)) return 'gift'
  if (line.order.channel.id !== 'wholesale' && random.chance(0.025))
    return random.chance(0.55) ? 'undeliverable' : 'refused'
  return RATES[product.category].reasons.draw(random)
}

function typeOf(order: Order, reason: Reason, late: boolean, line: Line, random: Random): ReturnType {
  const draw = random.next()
  if (order.channel.id === 'wholesale') return 'wholesale'
  if (reason === 'refused' || reason === 'undeliverable') return 'refused'
  if (late && line.sku.product.category === 'electronics' && draw < 0.75) return 'warranty'
  if (order.channel.id === 'amazon-de' || order.ring) return 'refund'
  if (reason === 'too_small' || reason === 'too_large')
    return draw < 0.24 ? 'exchange' : draw < 0.29 ? 'store_credit' : 'refund'
  if (reason === 'gift') return draw < 0.4 ? 'store_credit' : 'refund'
  return draw < 0.06 ? 'store_credit' : 'refund'
}

/** The row of the policy that decides, by channel and by the day of the request. */
function policyRow(world: World, order: Order, type: ReturnType, at: number): string {
  if (type === 'warranty') return 'warranty-2y'
  if (type === 'refused') return 'refused-delivery'
  if (order.channel.id === 'wholesale') return 'trade-terms-v3'
  if (order.channel.id === 'amazon-de') return 'amazon-de-30d'
  if (order.channel.id === 'web-us') return 'us-standard-v4'
  return at >= world.story.freeReturnsFrom ? 'eu-free-returns-v2' : 'eu-standard-v1'
}
