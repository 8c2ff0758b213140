import type { Status } from '../../lib/returns/codes'
import { DAY, HOUR, iso, weekdayOf } from './calendar'
import { type Emitter, WORKFLOW } from './emitter'
import { FACILITIES, FACILITY, type FacilityId } from './facilities'
import { Random } from './prng'
import { LOCATION, type UnitCase } from './unit-case'
import type { World } from './world'

/** What should lie where when it is counted: pieces by facility, count day, SKU and status. Adds up over any split of the work. */
export type Expected = Map<string, number>

const COUNTED: readonly Status[] = ['received', 'refurbish', 'quarantine']
const BEST_SELLERS = 160
const ROUNDS = 4

/**
 * Every Sunday evening each facility counts its returns zones for a quarter of the best sellers. What it finds is what the movements
 * say, but for a few pieces: the stock accuracy.
 */
export class StockCounts {
  private readonly rank = new Map<number, number>()
  readonly expected: Expected = new Map()

  constructor(private readonly world: World) {
    const ranked = [...world.catalogue.skus].sort((a, b) => b.product.weight - a.product.weight || a.index - b.index)
    ranked.slice(0, BEST_SELLERS).forEach((sku, index) => {
      this.rank.set(sku.index, index)
    })
  }

  /** Notes where a unit lay on the Sundays on which its SKU was counted. */
  add(self: UnitCase): void {
    const rank = this.rank.get(self.unit.line.sku.index)
    if (rank === undefined) return
    const facility = self.unit.parcel.facility.id
    for (const stay of self.stays) {
      if (!COUNTED.includes(stay.status)) continue
      const until = Math.min(stay.to, this.world.story.today)
      for (let day = firstSunday(Math.floor(stay.from / DAY)); day <= this.world.lastDay; day += 7) {
        const at = countTime(facility, day)
        if (at >= until) break
        if (at < stay.from || roundOf(day) !== rank % ROUNDS) continue
        const key = keyOf(facility, day, self.unit.line.sku.index, stay.status)
        this.expected.set(key, (this.expected.get(key) ?? 0) + self.quantity)
      }
    }
  }

  merge(entries: Iterable<readonly [string, number]>): void {
    for (const [key, quantity] of entries) this.expected.set(key, (this.expected.get(key) ?? 0) + quantity)
  }

  /** Tells all counts, and the warnings of the place that falls behind. */
  tell(out: Emitter): void {
    const { world } = this
    for (let day = firstSunday(world.firstDay); day <= world.lastDay; day += 7)
      for (const facility of FACILITIES) {
        for (const [index, rank] of this.rank) {
          if (rank % ROUNDS !== roundOf(day)) continue
          for (const status of COUNTED) this.count(out, facility, day, index, status)
        }
        if (facility === 'lodz' && day * DAY > world.story.understaffedFrom + 4 * DAY)
          backlogWarning(out, facility, day)
      }
  }

  private count(out: Emitter, facility: FacilityId, day: number, index: number, status: Status): void {
    const expected = this.expected.get(keyOf(facility, day, index, status)) ?? 0
    // Only the dock is counted where nothing should lie: an empty shelf is a finding too.
    if (expected === 0 && status !== 'received') return
    const sku = this.world.catalogue.skus[index]
    if (!sku) return
    const random = new Random(this.world.seed, 71, FACILITIES.indexOf(facility), day, index, COUNTED.indexOf(status))
    const draw = random.next()
    const off = draw < 0.02 ? -1 : draw > 0.985 && expected > 0 ? 1 : 0
    const id = `N-${facility}-${day}-${sku.id}-${status}`
    out.put('stock.counted.v1', FACILITY[facility].source, id, countTime(facility, day), facility, {
      count_id: id,
      facility,
      location: LOCATION[status] ?? 'dock',
      sku: sku.id,
      status,
      quantity: Math.max(0, expected + off),
      actor: `${facility}-ct-${random.int(1, 4)}`,
    })
    if (off > 0) this.adjust(out, facility, day, sku.id, status)
  }

  /** A piece too many, without papers: taken into the books on Monday, and thrown away within the week. Too few are counted again. */
  private adjust(out: Emitter, facility: FacilityId, day: number, sku: string, status: Status): void {
    const steps = [
      { part: 'found', quantity: 1, at: countTime(facility, day) + 15 * HOUR, reason: 'found at the count, no papers' },
      { part: 'gone', quantity: -1, at: countTime(facility, day) + 86 * HOUR, reason: 'owner not found, thrown away' },
    ]
    for (const { part, quantity, at, reason } of steps) {
      const id = `A-${facility}-${day}-${sku}-${status}-${part}`
      out.put('stock.adjusted.v1', FACILITY[facility].source, id, at, facility, {
        adjustment_id: id,
        facility,
        location: LOCATION[status] ?? 'dock',
        sku,
        status,
        quantity,
        reason,
        actor: `${facility}-lead`,
      })
    }
  }
}

function backlogWarning(out: Emitter, facility: FacilityId, day: number): void {
  const id = `X-backlog-${facility}-${day}`
  const at = day * DAY + 20 * HOUR
  out.put('exception.raised.v1', WORKFLOW, id, at, facility, {
    exception_id: id,
    kind: 'backlog_over_limit',
    severity: 'high',
    owner_role: 'warehouse',
    due_at: iso(at + 5 * DAY),
    facility,
    actor: 'system',
  })
}

const keyOf = (facility: FacilityId, day: number, sku: number, status: Status) => `${facility}|${day}|${sku}|${status}`
const firstSunday = (day: number): number => day + ((7 - weekdayOf(day)) % 7)
const roundOf = (day: number): number => Math.floor(day / 7) % ROUNDS
const countTime = (facility: FacilityId, day: number): number => {
  const { zone } = FACILITY[facility]
  return day * DAY + 18 * HOUR - zone.offset(day * DAY)
}
