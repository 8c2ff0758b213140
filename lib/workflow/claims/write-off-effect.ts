import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { outstanding } from '../../returns/claims'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { about, after, type Held, hold, ours } from './progress'

/**
 * Gives up what is outstanding of a claim. Told with the amount that stands already, so that what was accepted and what has come stay what they
 * were; money that comes later takes back as much of the write-off.
 */
export async function writeOff(context: Context, held: Held, reason: string, approvalId?: string): Promise<void> {
  const { claim } = held
  const given = claim.writtenOff + outstanding(claim)
  const paid = claim.recovered > 0n
  await context.record(
    [
      context.event(
        paid ? 'claim.recovered.v1' : 'claim.accepted.v1',
        claim.unitId,
        {
          ...about(held),
          amount: formatUnits(paid ? claim.recovered : claim.accepted),
          written_off_amount: formatUnits(given),
          reason: 'rest_written_off',
        },
        after(context, held),
      ),
    ],
    { claims: ours([held]), reason, ...(approvalId ? { approvalId } : {}) },
  )
}

/** A yes to a claim's write-off books it. Write-offs of goods are carried out by who asked for them, not here. */
export const claimWriteOffEffect: ApprovalEffect = {
  async approved(context, row) {
    if (!row.subjectId.startsWith('CL-')) return
    const [held] = await hold(context, [row.subjectId])
    if (!held || outstanding(held.claim) !== row.amount)
      throw new UserError(
        'approval_stale',
        'What is outstanding has changed since this was asked for: it must be asked for again.',
        409,
        'ids',
      )
    await writeOff(context, held, row.summary, row.id)
  },
  async rejected() {
    // Nothing was changed by asking.
  },
}
