import type { NextRequest } from 'next/server'
import { spoken } from '@/components/explore/asked-explore'
import { DEFAULT_METRICS, PRESETS } from '@/components/explore/presets'
import { exploreHref } from '@/components/explore/table-view'
import { daysOf, href, readViewState, type ViewState } from '@/components/filters/view-state'
import { can } from '@/lib/auth/actor'
import { type Actor, currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { humanize } from '@/lib/format'
import { METRICS } from '@/lib/metrics/definitions'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import { runQuery } from '@/lib/metrics/run'
import { whereIs } from '@/lib/workflow/read/find'
import { panelOf } from '../panel-of'
import { PLACE_WORDS, placeHref } from '../places'

/** What the palette shows. */
interface Found {
  label: string
  href: string
  hint: string
  exact?: boolean
}

const AT_MOST = 8
/** What people paste and what has no page of its own: its rows are found. */
const IDS = ['sku', 'product', 'supplier'] as const
const ID = /^[^\s|]{3,64}$/
const EVER = '2000-01-01'

/** What the palette finds for what is typed: the page of a pasted id, its rows, and figures by name. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json({ error: { code: 'no_session', message: 'Sign in again.' } }, { status: 401 })
  const params = request.nextUrl.searchParams
  const query = (params.get('q') ?? '').trim()
  const state = readViewState(
    Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)])),
    actor.tz ?? env().BACKHAUL_TZ,
    new Date(),
  )
  const [places, rows] = ID.test(query)
    ? await Promise.all([byPlace(actor, query), can(actor, 'rows:read') ? byId(actor, query, state) : []])
    : [[], []]
  const found = [
    ...places,
    ...rows,
    ...(can(actor, 'metrics:read') ? cuts(query, state) : []),
    ...(can(actor, 'rows:read') ? figures(query, state) : []),
  ]
  return Response.json(found.slice(0, AT_MOST), { headers: { 'cache-control': 'no-store' } })
}

/** Cases and what belongs to them, the narrowest first. Several ids that mean one page are offered once. */
async function byPlace(actor: Actor, query: string): Promise<Found[]> {
  if (!can(actor, 'cases:read')) return []
  const places = await panelOf(() => whereIs(actor, query))
  if (places.state !== 'ok') return []
  const found = places.data.flatMap((place): Found[] => {
    const target = placeHref(place)
    if (!target) return []
    const hint = place.cases > 1 ? `${place.cases < 50 ? place.cases : 'many'} returns` : humanize(place.status)
    return [{ label: `${PLACE_WORDS[place.kind]} ${place.id}`, href: target, hint, exact: place.exact }]
  })
  return found.filter(({ href: target }, index) => found.findIndex((each) => each.href === target) === index)
}

function figures(query: string, state: ViewState): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return Object.values(METRICS)
    .filter((metric) => words.every((word) => `${metric.label} ${metric.id}`.toLowerCase().includes(word)))
    .map((metric) => ({ label: metric.label, href: href('/rows', state, {}, { metric: metric.id }), hint: 'rows' }))
}

/** "by country", or only "country": the page that cuts figures so, with those that it cuts. */
function cuts(query: string, state: ViewState): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return Object.values(DIMENSIONS)
    .filter(({ id, kind, columns }) => id !== 'hour' && (kind === 'time' || columns.units !== undefined))
    .filter(({ id, label }) => words.every((word) => `figures by ${label} ${id}`.toLowerCase().includes(word)))
    .slice(0, 3)
    .map(({ id, label }) => {
      const preset = PRESETS.find(({ by }) => by.join() === id)
      const metrics = (preset?.metrics ?? DEFAULT_METRICS).join()
      return {
        label: `Figures by ${spoken(label)}`,
        href: exploreHref(state, {
          metrics: metrics === DEFAULT_METRICS.join() ? undefined : metrics,
          by: id === 'sku' ? undefined : id,
        }),
        hint: 'explore',
      }
    })
}

/** Each kind of id at once, over all time: what is not there has no rows and is not shown. */
async function byId(actor: Actor, id: string, state: ViewState): Promise<Found[]> {
  const { to } = daysOf('4w', state.tz, new Date())
  const kinds = IDS.filter((kind) => DIMENSIONS[kind] !== undefined)
  const counts = await Promise.all(
    kinds.map(async (kind) => {
      const filters = [{ dimension: kind, op: 'eq' as const, values: [id] }]
      const metric = DIMENSIONS[kind]?.columns.sales ? 'sold_units' : 'requested_units'
      const answer = await panelOf(() =>
        runQuery(actor, { metrics: [metric], by: [], from: EVER, to, basis: 'activity', tz: state.tz, filters }),
      )
      const units = answer.state === 'ok' ? Number(answer.data.totals[metric] ?? 0) : 0
      return { kind, filters, metric, units }
    }),
  )
  return counts
    .filter(({ units }) => units > 0)
    .map(({ kind, filters, metric }) => ({
      label: `${DIMENSIONS[kind]?.label ?? kind} ${id}`,
      href: href('/rows', state, { period: 'custom', from: EVER, to, basis: 'activity', filters }, { metric }),
      hint: METRICS[metric]?.label ?? 'rows',
    }))
}
