import { readClient } from '../../../clickhouse/client'
import { type Actor, authorize } from '../../auth/actor'
import { env } from '../../env'
import { startOfDate } from '../calendar'
import type { OverviewData, OverviewSpec, Panel, Tile, TileId } from '../overview-types'
import { ask, type Deps } from '../run'
import { type Day, daysOf, matureTo, sumOf } from './cohorts'
import { headlineOf, isWorthTelling } from './headline'
import { kpisOf, sparksOf, stockOf, stockSparksOf } from './kpis'
import { moversOf } from './movers'
import { annotationsOf, freshness } from './options'
import { later, panelOf } from './panel'
import { periodTile, rateTile, stockTile } from './tiles'
import { trappedOf } from './trapped'
import { trendOf } from './trend'
import { type Dates, earlier, frameOf, metricsOf, partMetric, questionOf, type View, viewOf } from './view'
import { waterfallOf } from './waterfall'

export { filterOptions, freshness } from './options'

/**
 * Everything on the overview page, read as of one instant. Each panel fails alone; whoever may not see figures gets panels
 * that say so. Needs `metrics:read`.
 */
export async function overview(actor: Actor, spec: OverviewSpec, deps: Deps = {}): Promise<OverviewData> {
  const started = performance.now()
  const now = deps.now ?? new Date()
  const allowed = await panelOf(() => authorize(actor, 'metrics:read'))
  if (allowed.state !== 'ok') return refused(spec, allowed, started)
  const client = deps.client ?? readClient()
  const view = viewOf(actor, client, spec, now)
  const read = readAll(view)
  const [panels, fresh] = await Promise.all([panelsOf(view, read), freshness(actor, client, now)])
  return {
    spec,
    compared: earlier(view, spec) ?? null,
    currency: env().BACKHAUL_CURRENCY,
    ...panels,
    freshness: fresh,
    elapsedMs: Math.round(performance.now() - started),
  }
}

/** What the panels are made of, all under way at once; only what needs the mature part waits for the days. */
function readAll(view: View) {
  const { spec } = view
  const then = earlier(view, spec)
  const days = later(daysOf(view, spec))
  const before = later(then ? daysOf(view, then, { prior: true }) : Promise.resolve<Day[]>([]))
  const part = later(days.then((known) => partOf(view, known)))
  return {
    days,
    before,
    part,
    // Without the days there is nothing to compare, but the rest of the figures stands.
    kpis: later(part.catch(() => undefined).then((dates) => kpisOf(view, dates))),
    sparks: later(sparksOf(view)),
    stock: later(stockOf(view)),
    stockSparks: later(stockSparksOf(view)),
    trapped: later(trappedOf(view)),
    annotations: later(
      annotationsOf(
        view.client,
        startOfDate(spec.from, spec.tz),
        Math.min(startOfDate(spec.to, spec.tz), view.instant),
      ),
    ),
    movers: later(
      Promise.all([part, days, before]).then(([dates, known, earlierDays]) => {
        const past = dates && earlier(view, dates)
        if (!dates || !past) return undefined
        return moversOf(view, dates, { current: sumOf(known, dates).sold, previous: sumOf(earlierDays, past).sold })
      }),
    ),
  }
}

/** The complete days of the period; on the cohort basis those that are mature as well. */
function partOf(view: View, days: readonly Day[]): Dates | undefined {
  const complete = { from: view.spec.from, to: view.completeTo }
  if (complete.to <= complete.from) return undefined
  if (view.spec.basis === 'activity') return complete
  const to = matureTo(days, complete)
  return to === null ? undefined : { from: complete.from, to }
}

type Read = ReturnType<typeof readAll>
type Panels = Pick<OverviewData, 'matureTo' | 'headline' | 'tiles' | 'trend' | 'movers' | 'waterfall' | 'trapped'>

