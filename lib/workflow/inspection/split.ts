import { z } from 'zod'
import { UserError } from '../../errors'
import { command } from '../command'
import { code } from '../receipt/receive'
import { inheritDuties, lockUnit, momentOf, partIds, requireOpen } from '../unit'

const input = z.strictObject({
  unitId: code,
  /** Pieces of each part; together as many as the unit has. */
  into: z.array(z.int().min(1).max(100_000)).min(2).max(100),
})

export interface Split {
  readonly unitId: string
  readonly parts: readonly { readonly unitId: string; readonly quantity: number }[]
}

/** Takes a carton that is not uniform apart: each part is a unit with its own grade and end. Pieces are neither made nor lost. */
export const split = command({
  name: 'unit.split',
  title: 'Split',
  permission: 'units:inspect',
  input,
  async run(context, asked): Promise<Split> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.split', unit)
    const total = asked.into.reduce((sum, each) => sum + each, 0)
    if (total !== unit.quantity)
      throw new UserError(
        'quantity_not_conserved',
        `The parts have ${total} pieces together, and ${unit.id} has ${unit.quantity}.`,
        400,
        'into',
      )
    const ids = await partIds(context.tx, unit.id, asked.into.length)
    const parts = asked.into.map((quantity, index) => ({ unitId: ids[index] ?? '', quantity }))
    await context.record([
      context.event(
        'unit.split.v1',
        unit.id,
        { unit_id: unit.id, into: parts.map(({ unitId, quantity }) => ({ unit_id: unitId, quantity })) },
        momentOf(context, unit),
      ),
    ])
    await inheritDuties(context.tx, unit.id, ids)
    return { unitId: unit.id, parts }
  },
})
