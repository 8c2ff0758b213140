import type { GroupsResult } from '@/lib/metrics/groups-types'
import type { FilterOptions, Freshness, Panel } from '@/lib/metrics/overview-types'
import type { Row, Value } from '@/lib/metrics/types'

/** How much of their returns is expected to be in: for young cohorts, beside what they show so far. */
export interface Maturity {
  /** Of the group with these keys; null where it is not known. */
  of: (keys: readonly string[]) => Ripeness | null
  total: Ripeness | null
  /** It is known for each group, not only for all of them together. */
  each: boolean
}

export interface Ripeness {
  maturity: Value
  /** Projected rate and its 80 % interval, where they were asked. */
  low: Value
  high: Value
}

export interface ExploreData {
  result: GroupsResult
  /** Null where no figure on the page ripens. */
  maturity: Maturity | null
  /** Over time, of figures that ripen: the earlier steps as they ended, by their first day. Null where they are compared at the same age. */
  ended: ReadonlyMap<string, Row> | null
  /** Names by the dimension and the value, beside what the codes say. */
  names: ReadonlyMap<string, ReadonlyMap<string, string>>
}

export interface ExploreAnswer {
  data: Panel<ExploreData>
  options: FilterOptions | null
  freshness: Freshness | null
}
