import { DAY, demand, HOUR, SHIPPING_HOURS, shortDate } from './calendar'
import { drawSize, type Sku } from './catalogue'
import { share } from './cents'
import { CHANNEL, type Channel, type ChannelId, type Country, PRICE_FACTOR } from './channels'
import { FACILITY, type Facility } from './facilities'
import { Random, trait, Weighted } from './prng'
import { RING_CUSTOMERS, SPIKE, within } from './story'
import type { World } from './world'

export interface Line {
  order: Order
  /** 1, 2, … within its order. */
  number: number
  id: string
  sku: Sku
  quantity: number
  /** Cents of the order's currency: the line without and with tax, and the cost of one piece. */
  net: number
  tax: number
  unitCost: number
  lot: string
  serials: string[]
  /** Ordered in a second size to try on: this many of the pair go back. */
  bracket: 'keep' | 'back' | undefined
}
export interface Order {
  id: string
  channel: Channel
  day: number
  number: number
  at: number
  customer: string
  /** How readily this customer sends things back, about 1. */
  habit: number
  segment: string
  campaign: string
  country: Country
  facility: Facility
  ring: boolean
  lines: Line[]
}

const CAMPAIGNS = Weighted.from({ '': 46, search: 18, newsletter: 12, 'social-ads': 13, affiliate: 6, retargeting: 5 })
const HOURS = new Weighted(
  SHIPPING_HOURS.map((_, hour) => hour),
  (hour) => SHIPPING_HOURS[hour] ?? 0,
)
const MAX_LINES = 8

/** The orders of one channel that leave on one day, in no order of time. */
export function* ordersOf(world: World, channelId: ChannelId, day: number): Generator<Order> {
  const channel = CHANNEL[channelId]
  const random = new Random(world.seed, 41, channel.index, day)
  const lines = channel.lines * world.scale * demand(day, world.lastDay) * world.demandNorm
  const count = random.poisson(lines / channel.linesPerOrder)
  for (let number = 1; number <= count; number++) yield order(world, channel, day, number, false)
  if (channelId === 'web-eu' && within(world.story.ring, day * DAY)) {
    const ring = random.poisson(2.1 * Math.max(world.scale, 0.02))
    for (let number = 1; number <= ring; number++) yield order(world, channel, day, count + number, true)
  }
}

const shared = new Random()

function order(world: World, channel: Channel, day: number, number: number, ring: boolean): Order {
  const random = shared.key(world.seed, 42, channel.index, day, number)
  const customer = ring
    ? channel.customers - random.int(1, RING_CUSTOMERS)
    : Math.floor(channel.customers * random.next() ** 1.25)
  const who = trait(world.seed, 43, channel.index, customer)
  const country = channel.countries.draw(new Random(world.seed, 44, channel.index, customer))
  const facility = shipsFrom(channel, country, random)
  const local = day * DAY + (HOURS.draw(random) + random.next()) * HOUR
  const made: Order = {
    id: `${channel.letter}-${shortDate(day)}-${String(number).padStart(4, '0')}`,
    channel,
    day,
    number,
    at: Math.floor(local - facility.zone.offset(day * DAY)),
    customer: `c-${channel.id.slice(-2)}-${String(customer).padStart(5, '0')}`,
    habit: 0.6 + 0.8 * trait(world.seed, 45, channel.index, customer),
    segment: channel.id === 'wholesale' ? 'trade' : ring || who > 0.46 ? 'new' : who < 0.08 ? 'vip' : 'returning',
    campaign: channel.id === 'wholesale' || channel.id === 'amazon-de' ? '' : CAMPAIGNS.draw(random),
    country,
    facility,
    ring,
    lines: [],
  }
  let wanted = 1
  while (!ring && wanted < MAX_LINES && random.chance(1 - 1 / (channel.linesPerOrder * 0.97))) wanted++
  for (let i = 0; i < wanted; i++) addLine(world, made, random)
  return made
}

function shipsFrom(channel: Channel, country: Country, random: Random): Facility {
  if (channel.id === 'web-us') return FACILITY.columbus
  if (country.code === 'PL') return FACILITY.lodz
  if (country.code === 'DE' || country.code === 'AT') return random.chance(0.36) ? FACILITY.lodz : FACILITY.venlo
  return FACILITY.venlo
}

function addLine(world: World, made: Order, random: Random): void {
  const category = made.ring ? 'electronics' : made.channel.categories.draw(random)
  const product = world.catalogue.draw[category].draw(random)
  const skus = world.catalogue.skusOf.get(product) ?? []
  const sku = drawSize(skus, random)
  const tryOn =
    (category === 'apparel' || category === 'footwear') &&
    (made.channel.id === 'web-eu' || made.channel.id === 'web-us') &&
    random.chance(0.09)
  if (!tryOn) {
    push(world, made, sku, random, undefined)
    return
  }
  const other = skus[sku.sizeIndex + 1] ?? skus[sku.sizeIndex - 1] ?? sku
  const outcome = random.next()
  push(world, made, sku, random, outcome < 0.4 || outcome >= 0.85 ? 'back' : 'keep')
  push(world, made, other, random, outcome >= 0.4 ? 'back' : 'keep')
}

function push(world: World, made: Order, sku: Sku, random: Random, bracket: Line['bracket']): void {
  const { channel, country } = made
  const { product } = sku
  const wholesale = channel.id === 'wholesale'
  const draw = random.next()
  const quantity = wholesale ? random.int(1, 4) * 6 : bracket || draw < 0.88 ? 1 : draw < 0.97 ? 2 : 3
  const factor = PRICE_FACTOR[country.currency] ?? 1
  const discount = wholesale ? 52 : made.campaign !== '' && random.chance(0.5) ? random.of([5, 10, 10, 15, 20, 25]) : 0
  const gross = share(Math.round(product.price * factor) * quantity, 100 - discount, 100)
  const net = share(gross, 1000, 1000 + country.tax)
  const number = made.lines.length + 1
  const id = `${made.id}-${number}`
  made.lines.push({
    order: made,
    number,
    id,
    sku,
    quantity,
    net,
    tax: gross - net,
    unitCost: Math.round(product.cost * factor),
    lot: lotOf(world, sku, made.day),
    serials: product.category === 'electronics' ? serials(world, made, number, quantity) : [],
    bracket,
  })
}

/** A product's lot changes every six weeks; the bad one is the story's. */
function lotOf(world: World, sku: Sku, day: number): string {
  if (sku.product.spike && within(world.story.spike, day * DAY)) return SPIKE.lot
  const run = Math.floor((day + sku.index) / 42)
  return `${sku.product.supplier.id.slice(0, 3).toUpperCase()}-${String((run * 37 + sku.index * 11) % 7700).padStart(4, '0')}`
}

function serials(world: World, made: Order, number: number, quantity: number): string[] {
  return Array.from({ length: quantity }, (_, piece) => {
    const high = Math.floor(
      trait(world.seed, 46, made.day, made.number * 5 + made.channel.index, number * 100 + piece) * 1e9,
    )
    return `SN${String(high).padStart(9, '0')}`
  })
}
