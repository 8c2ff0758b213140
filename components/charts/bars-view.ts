/**
 * Horizontal bars as both their drawings need them: a waterfall's floating bars and stacked bars are the same thing, rows of
 * spans on one scale. Words stand outside the plot, in HTML.
 */
export interface BarsView {
  domain: [number, number]
  ticks: { value: number; text: string }[]
  /** Pixel height of a row. */
  row: number
  rows: BarsRow[]
}

export interface BarsRow {
  id: string
  label: string
  /** Shown at the right, exact. */
  text: string
  href?: string
  strong: boolean
  spans: BarSpan[]
  /** A thin second bar: the same of the comparison period. */
  previous: [number, number] | null
  facts: { name: string; text: string }[]
}

export interface BarSpan {
  id: string
  from: number
  to: number
  color: string
}

/** Thickness of the bar and of the comparison's thin one, in a row of `view.row` pixels. */
export const BAR = 12
export const PREVIOUS = 3

/** Where the two bars lie within a row. With a comparison the pair is centred together. */
export const lay = (row: BarsRow, height: number): { top: number; previousTop: number } => {
  const top = (height - BAR - (row.previous ? PREVIOUS + 2 : 0)) / 2
  return { top, previousTop: top + BAR + 2 }
}
