// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import type { DecisionTable } from '../policy'

/**
 * Where a return goes, as it is delivered: version 1 of the policy `routing`. It has no rows, since it cannot know a company's facilities: then a
 * return goes back to where it was shipped from. `shipped_from` is that place.
 */
export const ROUTING_TABLE: DecisionTable = {
  inputs: ['goods_class', 'category', 'country', 'channel', 'reason', 'shipped_from', 'price'],
  outputs: ['facility'],
  rows: [],
}
