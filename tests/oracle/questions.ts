import type { Dimension, MetricDefinition } from '../../lib/metrics/definition-types'
import { METRICS, partOf, partsOf } from '../../lib/metrics/definitions'
import { DIMENSIONS } from '../../lib/metrics/dimensions'
import { hasDimension } from '../../lib/metrics/plan'
import type { Asked, AskedFilter } from './contributions'
import { TIMES } from './groups'
import { isAsOf, ORACLE_ESTIMATES, ORACLE_METRICS } from './metrics'

/** What both are asked. A question with `back` is compared with itself so many days earlier. */
export interface Question {
  metrics: string[]
  asked: Asked
  back?: number
}

/** Every dimension is in one of them, alone or beside another. */
const CUTS = [
  [],
  ['category'],
  ['channel', 'sku'],
  ['supplier'],
  ['country', 'product'],
  ['reason'],
  ['facility', 'carrier'],
  ['outcome'],
  ['finding', 'condition'],
  ['week'],
  ['day'],
  ['month', 'entity'],
  ['status'],
  ['leakage_category', 'facility'],
  ['component'],
  ['shift', 'policy_row'],
  ['return_type', 'reason'],
  ['disposition'],
  ['hour'],
  ['quarter'],
  ['brand', 'size'],
  ['segment', 'campaign'],
  ['ship_facility', 'month'],
  ['product'],
  ['carrier', 'week'],
  ['policy_row'],
  ['age_bucket', 'status'],
  ['stage', 'facility', 'age_bucket'],
  ['week', 'facility'],
  ['day', 'status'],
]

/** Without one, with one, with several, of which a metric's parts have all, some or none. */
const FILTERS: AskedFilter[][] = [
  [],
  [{ dimension: 'channel', op: 'in', values: ['web'] }],
  [
    { dimension: 'country', op: 'in', values: ['DE', ''] },
    { dimension: 'brand', op: 'not_in', values: ['A'] },
  ],
  [],
  [
    { dimension: 'category', op: 'in', values: ['shoes', 'home'] },
    { dimension: 'facility', op: 'not_in', values: ['lodz', ''] },
  ],
  [
    { dimension: 'reason', op: 'not_in', values: ['defective', 'too_small', 'gift', 'refused', ''] },
    { dimension: 'campaign', op: 'not_in', values: ['none'] },
  ],
]

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']

/** The product takes sixty metrics in one question at most; half as many are planned in less than half the time. Earlier dates double them. */
const AT_ONCE = 30

const of = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

/** Those whose totals are the sums of their rows apart from the others, whose totals are a question of their own. */
function chunks(metrics: readonly string[], by: readonly string[], size: number): string[][] {
  const addsUp = (id: string) =>
    partsOf(METRICS[id] as MetricDefinition).every((part) => {
      const { measure, fact } = partOf(part)
      return measure === 'sum' && by.every((name) => hasDimension(fact, DIMENSIONS[name] as Dimension))
    })
  const cut = (some: readonly string[]) =>
    Array.from({ length: Math.ceil(some.length / size) }, (_, n) => some.slice(n * size, (n + 1) * size))
  return [...cut(metrics.filter(addsUp)), ...cut(metrics.filter((id) => !addsUp(id)))]
}

/** Whether the product takes the metric with this cut and these filters; what it refuses is not compared. */
function askable(metric: string, { by, filters }: Pick<Asked, 'by' | 'filters'>): boolean {
  const known = METRICS[metric]?.dimensions ?? []
  return [...by, ...filters.map(({ dimension }) => dimension)].every((name) => known.includes(name))
}

/** The next `count` of a list that is gone round, from where the last world ended: `round` is how often it has been gone round before. */
const turn = <T>(list: readonly T[], place: number, count: number) =>
  Array.from({ length: Math.min(count, list.length) }, (_, nth) => {
    const at = place * count + nth
    return { item: of(list, at), index: at % list.length, round: Math.floor(at / list.length) }
  })