async function panelsOf(view: View, read: Read): Promise<Panels> {
  const trend = panelOf(async () => trendOf(view, await read.days, await read.before, await read.annotations))
  const period = (id: 'margin' | 'refund_days' | 'recovery' | 'sellable' | 'leakage') =>
    panelOf(async () => {
      const stock = await read.stock.catch(() => undefined)
      return periodTile(view, id, await read.kpis, stock, await read.sparks, await read.part.catch(() => undefined))
    })
  const standing = (id: 'trapped' | 'backlog') =>
    panelOf(async () => {
      const trapped = id === 'trapped' ? await read.trapped.catch(() => undefined) : undefined
      return stockTile(view, id, await read.stock, await read.stockSparks, trapped)
    })
  const rate = panelOf(async () => {
    const [days, part, drawn] = await Promise.all([read.days, read.part, trend])
    if (drawn.state !== 'ok') throw new Error('no trend')
    const mature = part ? sumOf(days, part) : { returned: 0, sold: 0, visible: 0 }
    return rateTile(view, await read.kpis, sumOf(days, view.spec), mature, part, drawn.data)
  })
  const tiles: Record<TileId, Panel<Tile>> = {
    rate: await rate,
    margin: await period('margin'),
    trapped: await standing('trapped'),
    refund_days: await period('refund_days'),
    recovery: await period('recovery'),
    sellable: await period('sellable'),
    leakage: await period('leakage'),
    backlog: await standing('backlog'),
  }
  const movers = await panelOf(() => read.movers)
  const panels = {
    matureTo: (await read.part.catch(() => undefined))?.to ?? null,
    tiles,
    trend: await trend,
    movers:
      movers.state === 'ok' ? (movers.data ? { state: 'ok' as const, data: movers.data } : noMatch(view)) : movers,
    waterfall: await panelOf(async () => waterfallOf(view, await read.kpis)),
    trapped: await panelOf(() => read.trapped),
  }
  const known = Object.fromEntries(
    Object.entries(tiles).flatMap(([id, panel]) => (panel.state === 'ok' ? [[id, panel.data]] : [])),
  )
  const backlog = tiles.backlog.state === 'ok' ? tiles.backlog.data.comparison : null
  const headline = await panelOf(async () => {
    const place = backlog && isWorthTelling('backlog', backlog) ? await backlogPlace(view) : null
    return headlineOf(known, panels.movers.state === 'ok' ? panels.movers.data : undefined, place)
  })
  const empty = await emptiness(view, read)
  return empty ? { ...panels, ...allBut(tiles, empty) } : { ...panels, headline }
}

const noMatch = (view: View) => ({
  state: 'no_match' as const,
  filters: view.spec.filters.map(({ dimension }) => dimension),
})

/** Nothing sold and nothing returned: in the period and under its filters, or ever. */
async function emptiness(
  view: View,
  { days }: Read,
): Promise<Extract<Panel<never>, { state: 'first_use' | 'no_match' }> | undefined> {
  const known = await days.catch(() => undefined)
  if (!known || known.some(({ sold, returned }) => sold !== 0 || returned !== 0)) return undefined
  const ever = { from: '1970-01-01', to: '2105-01-01' }
  const question = { ...questionOf(view, [], []), filters: [] }
  const metrics = [partMetric('sold_quantity', undefined), partMetric('requested_quantity', 'activity')]
  const [answer] = await ask(view.client, question, [{ frame: frameOf(view, 'ever', ever), metrics }])
  const any = Object.values(answer?.totals ?? {}).some((value) => Number(value) !== 0)
  return any ? noMatch(view) : { state: 'first_use' }
}

const allBut = (tiles: Panels['tiles'], empty: Panel<never>): Omit<Panels, 'matureTo'> => ({
  headline: empty,
  tiles: empty.state === 'first_use' ? blank(empty) : tiles,
  trend: empty,
  movers: empty,
  waterfall: empty,
  trapped: empty,
})

const blank = (panel: Panel<never>): Panels['tiles'] => ({
  rate: panel,
  margin: panel,
  trapped: panel,
  refund_days: panel,
  recovery: panel,
  sellable: panel,
  leakage: panel,
  backlog: panel,
})

/** Where most of the growth of the backlog lies, when one facility has more than half of it. */
async function backlogPlace(view: View): Promise<string | null> {
  if (!view.shift) return null
  const metrics = metricsOf(view, ['backlog_units'])
  const asks = [
    { frame: frameOf(view, 'now', view.spec), metrics },
    { frame: frameOf(view, 'before', view.spec, view.shift.days), metrics },
  ]
  const [now, before] = await ask(view.client, questionOf(view, ['backlog_units'], ['facility']), asks)
  const grown = new Map<string, number>()
  for (const row of now?.rows ?? []) grown.set(String(row.facility), Number(row.backlog_units))
  for (const row of before?.rows ?? []) {
    grown.set(String(row.facility), (grown.get(String(row.facility)) ?? 0) - Number(row.backlog_units))
  }
  const all = [...grown.values()].reduce((sum, change) => sum + change, 0)
  const most = [...grown].find(([name, change]) => name !== '' && all !== 0 && change / all > 0.5)
  return most?.[0] ?? null
}

function refused(
  spec: OverviewSpec,
  panel: Exclude<Panel<never>, { state: 'ok' }> | Panel<void>,
  started: number,
): OverviewData {
  const shown: Panel<never> = panel.state === 'ok' ? { state: 'forbidden', permission: 'metrics:read' } : panel
  return {
    spec,
    compared: null,
    currency: env().BACKHAUL_CURRENCY,
    matureTo: null,
    ...allBut(blank(shown), shown),
    tiles: blank(shown),
    freshness: { watermark: null, behindMs: null, token: '', settled: true },
    elapsedMs: Math.round(performance.now() - started),
  }
}
