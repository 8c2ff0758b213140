import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { facility as facilityTable } from '../../db/schema'
import { UserError } from '../../errors'
import { RETURN_ZONES } from '../../returns/reconciliation'
import { type Context, command } from '../command'
import { type KeptCount, keepCount } from './keep-count'

const id = z.string().trim().min(1).max(128)

export const place = {
  facility: id,
  location: z.string().trim().max(128).default(''),
  sku: id,
  status: z.enum(RETURN_ZONES),
}

/** Counts the goods of one kind at one place. The ledger's own figure is noted with it, and is not shown before. */
export const count = command({
  name: 'stock.count',
  title: 'Count',
  permission: 'stock:count',
  input: z.strictObject({ ...place, counted: z.number().int().min(0).max(1_000_000) }),
  async run(context, asked): Promise<KeptCount> {
    await requireFacility(context, asked.facility)
    const countId = `SC-${context.commandId}`
    const kept = await keepCount(context, { ...asked, id: countId, actor: context.doer.id, at: context.at })
    await context.record([
      context.event('stock.counted.v1', asked.facility, {
        count_id: countId,
        facility: asked.facility,
        location: asked.location || 'none',
        sku: asked.sku,
        status: asked.status,
        quantity: asked.counted,
      }),
    ])
    return kept ?? { countId, expected: asked.counted, difference: 0, exceptionId: null }
  },
})

/** Refuses (404) a facility that there is not, or that is not the actor's. */
export async function requireFacility(context: Context, id: string): Promise<{ id: string; entity: string }> {
  const [row] = await context.tx.select().from(facilityTable).where(eq(facilityTable.id, id))
  const { facilities, entities } = context.actor.scope
  if (!row || (facilities && !facilities.includes(id)) || (entities && !entities.includes(row.entity)))
    throw new UserError(
      'unknown_facility',
      'There is no such facility, or it is not in your part of the company.',
      404,
      'facility',
    )
  return { id, entity: row.entity }
}