/** Exact figures: each cut on the one basis and in the next round on the other; the stock at an instant, or at the ends of its buckets. */
export function exactQuestions(place: number, worlds: number): Question[] {
  const count = Math.max(6, Math.ceil(CUTS.length / worlds))
  return turn(CUTS, place, count).flatMap(({ item: by, index, round }) => {
    const compared = (index + round) % 4 === 1
    const wide = index % 3 === 0 ? '2026-04-06' : '2026-05-20'
    const asked: Asked = {
      ...(compared ? { from: '2026-04-09', to: '2026-05-05' } : { from: '2026-03-01', to: wide }),
      tz: of(ZONES, index + round),
      basis: (index + round) % 2 === 0 ? 'activity' : 'cohort',
      asOf: Date.UTC(2026, compared ? 4 : 3 + (index % 3), 11, 7, 30),
      by,
      filters: of(FILTERS, index + 2 * round),
    }
    const exact = ORACLE_METRICS.filter((metric) => askable(metric, asked))
    const stock = by.includes('hour') ? [] : exact.filter(isAsOf)
    const flow = exact.filter((id) => !isAsOf(id) && METRICS[id]?.bases.includes(asked.basis))
    // Twenty-six days are rounded up to four weeks; the clocks change between them in both of the zones that have summer time.
    const back = compared ? { back: 28 } : {}
    const size = compared ? AT_ONCE / 2 : AT_ONCE
    return [...chunks(stock, by, size), ...chunks(flow, by, size)].map((metrics) => ({ metrics, asked, ...back }))
  })
}

/** Cuts of the estimates. */
const ESTIMATE_CUTS = [
  [],
  ['category'],
  ['channel', 'sku'],
  ['month'],
  ['supplier'],
  ['facility', 'condition'],
  ['condition', 'status'],
  ['brand', 'entity'],
  ['country', 'ship_facility'],
  ['week', 'category'],
  ['age_bucket', 'carrier'],
  ['finding', 'disposition'],
  ['quarter', 'size'],
  ['campaign', 'segment'],
  ['country', 'carrier'],
  ['shift', 'policy_row'],
  ['return_type', 'reason'],
  ['stage', 'facility'],
  ['hour'],
  ['product', 'channel'],
  ['day', 'segment'],
  ['outcome', 'country'],
]

/** They lean on older cohorts: asked so late that the first of these companies' sales have all come back. */
export function estimateQuestions(place: number, worlds: number): Question[] {
  const count = Math.max(3, Math.ceil(ESTIMATE_CUTS.length / worlds))
  return turn(ESTIMATE_CUTS, place, count).flatMap(({ item: by, index, round }) => {
    // The backlog is alive in May, the curves in July and August.
    const instants = [Date.UTC(2026, 4, 6 + (place % 9), 13), Date.UTC(2026, 6, 20, 5), Date.UTC(2026, 7, 30, 22)]
    const asked: Asked = {
      from: '2026-02-20',
      to: '2026-05-25',
      tz: index % 2 === 0 ? 'Europe/Berlin' : 'America/New_York',
      basis: 'cohort',
      asOf: of(instants, index + round),
      by,
      filters: of(FILTERS, index + 2 * round),
    }
    // Ninety-four days, rounded up to whole weeks; what was expected then is another estimate.
    const compared = round % 2 === 1 && !by.some((name) => TIMES.includes(name))
    const group = ORACLE_ESTIMATES.filter((id) => askable(id, asked))
    // A curve for each instant: sixty-two of them at most.
    const stock = by.includes('day') || by.includes('hour') ? [] : group.filter(isAsOf)
    return [stock, group.filter((id) => !isAsOf(id))]
      .filter((metrics) => metrics.length > 0)
      .map((metrics) => ({ metrics, asked, ...(compared ? { back: 98 } : {}) }))
  })
}
