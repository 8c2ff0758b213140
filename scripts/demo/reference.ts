import type { Shift } from '../../lib/db/schema/reference'
import { DAY } from './calendar'
import { FACILITIES, FACILITY } from './facilities'
import type { FxRow } from './fx'
import { SUPPLIERS, type Supplier } from './suppliers'
import type { World } from './world'

/** What the numbers lean on and the events do not say, in the shape of the database's tables. */
export interface ReferenceData {
  facilities: {
    id: string
    name: string
    kind: 'warehouse' | '3pl'
    entity: string
    country: string
    tz: string
    shifts: Shift[]
    dailyCapacity: number
  }[]
  suppliers: Pick<Supplier, 'id' | 'name' | 'country' | 'coverage' | 'windowDays' | 'minimumClaim' | 'currency'>[]
  fxRates: FxRow[]
  /** Goods classes of the categories that have one. */
  categoryClasses: { category: string; goodsClass: string }[]
  annotations: {
    id: string
    at: Date
    kind: 'policy' | 'recall' | 'promotion' | 'outage' | 'note'
    label: string
    author: string
  }[]
}

export function referenceOf(world: World): ReferenceData {
  return {
    facilities: FACILITIES.map((id) => {
      const { name, kind, entity, country, zone, shifts, capacity } = FACILITY[id]
      return {
        id,
        name,
        kind,
        entity,
        country,
        tz: zone.name,
        shifts,
        dailyCapacity: Math.max(1, Math.round(capacity * world.scale)),
      }
    }),
    suppliers: SUPPLIERS.map(({ id, name, country, coverage, windowDays, minimumClaim, currency }) => ({
      id,
      name,
      country,
      coverage,
      windowDays,
      minimumClaim,
      currency,
    })),
    fxRates: world.fx.rows(world.firstDay - 7, world.lastDay),
    categoryClasses: [
      { category: 'electronics', goodsClass: 'serialised_electronics' },
      { category: 'beauty', goodsClass: 'cosmetic_hygiene' },
    ],
    annotations: annotations(world),
  }
}

function annotations({ story, firstDay, lastDay }: World): ReferenceData['annotations'] {
  const mark = (id: string, at: number, kind: ReferenceData['annotations'][number]['kind'], label: string) => ({
    id: `demo-${id}`,
    at: new Date(at),
    kind,
    label,
    author: 'Demo company',
  })
  const marks = [
    mark('free-returns', story.freeReturnsFrom, 'policy', 'Free returns in the EU shop'),
    mark('recall', story.spike.recallAt, 'recall', 'Aurora Buds Pro: lot LUM-7741 recalled'),
    mark('carrier', story.carrierFailure.from, 'outage', 'nordpost depot failure'),
    mark('carrier-end', story.carrierFailure.to, 'note', 'nordpost back to normal'),
    mark('night-shift', story.understaffedFrom, 'note', 'Łódź: night shift ended'),
  ]
  for (let year = new Date(firstDay * DAY).getUTCFullYear(); year <= new Date(lastDay * DAY).getUTCFullYear(); year++) {
    // The Monday of the week of the fourth Friday of November, near enough for a mark.
    const at = Date.UTC(year, 10, 24)
    if (at >= firstDay * DAY && at <= story.today) marks.push(mark(`black-week-${year}`, at, 'promotion', 'Black week'))
  }
  return marks
}
