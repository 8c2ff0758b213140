/** A table as the server hands it to the browser: words are finished, and beside each is the value to sort by. */
export interface Column {
  id: string
  label: string
  /** In the head, once, instead of in each cell: "%", "pp", "€". */
  unit?: string
  align: 'left' | 'right'
  /** The name of the row: sticky, cannot be hidden. The first column. */
  sticky?: boolean
  /** Hidden until asked for. */
  hidden?: boolean
  help?: string
  /** Where the column is defined. */
  about?: string
  /** Where the server sorts (pages of many rows): the link that does it, and how it is sorted now. */
  sortHref?: string
  sorted?: 'asc' | 'desc'
  /** Left out on a phone, where the row's name says it in a second line (`Cell.note`). */
  wide?: boolean
}

export interface Cell {
  text: string
  /** To sort by; nulls go last. Left out: the text. */
  sort?: string | number | null
  href?: string
  /** −1 to 1: a bar inside the cell, from its middle line. */
  bar?: number
  tone?: 'better' | 'worse' | 'muted'
  /** A mark before the word; the word says it too. */
  mark?: 'better' | 'worse' | 'warn' | 'plain'
  title?: string
  /** Long names are cut and say themselves when pointed at. */
  clip?: boolean
  /** A second line under the row's name on a phone. */
  note?: string
  /** What an id means, beside it; on a phone beneath it. */
  detail?: string
}

export interface Row {
  id: string
  cells: Record<string, Cell>
  /** What Space opens beside the list, without leaving it. */
  peek?: string
}

export interface TableData {
  columns: Column[]
  rows: Row[]
  /** Beneath the rows and never sorted among them: "other", then the total. */
  foot?: Row[]
}

export const DENSITIES = ['compact', 'regular', 'relaxed'] as const
export type Density = (typeof DENSITIES)[number]
