import type { DecisionTable } from './policy'
import { type TextRow, textRows } from './policy-text'

/** A row of the later table beside the earlier one: what came, went, changed (and in which columns), or only moved. */
export interface RowChange {
  readonly row: TextRow
  readonly state: 'same' | 'added' | 'removed' | 'changed' | 'moved'
  /** Columns that changed, with what they were. */
  readonly was: Readonly<Record<string, string>>
}

/** Two versions of a table, row by row in the order of the later one; what it has no longer stands where it stood. */
export function policyDiff(earlier: DecisionTable, later: DecisionTable): RowChange[] {
  const before = textRows(earlier)
  const after = textRows(later)
  const old = new Map(before.map((row) => [row.id, row]))
  const kept = before.filter(({ id }) => after.some((row) => row.id === id)).map(({ id }) => id)
  const order = after.filter(({ id }) => old.has(id)).map(({ id }) => id)
  const changes = after.map((row): RowChange => {
    const was = old.get(row.id)
    if (!was) return { row, state: 'added', was: {} }
    const changed = Object.fromEntries(
      [...flat(row)].flatMap(([column, text]) => {
        const previous = flat(was).get(column) ?? ''
        return previous === text ? [] : [[column, previous]]
      }),
    )
    if (Object.keys(changed).length > 0) return { row, state: 'changed', was: changed }
    return { row, state: kept.indexOf(row.id) === order.indexOf(row.id) ? 'same' : 'moved', was: {} }
  })
  for (const [index, row] of before.entries())
    if (!after.some(({ id }) => id === row.id))
      changes.splice(Math.min(index, changes.length), 0, { row, state: 'removed', was: {} })
  return changes
}

const flat = ({ note, when, gives }: TextRow): Map<string, string> =>
  new Map([['note', note], ...Object.entries(when), ...Object.entries(gives)])
