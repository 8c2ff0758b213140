import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { returnUnit, rma } from '../../db/schema'
import { UserError } from '../../errors'
import { overrode } from '../automation'
import { type Context, command } from '../command'
import type { RmaRow, UnitRow } from '../record/types'
import { requireInScope } from '../scope'
import { withdrawals } from '../settlements/withdraw'
import { momentOf, moved, requireOpen } from '../unit'

const rmaId = z.string().min(1).max(128)
const why = z.string().trim().min(3, 'Say why.').max(500)
/** The version of the case that the person saw: a later one means that somebody else has acted since. */
const version = z.int().min(0).optional()

/** A case and its units, locked; 404 outside of the actor's rows, 409 when it has changed since it was seen. */
export async function lockCase(
  context: Context,
  id: string,
  seen: number | undefined,
): Promise<{ rma: RmaRow; units: UnitRow[] }> {
  const [row] = await context.tx.select().from(rma).where(eq(rma.id, id)).for('update')
  requireInScope(context.actor, row, `return ${id}`)
  if (!row) throw new UserError('not_found', `There is no return ${id}.`, 404, 'rmaId')
  if (seen !== undefined && seen !== row.version)
    throw new UserError(
      'changed_meanwhile',
      'Somebody has changed this return since you opened it. Look again, then decide.',
      409,
      'version',
    )
  const units = await context.tx
    .select()
    .from(returnUnit)
    .where(eq(returnUnit.rmaId, id))
    .orderBy(returnUnit.id)
    .for('update')
  return { rma: row, units: units.filter((unit) => unit.quantity > 0 && unit.splitAt === null) }
}

const authorize = command({
  name: 'return.authorize',
  title: 'Authorize',
  permission: 'returns:decide',
  input: z.strictObject({ rmaId, version, reason: why.default('Authorized by a person.') }),
  async run(context, input) {
    const { rma: found, units } = await lockCase(context, input.rmaId, input.version)
    for (const unit of units) requireOpen('return.authorize', unit)
    if (units.length === 0) throw new UserError('not_now', 'There is nothing to authorize.', 409, 'rmaId')
    await context.record(
      units.map((unit) =>
        context.event(
          'return.authorized.v1',
          unit.id,
          {
            unit_id: unit.id,
            reason: input.reason,
            policy_version: found.policyVersion,
            policy_row: found.policyRow || 'none',
          },
          momentOf(context, unit),
        ),
      ),
      { reason: input.reason },
    )
    return { rmaId: input.rmaId }
  },
})

const reject = command({
  name: 'return.reject',
  title: 'Reject',
  permission: 'returns:decide',
  input: z.strictObject({ rmaId, version, reason: why }),
  async run(context, input) {
    const { rma: found, units } = await lockCase(context, input.rmaId, input.version)
    for (const unit of units) requireOpen('return.reject', unit)
    if (units.length === 0) throw new UserError('not_now', 'There is nothing to reject.', 409, 'rmaId')
    const money = await withdrawals(
      context,
      units.map(({ id }) => id),
    )
    await context.record(
      [
        ...money,
        ...units.flatMap((unit) => [
          context.event(
            'return.rejected.v1',
            unit.id,
            {
              unit_id: unit.id,
              reason: input.reason,
              policy_version: found.policyVersion,
              policy_row: found.policyRow || 'none',
            },
            momentOf(context, unit),
          ),
          moved(context, unit, 'cancelled', momentOf(context, unit)),
        ]),
      ],
      { reason: input.reason },
    )
    return { rmaId: input.rmaId }
  },
})

const cancel = command({
  name: 'return.cancel',
  title: 'Cancel',
  permission: 'returns:create',
  input: z.strictObject({ rmaId, version, reason: why }),
  async run(context, input) {
    const { rma: found, units } = await lockCase(context, input.rmaId, input.version)
    const open = units.filter((unit) => unit.finalAt === null)
    if (open.length === 0)
      throw new UserError('not_now', 'Every unit of this return is at its end already.', 409, 'rmaId')
    for (const unit of open) requireOpen('return.cancel', unit)
    const money = await withdrawals(
      context,
      open.map(({ id }) => id),
    )
    await context.record(
      [
        ...money,
        ...open.flatMap((unit) => [
          context.event(
            'return.cancelled.v1',
            unit.id,
            { unit_id: unit.id, reason: input.reason },
            momentOf(context, unit),
          ),
          moved(context, unit, 'cancelled', momentOf(context, unit)),
        ]),
      ],
      { reason: input.reason },
    )
    if (found.decision === 'authorized' && found.policyRow)
      await overrode(context.tx, 'policy_approval', context.doer, context.at, {
        rmaId: found.id,
        objectId: found.id,
        reason: input.reason,
      })
    return { rmaId: input.rmaId }
  },
})

const label = command({
  name: 'return.label',
  title: 'Make a label',
  permission: 'returns:label',
  input: z.strictObject({
    rmaId,
    version,
    carrier: z.string().trim().min(2).max(64),
    trackingNumber: z.string().trim().min(4, 'A tracking number has at least four characters.').max(64),
    expectedAt: z.iso.datetime({ offset: true }).optional(),
  }),
  async run(context, input) {
    const { units } = await lockCase(context, input.rmaId, input.version)
    const open = units.filter((unit) => unit.finalAt === null)
    if (open.length === 0)
      throw new UserError('not_now', 'Every unit of this return is at its end already.', 409, 'rmaId')
    for (const unit of open) requireOpen('return.label', unit)
    await context.record(
      open.map((unit) =>
        context.event(
          'shipment.labelled.v1',
          unit.id,
          {
            unit_id: unit.id,
            carrier: input.carrier,
            tracking_number: input.trackingNumber,
            ...(unit.facility ? { facility: unit.facility } : {}),
            ...(input.expectedAt ? { expected_at: new Date(input.expectedAt).toISOString() } : {}),
          },
          momentOf(context, unit),
        ),
      ),
    )
    return { rmaId: input.rmaId, label: `/returns/${encodeURIComponent(input.rmaId)}/label` }
  },
})

export const decisionCommands = [authorize, reject, cancel, label] as const
