import type { NextRequest } from 'next/server'
import { daysOf, href, readViewState, type ViewState } from '@/components/filters/view-state'
import { type Actor, currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { METRICS } from '@/lib/metrics/definitions'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import { runQuery } from '@/lib/metrics/run'
import { panelOf } from '../panel-of'

/** What the palette shows. */
interface Found {
  label: string
  href: string
  hint: string
}

const AT_MOST = 8
/** What people paste: each is looked up as it stands. */
const IDS = ['rma', 'order', 'unit', 'sku', 'product', 'supplier'] as const
const ID = /^[^\s|]{3,64}$/
const EVER = '2000-01-01'

/** What the palette finds for what is typed: figures by name, and rows by a pasted id. */
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
  const found = [...(ID.test(query) ? await byId(actor, query, state) : []), ...figures(query, state)]
  return Response.json(found.slice(0, AT_MOST), { headers: { 'cache-control': 'no-store' } })
}

function figures(query: string, state: ViewState): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return Object.values(METRICS)
    .filter((metric) => words.every((word) => `${metric.label} ${metric.id}`.toLowerCase().includes(word)))
    .map((metric) => ({ label: metric.label, href: href('/rows', state, {}, { metric: metric.id }), hint: 'rows' }))
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
