import { eq, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { facility, product, returnUnit, rma } from '../../db/schema'
import { UserError } from '../../errors'
import { scopeOf } from '../scope'

/** What stands on the label of a return: where it goes, what is in it, and the number that a scanner reads. No name, no address of a person. */
export interface RmaLabel {
  readonly rmaId: string
  readonly orderId: string
  readonly to: { readonly name: string; readonly country: string }
  readonly carrier: string
  readonly tracking: string
  readonly pieces: number
  readonly items: readonly { readonly quantity: number; readonly name: string; readonly sku: string }[]
  /** Why it must not be printed to be sent, in words; null when it may. */
  readonly closed: string | null
}

/** The label of a return, within the asker's rows. Throws a UserError: 403, or 404 for what is not theirs. */
export async function rmaLabel(actor: Actor, rmaId: string): Promise<RmaLabel> {
  authorize(actor, 'cases:read')
  const [head] = await db()
    .select()
    .from(rma)
    .where(
      sql`${rma.id} = ${rmaId} AND ${scopeOf(actor, { entity: rma.entity, facility: rma.facility, channel: rma.channel })}`,
    )
  if (!head) throw new UserError('not_found', `There is no return ${rmaId}.`, 404, 'rma')
  const [place] = await db().select().from(facility).where(eq(facility.id, head.facility))
  const units = await db()
    .select({ unit: returnUnit, name: product.name })
    .from(returnUnit)
    .leftJoin(product, eq(product.sku, returnUnit.sku))
    .where(sql`${returnUnit.rmaId} = ${rmaId} AND ${returnUnit.splitAt} IS NULL AND ${returnUnit.quantity} > 0`)
    .orderBy(returnUnit.id)
  const said = units.map(({ unit }) => unit)
  return {
    rmaId,
    orderId: head.orderId,
    to: { name: place?.name ?? head.facility, country: place?.country ?? '' },
    carrier: said.find(({ carrier }) => carrier !== '')?.carrier ?? '',
    tracking: said.find(({ tracking }) => tracking !== '')?.tracking ?? '',
    pieces: said.reduce((sum, { quantity }) => sum + quantity, 0),
    items: units.map(({ unit, name }) => ({ quantity: unit.quantity, name: name || unit.sku, sku: unit.sku })),
    closed:
      head.decision === 'authorized'
        ? null
        : `This return is ${head.decision ?? 'not authorized yet'}: nothing is to be sent on it.`,
  }
}
