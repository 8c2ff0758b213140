import type { ViewState } from '@/components/filters/view-state'
import type { Actor } from '@/lib/auth/session'
import { filterOptions, overview } from '@/lib/metrics/overview'
import { runQuery } from '@/lib/metrics/run'
import { naming } from './names'
import { risksOf } from './open-risks'
import { panelOf } from './panel-of'
import type { Asked } from './request'
import { specOf } from './spec'

/** Everything that the overview shows, asked side by side, each question once; shared by the page and its print. */
export async function overviewData({ actor, state, context }: Asked) {
  const [data, backlog, options, risks] = await Promise.all([
    panelOf(() => overview(actor, specOf(state))),
    panelOf(() => backlogByFacility(actor, state)),
    panelOf(() => filterOptions(actor, { tz: state.tz })),
    risksOf(actor, state.tz),
  ])
  const known = options.state === 'ok' ? options.data : null
  return { data, backlog, risks, options: known, context: { ...context, name: naming(known) } }
}

const backlogByFacility = (actor: Actor, state: ViewState) => {
  const { compare: _, ...view } = specOf(state)
  return runQuery(actor, { ...view, metrics: ['backlog_units', 'backlog_days', 'backlog_value'], by: ['facility'] })
}
