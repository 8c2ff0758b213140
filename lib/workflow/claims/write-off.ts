import { z } from 'zod'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { outstanding } from '../../returns/claims'
import { ask } from '../approvals'
import { command } from '../command'
import { hold, requireState } from './progress'
import { writeOff } from './write-off-effect'

export interface WrittenOff {
  readonly claimId: string
  /** Given up, or asked to be, as a decimal. */
  readonly amount: string
  /** Set while a second person must say yes first: nothing has been booked yet. */
  readonly approvalId: string | null
}

/** Asks to give up what was accepted and has not come. It is booked with somebody else's yes. */
export const writeOffRest = command({
  name: 'claim.write_off',
  title: 'Write off the rest',
  permission: 'claims:write',
  input: z.strictObject({
    claimId: z.string().trim().min(1).max(128),
    reason: z.string().trim().min(8, 'Say why in a few words.').max(500),
  }),
  async run(context, asked): Promise<WrittenOff> {
    const [held] = await hold(context, [asked.claimId])
    if (!held) throw new UserError('not_found', `There is no claim ${asked.claimId}.`, 404, 'claimId')
    requireState(held, ['accepted', 'recovered'], 'written off')
    const { claim, unit } = held
    const rest = outstanding(claim)
    if (rest === 0n)
      throw new UserError('nothing_outstanding', `${claim.id}: everything that was accepted has come.`, 409, 'claimId')
    const amount = formatUnits(rest)
    const answer = await ask(context, {
      subjectType: 'write_off',
      subjectId: claim.id,
      rmaId: unit.rmaId ?? '',
      unitId: unit.id,
      entity: claim.entity,
      facility: unit.facility,
      channel: unit.channel,
      amount: rest,
      currency: claim.currency,
      payload: { claim: claim.id, accepted: claim.accepted, recovered: claim.recovered, rest, reason: asked.reason },
      summary: `Give up ${formatUnits(rest, 2)} ${claim.currency} that ${claim.supplierId} has accepted and not paid (${claim.id}): ${asked.reason}`,
    })
    if (answer.state === 'free') {
      await writeOff(context, held, asked.reason)
      return { claimId: claim.id, amount, approvalId: null }
    }
    await context.audit(
      [
        {
          action: 'claim.write_off_asked',
          objectType: 'claim',
          objectId: claim.id,
          rmaId: unit.rmaId ?? '',
          entity: claim.entity,
          diff: { rest: [null, amount], approval: [null, answer.id] },
        },
      ],
      { reason: asked.reason, approvalId: answer.id },
    )
    return { claimId: claim.id, amount, approvalId: answer.id }
  },
})
