import { MARGIN_COMPONENTS } from '../definitions/margin'
import type { Waterfall } from '../overview-types'
import { figureOf } from './figures'
import type { Kpis } from './kpis'
import { queryOf, type View } from './view'

/** Net margin impact and its components, which add up to it; components that are nothing in both periods are left out. */
export function waterfallOf(view: View, { live, liveBefore }: Kpis): Waterfall {
  const step = (metric: string, kind: 'component' | 'total') => ({
    metric,
    kind,
    value: live[metric] ?? null,
    previous: liveBefore?.[metric] ?? null,
    spec: queryOf(view, [metric], {}),
  })
  const components = MARGIN_COMPONENTS.map(({ id }) => step(id, 'component')).filter(
    ({ value, previous }) => Number(value) !== 0 || Number(previous) !== 0,
  )
  return {
    steps: [...components, step('net_margin_impact', 'total')],
    total: figureOf(view, 'net_margin_impact', live.net_margin_impact ?? null),
  }
}
