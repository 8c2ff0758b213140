import { type AskedExplore, spoken } from '@/components/explore/asked-explore'
import type { ExploreAnswer, ExploreData, Maturity } from '@/components/explore/explore-types'
import { ripens } from '@/components/explore/ripen'
import type { Actor } from '@/lib/auth/actor'
import { compared } from '@/lib/metrics/compare'
import { METRICS } from '@/lib/metrics/definitions'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import { runGroups } from '@/lib/metrics/groups'
import { filterOptions, freshness } from '@/lib/metrics/overview'
import type { Panel } from '@/lib/metrics/overview-types'
import { runQuery } from '@/lib/metrics/run'
import type { Row } from '@/lib/metrics/types'
import { namesOf } from '@/lib/workflow/read/names'
import { panelOf } from '../panel-of'

/** Everything that the page shows, as of one instant. */
export async function exploreAnswer(actor: Actor, asked: AskedExplore, now = new Date()): Promise<ExploreAnswer> {
  const [data, options, reach] = await Promise.all([
    panelOf(() => exploreData(actor, asked, asked.limit, now)),
    panelOf(() => filterOptions(actor, { tz: asked.spec.tz })),
    panelOf(() => freshness(actor)),
  ])
  const empty = data.state === 'ok' && data.data.result.count === 0 ? await emptiness(actor, asked) : undefined
  return {
    data: empty ?? data,
    options: options.state === 'ok' ? options.data : null,
    freshness: reach.state === 'ok' ? reach.data : null,
  }
}

/** The groups, how mature they are, and what they are called. */
export async function exploreData(actor: Actor, asked: AskedExplore, first: number, now: Date): Promise<ExploreData> {
  const young = asked.fit.some((metric) => ripens(metric, asked.spec.basis))
  const [result, maturity, ended] = await Promise.all([
    runGroups(actor, asked.spec, first, { now }),
    young ? maturityOf(actor, asked, now) : null,
    young && asked.time && asked.by.length === 1 ? endedOf(actor, asked, now) : null,
  ])
  const names = await Promise.all(
    (['sku', 'supplier'] as const).map(async (kind) => {
      const at = asked.by.findIndex(({ id }) => id === kind)
      const ids = at < 0 ? [] : [...new Set(result.groups.map(({ keys }) => keys[at] ?? ''))].filter(Boolean)
      const found = await panelOf(() => namesOf(actor, kind, ids))
      return [kind, found.state === 'ok' ? found.data : new Map<string, string>()] as const
    }),
  )
  return { result, maturity, ended, names: new Map(names) }
}

/** Of sales alone: cut and filtered by what sales have. What they lack, a reason, does not make them any older. */
async function maturityOf(actor: Actor, asked: AskedExplore, now: Date): Promise<Maturity> {
  const known = METRICS.return_maturity?.dimensions ?? []
  const { compare: _, order: __, ...spec } = asked.spec
  const by = asked.spec.by.filter((id) => known.includes(id))
  const filters = spec.filters.filter(({ dimension }) => known.includes(dimension))
  // The interval is of the same sales and their returns: it needs all of the question.
  const banded = asked.fit.some(({ id }) => id === 'return_rate_units') && filters.length === spec.filters.length
  const metrics = ['return_maturity', ...(banded ? ['return_rate_projected_low', 'return_rate_projected_high'] : [])]
  const { rows, totals } = await runQuery(actor, { ...spec, metrics, by, filters, limit: 100_000 }, { now })
  const each = by.length === asked.spec.by.length
  const places = by.map((id) => asked.spec.by.indexOf(id))
  const ripeness = (row: Row) => ({
    maturity: row.return_maturity ?? null,
    low: each ? (row.return_rate_projected_low ?? null) : null,
    high: each ? (row.return_rate_projected_high ?? null) : null,
  })
  const byKey = new Map(rows.map((row) => [JSON.stringify(by.map((id) => row[id])), ripeness(row)]))
  return {
    of: (keys) =>
      by.length === 0 ? ripeness(totals) : (byKey.get(JSON.stringify(places.map((at) => keys[at]))) ?? null),
    total: ripeness(totals),
    each: by.length > 0,
  }
}

/** The earlier steps with all that came back of them: beside a projection, what they showed at the same age would look like a fall. */
async function endedOf(actor: Actor, asked: AskedExplore, now: Date): Promise<ExploreData['ended']> {
  const { compare, order: _, ...spec } = asked.spec
  if (!compare) return null
  const { from, to } = compared({ from: spec.from, to: spec.to, instant: now.getTime(), tz: spec.tz }, compare)
  const { rows } = await runQuery(actor, { ...spec, from, to, limit: 1000 }, { now })
  return new Map(rows.map((row) => [String(row[spec.by[0] ?? '']), row]))
}

/** Nothing under these filters, or nothing ever. */
async function emptiness(actor: Actor, asked: AskedExplore): Promise<Panel<never> | undefined> {
  const ever = { from: '1970-01-01', to: '2105-01-01', tz: 'UTC', by: [], filters: [], basis: 'activity' as const }
  const found = await panelOf(() => runQuery(actor, { ...ever, metrics: ['sold_units', 'requested_units'] }))
  if (found.state !== 'ok') return undefined
  const any = Object.values(found.data.totals).some((value) => Number(value ?? 0) !== 0)
  if (!any) return { state: 'first_use' }
  return {
    state: 'no_match',
    filters: asked.spec.filters.map(({ dimension }) => spoken(DIMENSIONS[dimension]?.label ?? dimension)),
  }
}
