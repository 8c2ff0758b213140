import type { NextRequest } from 'next/server'
import { href, readViewState } from '@/components/filters/view-state'
import { currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { METRICS } from '@/lib/metrics/definitions'

const AT_MOST = 8

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
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const figures = Object.values(METRICS)
    .filter(
      (metric) =>
        words.length > 0 && words.every((word) => `${metric.label} ${metric.id}`.toLowerCase().includes(word)),
    )
    .slice(0, AT_MOST)
    .map((metric) => ({ label: metric.label, href: href('/rows', state, {}, { metric: metric.id }), hint: 'rows' }))
  return Response.json(figures, { headers: { 'cache-control': 'no-store' } })
}
