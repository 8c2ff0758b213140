import type { Transaction } from '../../db/client'
import type { CaseEvent } from '../../returns/case-event'
import type { UnitFold } from '../../returns/fold-unit'
import { differenceOf } from './audit'
import { eventsOfUnits } from './events'
import { lockUnits } from './family'
import { foldUnits } from './fold'
import type { Surroundings } from './surroundings'
import type { Change, Recording, UnitRow } from './types'
import { takenBack, unitRow } from './unit-row'

/** Folds the units of a recording from all of their events; what came of it, with the rows as they were. */
export async function changeUnits(
  tx: Transaction,
  recording: Recording,
  known: ReadonlyMap<string, UnitRow | undefined>,
  events: Map<string, CaseEvent[]>,
  around: Surroundings,
) {
  const before = new Map([...known].flatMap(([id, row]) => (row ? [[id, row] as const] : [])))
  const folds = await foldWithChildren(tx, before, events)
  const further = [...folds.keys()].filter((id) => !known.has(id)).sort()
  if (further.length > 0) for (const row of await lockUnits(tx, further)) before.set(row.id, row)
  const list = [...folds.values()]
  const lines = await around.lines.get(list.map((fold) => fold.orderLineId))
  const products = await around.products.get(list.map((fold) => lines.get(fold.orderLineId)?.sku || fold.sku))
  const handled = recording.commandId !== undefined && recording.doer.kind === 'person'
  const changes = new Map<string, Change<UnitRow>>()
  for (const fold of list) {
    const line = lines.get(fold.orderLineId)
    const old = before.get(fold.id)
    const after = unitRow(fold, line, products.get(line?.sku || fold.sku), old, {
      handled,
      opening: recording.archive !== undefined,
    })
    if (old && Object.keys(differenceOf(old, after, ['version'])).length === 0) continue
    changes.set(fold.id, { before: old, after })
  }
  // Everything that was told of it has been taken back: the row stays, with nothing in it.
  for (const [id, old] of before)
    if (!folds.has(id) && events.has(id) && old.quantity > 0)
      changes.set(id, { before: old, after: takenBack(old, recording.at) })
  return { before, changes, folds }
}

/** Folds, and where a split names children that were not asked for, folds again with them. */
async function foldWithChildren(
  tx: Transaction,
  rows: ReadonlyMap<string, UnitRow>,
  events: Map<string, CaseEvent[]>,
): Promise<Map<string, UnitFold>> {
  const parents = new Map(
    [...rows].flatMap(([id, { parentId }]) => (parentId === null ? [] : [[id, parentId] as const])),
  )
  for (;;) {
    const folds = foldUnits(events, parents)
    const missing = [...folds.values()]
      .flatMap((fold) => fold.children.map(({ id }) => id))
      .filter((id) => !events.has(id))
    if (missing.length === 0) return folds
    for (const [id, list] of await eventsOfUnits(tx, missing)) events.set(id, list)
  }
}
