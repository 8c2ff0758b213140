import type { CaseEvent } from '../../returns/case-event'
import { foldUnit, type UnitFold } from '../../returns/fold-unit'

/** As deep as splits of splits are followed (docs/facts.md §4). */
const GENERATIONS = 8
const STAGE = /^(return|shipment|unit)\./

/**
 * Folds units from their events: parents before their children, since a child begins with its parent's past. `parentOf` is what is known of
 * earlier splits; splits among the events come first.
 */
export function foldUnits(
  events: ReadonlyMap<string, readonly CaseEvent[]>,
  parentOf: ReadonlyMap<string, string>,
): Map<string, UnitFold> {
  const own = new Map(
    [...events].map(([id, all]) => [id, all.filter((event) => STAGE.test(event.type) && !event.voided)]),
  )
  const parents = new Map(parentOf)
  const splits = new Map<string, { at: number; parent: string; quantity: number }>()
  for (const [id, all] of own)
    for (const child of childrenIn(all)) {
      const known = splits.get(child.id)
      if (!known || child.at >= known.at) splits.set(child.id, { at: child.at, parent: id, quantity: child.quantity })
    }
  for (const [child, { parent }] of splits) parents.set(child, parent)

  const pastOf = (id: string, until: number, depth: number): CaseEvent[] => {
    const mine = (own.get(id) ?? []).filter((event) => event.time <= until && event.type !== 'unit.split.v1')
    const birth = splits.get(id)
    if (!birth || depth >= GENERATIONS) return mine
    return [...pastOf(birth.parent, Math.min(until, birth.at), depth + 1), ...mine]
  }

  const folds = new Map<string, UnitFold>()
  for (const [id, all] of own) {
    const birth = splits.get(id)
    const fold = birth
      ? foldUnit(id, all, {
          parentId: birth.parent,
          at: birth.at,
          quantity: birth.quantity,
          past: pastOf(birth.parent, birth.at, 1),
        })
      : foldUnit(id, all)
    if (fold) folds.set(id, fold)
  }
  return folds
}

function childrenIn(events: readonly CaseEvent[]): { id: string; quantity: number; at: number }[] {
  const split = events
    .filter((event) => event.type === 'unit.split.v1')
    .sort((a, b) => a.time - b.time)
    .at(-1)
  const into = split?.data.into
  if (!split || !Array.isArray(into)) return []
  return into.flatMap((part: { unit_id?: unknown; quantity?: unknown }) =>
    typeof part?.unit_id === 'string' ? [{ id: part.unit_id, quantity: Number(part.quantity), at: split.time }] : [],
  )
}
