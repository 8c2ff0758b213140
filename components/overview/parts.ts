import type { OverviewData, Panel } from '@/lib/metrics/overview-types'
import type { QueryResult } from '@/lib/metrics/types'
import { href } from '../filters/view-state'
import type { Density } from '../tables/table-types'
import type { PanelLinks } from '../ui/panel'
import type { PageContext } from './figure'
import type { RisksAnswer } from './risks'

export interface OverviewProps {
  data: OverviewData
  /** Backlog by facility: `backlog_units`, `backlog_days`, `backlog_value`. */
  backlog: Panel<QueryResult>
  /** What runs out or stands still. */
  risks: RisksAnswer
  context: PageContext
  density: Density
  links: PanelLinks
  /** Which figures are shown as tables. */
  asTable: readonly string[]
  moversCsv?: string
  printHref?: string
}

/** The words for the comparison's line: a year before, or just before. */
export const priorName = (props: OverviewProps): string =>
  props.context.state.compare === 'previous_year'
    ? 'Prior year'
    : props.context.state.compare === 'previous_period'
      ? 'Prior period'
      : 'Comparison'

/** The links that show a figure as its table and back. */
export function toggles(props: OverviewProps, id: string) {
  const to = (shown: readonly string[]) =>
    `${href('/', props.context.state, {}, { as: shown.length > 0 ? shown.join(',') : undefined })}#${id}`
  return { table: to([...new Set([...props.asTable, id])]), chart: to(props.asTable.filter((other) => other !== id)) }
}
