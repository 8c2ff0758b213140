import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { closeTask, journalEntry } from '../../db/schema'
import { UserError } from '../../errors'
import { CLOSE_TASKS, type CloseTaskId, closeTask as taskOf } from '../../returns/close-tasks'
import { type Context, command } from '../command'
import { requireEntity } from './entities'
import { evaluateTasks } from './evaluate'
import { holdState } from './period-state'

const TASK_IDS = CLOSE_TASKS.map(({ id }) => id)
const about = {
  entity: z.string().trim().min(1).max(64),
  period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'is no period like 2026-10'),
  task: z.enum(TASK_IDS),
}

/** Signs a task of the close on its figure of this moment: never while it is off, never before the tasks that it rests on. */
export const sign = command({
  name: 'close.sign',
  title: 'Sign',
  permission: 'close:sign',
  input: z.strictObject({ ...about, note: z.string().trim().max(500).default('') }),
  async run(context, input): Promise<{ evidence: string }> {
    const { tx } = context
    await requireEntity(context, input.entity)
    const state = await holdState(tx, input.entity, input.period)
    if (state === 'closed')
      throw new UserError('period_closed', 'The period is closed: nothing is signed any more.', 409)
    const task = requireTask(context, input.task)
    const signed = await signatures(context, input)
    if (signed.has(task.id)) throw new UserError('already_signed', 'It is signed already.', 409, 'task')
    const before = task.after.filter((id) => !signed.has(id))
    if (before.length > 0)
      throw new UserError(
        'task_before',
        `It rests on what is not signed yet: ${before.map((id) => taskOf(id)?.title.toLowerCase()).join('; ')}.`,
        409,
        'task',
      )
    const figure = (await evaluateTasks(tx, input.entity, input.period, context.at)).get(input.task)
    if (!figure?.even)
      throw new UserError('task_off', `${figure?.evidence ?? ''} It is signed when it is zero.`.trim(), 409, 'task')
    if (task.id === 'manual') await notOwnEntries(context, input)
    await tx.insert(closeTask).values({
      ...{ entity: input.entity, period: input.period, task: input.task },
      ...{ evidence: figure.evidence, note: input.note, signedBy: context.doer.id, signedAt: context.at },
    })
    await context.audit(
      [
        {
          action: 'close.signed',
          objectType: 'period',
          objectId: `${input.entity}/${input.period}`,
          entity: input.entity,
          diff: { [input.task]: [null, figure.evidence] },
        },
      ],
      { reason: input.note },
    )
    return { evidence: figure.evidence }
  },
})

/** Takes a signature back, as long as the period is not closed; whatever rests on it is taken back with it. */
export const unsign = command({
  name: 'close.unsign',
  title: 'Take back',
  permission: 'close:sign',
  input: z.strictObject({ ...about, reason: z.string().trim().min(3, 'Say why.').max(500) }),
  async run(context, input): Promise<{ tasks: string[] }> {
    const { tx } = context
    await requireEntity(context, input.entity)
    if ((await holdState(tx, input.entity, input.period)) === 'closed')
      throw new UserError('period_closed', 'The period is closed: ask for it to be reopened.', 409)
    requireTask(context, input.task)
    const signed = await signatures(context, input)
    if (!signed.has(input.task)) throw new UserError('not_signed', 'It is not signed.', 409, 'task')
    const gone = restingOn(input.task).filter((id) => signed.has(id))
    for (const task of gone)
      await tx
        .delete(closeTask)
        .where(and(eq(closeTask.entity, input.entity), eq(closeTask.period, input.period), eq(closeTask.task, task)))
    await context.audit(
      [
        {
          action: 'close.unsigned',
          objectType: 'period',
          objectId: `${input.entity}/${input.period}`,
          entity: input.entity,
          diff: Object.fromEntries(gone.map((task) => [task, [signed.get(task) ?? null, null]])),
        },
      ],
      { reason: input.reason },
    )
    return { tasks: gone }
  },
})

/** A task and everything that rests on it, in the order of the checklist. */
function restingOn(task: CloseTaskId): CloseTaskId[] {
  const gone = new Set<string>([task])
  for (const each of CLOSE_TASKS) if (each.after.some((id) => gone.has(id))) gone.add(each.id)
  return TASK_IDS.filter((id) => gone.has(id))
}

function requireTask(context: Context, id: string) {
  const task = taskOf(id)
  if (!task) throw new UserError('not_found', 'There is no such task.', 404, 'task')
  if (!context.actor.roles.includes(task.owner))
    throw new UserError('other_owner', `This task is signed by the role ${task.owner}.`, 403, 'task')
  return task
}

/** What has been signed, by task, with what was seen. */
export async function signatures(
  { tx }: Pick<Context, 'tx'>,
  { entity, period }: { readonly entity: string; readonly period: string },
): Promise<Map<string, string>> {
  const rows = await tx
    .select({ task: closeTask.task, evidence: closeTask.evidence })
    .from(closeTask)
    .where(and(eq(closeTask.entity, entity), eq(closeTask.period, period)))
  return new Map(rows.map(({ task, evidence }) => [task, evidence]))
}

/** Nobody reviews what they wrote. */
async function notOwnEntries(
  { tx, doer }: Context,
  { entity, period }: { readonly entity: string; readonly period: string },
): Promise<void> {
  const [own] = await tx
    .select({ id: journalEntry.id })
    .from(journalEntry)
    .where(
      and(
        eq(journalEntry.entity, entity),
        eq(journalEntry.period, period),
        eq(journalEntry.origin, 'manual'),
        eq(journalEntry.preparedBy, doer.id),
      ),
    )
    .limit(1)
  if (own)
    throw new UserError('segregation_of_duties', 'You prepared an entry of this period: somebody else reads them.', 403)
}
