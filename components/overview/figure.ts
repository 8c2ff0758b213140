import type { Formatter, Unit } from '@/lib/format'
import type { Figure } from '@/lib/metrics/overview-types'
import { formatQuery } from '@/lib/metrics/url'
import { href, type ViewState } from '../filters/view-state'

/** What a page needs of a metric's definition. */
export interface FigureDefinition {
  id: string
  label: string
  unit: Unit
  good: 'up' | 'down' | 'none'
  sentence: string
  formula: string
  numerator: string | undefined
  denominator: string | undefined
  /** Bases that it knows, its default first; none for a metric as of an instant. */
  bases: readonly ('cohort' | 'activity')[]
}

/** What every part of a page needs to turn a figure into words and links. */
export interface PageContext {
  /** The reader may open rows. */
  opens: boolean
  /** The reader may download rows. */
  exports: boolean
  state: ViewState
  format: Formatter
  define: (metric: string) => FigureDefinition
  /** A value of a dimension as people call it: the name of a channel or facility, else the code as words. */
  name: (dimension: string, value: string) => string
}

/** The view that a figure was asked with: its own days and filters where they differ from the page's. */
const viewOf = (figure: Figure, state: ViewState): Partial<ViewState> => ({
  ...(figure.spec.from === state.from && figure.spec.to === state.to
    ? {}
    : { period: 'custom', from: figure.spec.from, to: figure.spec.to }),
  ...(figure.spec.basis ? { basis: figure.spec.basis } : {}),
  filters: figure.spec.filters,
})

/** The rows behind a number: the same query, other form. */
export const rowsHref = (figure: Figure, state: ViewState): string =>
  href('/rows', state, viewOf(figure, state), { metric: figure.metric, as_of: figure.spec.asOf })

export const csvHref = (figure: Figure, state: ViewState): string =>
  href('/rows/csv', state, viewOf(figure, state), { metric: figure.metric, as_of: figure.spec.asOf })

/** The basis that a question is answered on: the one asked for if the metric knows it, else the metric's own. */
export const basisOf = (definition: FigureDefinition, asked: 'cohort' | 'activity' | undefined) =>
  asked && definition.bases.includes(asked) ? asked : definition.bases[0]

export const BASIS_WORDS = { cohort: 'Cohort, by date of sale', activity: 'Activity, by date of the event' } as const

/** The number by the API: the grammar is the page's. */
export const apiHref = (figure: Figure): string =>
  `/api/v1/query?${formatQuery({ ...figure.spec, metrics: [figure.metric], by: [] })}`
