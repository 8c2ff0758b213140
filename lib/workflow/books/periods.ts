import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { UserError } from '../../errors'
import { CLOSE_TASKS } from '../../returns/close-tasks'
import { ask } from '../approvals'
import { type Context, command } from '../command'
import { periodOf } from '../record/books'
import { requireEntity } from './entities'
import { evaluateTasks } from './evaluate'
import { periodHash } from './period-hash'
import { holdPeriod } from './period-lock'
import { changeState, holdState, type PeriodState, requireLast } from './period-state'
import { signatures } from './sign'

const about = {
  entity: z.string().trim().min(1).max(64),
  period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'is no period like 2026-10'),
}

async function begin(context: Context, { entity, period }: { entity: string; period: string }, from: PeriodState) {
  await requireEntity(context, entity)
  if (period > periodOf(context.at)) throw new UserError('future_period', 'This period has not begun.', 400, 'period')
  const state = await holdState(context.tx, entity, period)
  if (state !== from)
    throw new UserError('period_state', `The period is ${WORDS[state]}, not ${WORDS[from]}.`, 409, 'period')
}

const WORDS: Readonly<Record<PeriodState, string>> = { open: 'open', soft: 'locked', closed: 'closed' }

/** Locks a period: cases post into the next one, and only entries that a controller approves come in. */
export const lock = command({
  name: 'period.lock',
  title: 'Lock',
  permission: 'periods:close',
  input: z.strictObject(about),
  async run(context, input): Promise<{ state: PeriodState }> {
    await begin(context, input, 'open')
    await holdPeriod(context.tx, input.entity, input.period)
    await changeState(context, { ...input, from: 'open', to: 'soft' })
    return { state: 'soft' }
  },
})

export const unlock = command({
  name: 'period.unlock',
  title: 'Unlock',
  permission: 'periods:close',
  input: z.strictObject({ ...about, reason: z.string().trim().min(3, 'Say why.').max(500) }),
  async run(context, { reason, ...input }): Promise<{ state: PeriodState }> {
    await begin(context, input, 'soft')
    await changeState(context, { ...input, from: 'soft', to: 'open', reason })
    return { state: 'open' }
  },
})

/**
 * Closes a locked period: nothing comes in any more. Every task is signed and still right, every earlier period with entries is closed. The
 * SHA-256 of what it holds is kept, and the controls compare it again and again.
 */
export const close = command({
  name: 'period.close',
  title: 'Close',
  permission: 'periods:close',
  input: z.strictObject(about),
  async run(context, input): Promise<{ state: PeriodState; hash: string }> {
    const { tx, at } = context
    const { entity, period } = input
    await begin(context, input, 'soft')
    if (period >= periodOf(at)) throw new UserError('period_running', 'The period has not ended yet.', 409, 'period')
    const { rows: earlier } = await tx.execute<{ period: string }>(sql`
      SELECT DISTINCT e.period FROM journal_entry e LEFT JOIN period p ON p.entity = e.entity AND p.period = e.period
      WHERE e.entity = ${entity} AND e.period < ${period} AND coalesce(p.state, 'open') <> 'closed' ORDER BY 1 LIMIT 1`)
    if (earlier[0])
      throw new UserError('period_order', `${earlier[0].period} is not closed: periods are closed in their order.`, 409)
    // Before the figures are looked at: what would be posted after them would be in the hash, and nobody had signed it.
    await holdPeriod(tx, entity, period)
    const signed = await signatures(context, input)
    const figures = await evaluateTasks(tx, entity, period, at)
    const open = CLOSE_TASKS.filter(({ id }) => !signed.has(id) || figures.get(id)?.even === false)
    if (open.length > 0)
      throw new UserError(
        'tasks_open',
        `Not signed, or not right any more: ${open.map(({ title }) => title.toLowerCase()).join('; ')}.`,
        409,
      )
    const { rows } = await tx.execute<{ hash: string }>(sql`SELECT ${periodHash(entity, period)} AS hash`)
    const hash = rows[0]?.hash ?? ''
    await changeState(context, { ...input, from: 'soft', to: 'closed', hash })
    return { state: 'closed', hash }
  },
})

/** Asks to open a closed period again. Two others say yes; it comes back locked, with every task to be signed again. */
export const reopen = command({
  name: 'period.reopen',
  title: 'Ask to reopen',
  permission: 'journal:prepare',
  input: z.strictObject({
    ...about,
    reason: z.string().trim().min(8, 'Say what must be corrected: two people decide on it.').max(500),
  }),
  async run(context, { reason, ...input }): Promise<{ approvalId: string }> {
    const { tx } = context
    await begin(context, input, 'closed')
    const { entity, period } = input
    await requireLast(tx, entity, period)
    const answer = await ask(context, {
      subjectType: 'reopen',
      subjectId: `${entity}/${period}`,
      entity,
      amount: 0n,
      currency: '',
      payload: { entity, period, reason },
      summary: `Reopen ${period} of ${entity}. ${reason}`,
    })
    if (answer.state === 'free')
      throw new UserError(
        'approval_missing',
        'The approval policy asks nobody about reopening periods: it needs two others. Mend the policy.',
        409,
      )
    await context.audit(
      [
        {
          action: 'period.reopen_asked',
          objectType: 'period',
          objectId: `${entity}/${period}`,
          entity,
          diff: { approval: [null, answer.id] },
        },
      ],
      { reason, approvalId: answer.id },
    )
    return { approvalId: answer.id }
  },
})
