import type { ViewState } from '@/components/filters/view-state'
import type { OverviewSpec } from '@/lib/metrics/overview-types'

/** The view of a page as a query says it. */
export const specOf = (state: ViewState): OverviewSpec => ({
  from: state.from,
  to: state.to,
  basis: state.basis,
  tz: state.tz,
  filters: state.filters,
  ...(state.compare === 'none' ? {} : { compare: state.compare }),
})
