import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { storeCreditEnding } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { ask } from '../approvals'
import { command } from '../command'
import { lockCredit, requireHeld } from './account'
import { creditAmount, ofCustomer, requireWhole } from './spend'

export interface EndingAsked {
  readonly id: string
  readonly approvalId: string
}

/** Asks to end store credit that was given by mistake or is too old. It is an entry in the books, and is posted with another's yes. */
export const end = command({
  name: 'store_credit.void',
  title: 'End store credit',
  permission: 'journal:prepare',
  input: z.strictObject({
    ...ofCustomer,
    amount: creditAmount,
    kind: z.enum(['voided', 'expired']).default('voided'),
    reason: z.string().trim().min(8, 'Say in a few words why: the approver and the auditor read it.').max(500),
  }),
  async run(context, input): Promise<EndingAsked> {
    const { customerId, currency, amount, kind, reason } = input
    requireWhole(amount, currency)
    const row = await lockCredit(context, input)
    const { entity } = row
    requireHeld(row, amount)
    const [open] = await context.tx
      .select({ id: storeCreditEnding.id })
      .from(storeCreditEnding)
      .where(
        and(
          eq(storeCreditEnding.customerId, customerId),
          eq(storeCreditEnding.entity, entity),
          eq(storeCreditEnding.currency, currency),
          eq(storeCreditEnding.state, 'proposed'),
        ),
      )
    if (open)
      throw new UserError(
        'ending_open',
        `The end of store credit of ${customerId} waits for an answer already (${open.id}).`,
        409,
        'customerId',
      )
    const id = `SE-${createHash('sha256').update(context.commandId).digest('hex').slice(0, 12)}`
    context.duty('prepare_journal', { unitId: id })
    const answer = await ask(context, {
      subjectType: 'journal',
      subjectId: id,
      entity,
      amount,
      currency,
      payload: { id, customerId, entity, currency, kind, amount, reason },
      summary: `${kind === 'voided' ? 'Void' : 'Let expire'} ${formatUnits(amount, 2)} ${currency} of the store credit of ${customerId}: ${reason}`,
    })
    if (answer.state === 'free')
      throw new UserError(
        'approval_missing',
        'The approval policy asks nobody about entries by hand: store credit needs a second person to be ended. Mend the policy.',
        409,
      )
    await context.tx.insert(storeCreditEnding).values({
      ...{ id, customerId, entity, currency, kind, amount, reason, approvalId: answer.id },
      ...{ preparedBy: context.doer.id, preparedAt: context.at },
    })
    await context.audit(
      [
        {
          action: 'store_credit.end_asked',
          objectType: 'store_credit',
          objectId: id,
          entity,
          diff: { customer: [null, customerId], amount: [null, formatUnits(-amount)], currency: [null, currency] },
        },
      ],
      { reason, approvalId: answer.id },
    )
    return { id, approvalId: answer.id }
  },
})
