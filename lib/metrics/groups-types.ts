import type { Row } from './types'

/** Figures of some rows, and the same of the earlier dates where there is a comparison. */
export interface Figures {
  values: Row
  previous: Row | null
}

/** One value of each dimension asked for, with its figures. */
export interface Group extends Figures {
  /** In the order of `by`; '' is unknown, dates YYYY-MM-DD. */
  keys: string[]
  /** With time in `by`: the earlier bucket that it is compared with. */
  previousAt: string | null
}

/**
 * An answer cut into groups, of which a page shows the first. Whatever is not among them is `rest`, out of the very same sums: the
 * groups and the rest are the totals.
 */
export interface GroupsResult {
  groups: Group[]
  /** How many groups there are. */
  count: number
  /** Null when everything is shown. `count` more groups, and `gone` that only the earlier dates have. */
  rest: (Figures & { count: number; gone: number }) | null
  totals: Figures
  compared: { from: string; to: string } | null
  /** ISO 8601: T. */
  asOf: string
}
