import type { CanonicalEvent } from '../../ingest/contract/event'
import { DAY } from './calendar'
import { CHANNELS } from './channels'
import { StockCounts } from './counts'
import { Emitter, type Sink } from './emitter'
import { handleParcel } from './handling'
import { ordersOf } from './orders'
import { parcelsOf } from './requests'
import { tellSales } from './sales'
import { type CompanyOptions, makeWorld, type World } from './world'

export { referenceOf } from './reference'
export { type CompanyOptions, makeWorld, type World } from './world'

/** Days of sale that are made together, first and last in it; a unit's whole chain belongs to the day of its sale. */
export interface Span {
  first: number
  last: number
}

/** The months of the history, oldest first, as spans of days. */
export function monthsOf(world: World): Span[] {
  const spans: Span[] = []
  let first = world.firstDay
  while (first <= world.lastDay) {
    const date = new Date(first * DAY)
    const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY
    spans.push({ first, last: Math.min(next - 1, world.lastDay) })
    first = next
  }
  return spans
}

/**
 * Everything that comes of the sales of a span of days: the sales, and all that happens to the returned units, up to the Emitter's
 * end. `counts` notes what lay where on counting days.
 */
export function simulate(world: World, span: Span, out: Emitter, counts?: StockCounts): void {
  for (let day = span.first; day <= span.last; day++) simulateDay(world, day, out, counts)
}

function simulateDay(world: World, day: number, out: Emitter, counts?: StockCounts): void {
  for (const channel of CHANNELS)
    for (const order of ordersOf(world, channel, day)) {
      tellSales(world, out, order)
      for (const parcel of parcelsOf(world, order)) handleParcel(world, out, parcel, (self) => counts?.add(self))
    }
}

/**
 * The whole history as events, in the order of the days of sale, a day held in memory at a time. The same options give the same
 * events.
 */
export function* events(options: CompanyOptions): Generator<CanonicalEvent> {
  const world = makeWorld(options)
  const counts = new StockCounts(world)
  let ready: CanonicalEvent[] = []
  const sink: Sink = (event) => {
    ready.push(event)
  }
  const out = new Emitter(sink, Number.NEGATIVE_INFINITY, options.today.getTime())
  for (let day = world.firstDay; day <= world.lastDay; day++) {
    simulateDay(world, day, out, counts)
    yield* ready
    ready = []
  }
  counts.tell(out)
  yield* ready
}
