import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Scope } from '../auth/actor'
import { isRole, permissionsOf } from '../auth/permissions'
import { account, caseException, orderLine, returnUnit, rma } from '../db/schema'
import { UserError } from '../errors'
import { formatUnits } from '../money'
import { EXCEPTION_KIND_NAMES, EXCEPTION_KINDS, type ExceptionKind, exceptionKind } from '../returns/exceptions'
import { type Context, command } from './command'
import { differenceOf } from './record/audit'
import type { ExceptionRow } from './record/types'
import { requireInScope } from './scope'

const DAY = 86_400_000

/** What raising needs of a command's context; the projector's reactions have the same. */
export type Recorder = Pick<Context, 'tx' | 'doer' | 'at' | 'event' | 'record'>

export interface Raised {
  readonly kind: ExceptionKind
  readonly unitId?: string
  readonly rmaId?: string
  /** What tells two exceptions of one kind on one thing apart. */
  readonly subject?: string
  /** What is at stake, in 1/10,000 of `currency`. */
  readonly value?: bigint
  readonly currency?: string
  /** Of what is about no unit: whose it is. */
  readonly entity?: string
  readonly facility?: string
  readonly message: string
  readonly detail?: Record<string, unknown>
}

/** Raises an exception, once while it is open: the same kind on the same thing again gives the one that is there. Returns its id. */
export async function raise(recorder: Recorder, about: Raised): Promise<string> {
  const { kind, unitId = '', rmaId = '', subject = '' } = about
  const [open] = await recorder.tx
    .select({ id: caseException.id })
    .from(caseException)
    .where(
      and(
        eq(caseException.kind, kind),
        eq(caseException.unitId, unitId),
        eq(caseException.state, 'open'),
        // One that an outside system raised about the same unit is the same: its subject is its own id.
        unitId === ''
          ? eq(caseException.subject, subject)
          : sql`(${caseException.subject} = ${subject} OR ${caseException.subject} = ${caseException.id})`,
        unitId === '' ? eq(caseException.rmaId, rmaId) : sql`true`,
      ),
    )
    .limit(1)
  if (open) return open.id
  const definition = exceptionKind(kind)
  const digest = createHash('sha256')
    .update([kind, unitId, rmaId, subject, recorder.at.toISOString()].join('\0'))
    .digest('hex')
  const id = `X-${digest.slice(0, 16)}`
  const event = recorder.event('exception.raised.v1', unitId || id, {
    exception_id: id,
    kind,
    ...(unitId ? { unit_id: unitId } : {}),
    ...(rmaId ? { rma_id: rmaId } : {}),
    severity: definition.severity,
    owner_role: definition.owner,
    due_at: new Date(recorder.at.getTime() + definition.days * DAY).toISOString(),
    subject,
    message: about.message,
    ...(about.value === undefined ? {} : { value: formatUnits(about.value) }),
  })
  const own: Partial<ExceptionRow> = {
    message: about.message,
    subject,
    ...(about.value === undefined ? {} : { value: about.value }),
    ...(about.currency ? { currency: about.currency } : {}),
    ...(about.entity === undefined ? {} : { entity: about.entity }),
    ...(about.facility === undefined ? {} : { facility: about.facility }),
    ...(about.detail ? { detail: about.detail } : {}),
  }
  await recorder.record([event], { exceptions: new Map([[id, own]]) })
  return id
}

/** Ends the open exceptions of a kind on a unit because what they were about is over; nothing happens when there is none. */
export async function resolveByMachine(
  recorder: Recorder,
  about: {
    readonly kind: ExceptionKind
    readonly unitId: string
    /** Only the one with this subject; all of the kind when absent. */
    readonly subject?: string
    readonly resolution: string
    readonly note: string
  },
): Promise<void> {
  const rows = await recorder.tx
    .select()
    .from(caseException)
    .where(
      and(
        eq(caseException.kind, about.kind),
        eq(caseException.unitId, about.unitId),
        eq(caseException.state, 'open'),
        about.subject === undefined ? sql`true` : eq(caseException.subject, about.subject),
      ),
    )
  for (const row of rows) await end(recorder, row, about.resolution, about.note)
}

async function end(recorder: Recorder, row: ExceptionRow, resolution: string, note: string): Promise<void> {
  const event = recorder.event('exception.resolved.v1', row.unitId || row.id, {
    exception_id: row.id,
    kind: row.kind,
    ...(row.unitId ? { unit_id: row.unitId } : {}),
    ...(row.rmaId ? { rma_id: row.rmaId } : {}),
    severity: row.severity,
    owner_role: row.ownerRole,
    resolution,
  })
  const notes = added(row.note, note)
  await recorder.record([event], {
    exceptions: new Map([[row.id, { note: notes }]]),
    ...(note ? { reason: note } : {}),
  })
}

/** What was noted before stays; the latest stands last, on a line of its own. */
const added = (before: string, note: string): string => [before, note].filter(Boolean).join('\n')

async function load(context: Context, id: string): Promise<ExceptionRow> {
  const [row] = await context.tx.select().from(caseException).where(eq(caseException.id, id)).for('update')
  requireInScope(context.actor, row, `exception ${id}`)
  if (!row) throw new UserError('not_found', `There is no exception ${id}.`, 404, 'id')
  return row
}

const note = z.string().trim().max(2_000).default('')
const id = z.string().min(1).max(128)

const raiseByHand = command({
  name: 'exception.raise',
  title: 'Raise an exception',
  permission: 'exceptions:resolve',
  input: z.strictObject({
    kind: z.enum(EXCEPTION_KIND_NAMES as [ExceptionKind, ...ExceptionKind[]]),
    unitId: z.string().max(128).default(''),
    rmaId: z.string().max(128).default(''),
    message: z.string().trim().min(3, 'Say what is the matter.').max(500),
  }),
  async run(context, input) {
    if (!input.unitId && !input.rmaId)
      throw new UserError('subject_missing', 'Name the unit or the return that it is about.', 400, 'unitId')
    const about = await subjectOf(context, input)
    requireInScope(context.actor, about, input.unitId ? `unit ${input.unitId}` : `return or order ${input.rmaId}`)
    return {
      id: await raise(context, {
        ...input,
        ...(about ? { entity: about.entity, facility: about.facility, currency: about.currency } : {}),
      }),
    }
  },
})

/** What an exception is raised about: a unit, a return, or an order of which nothing has been asked back yet. */
async function subjectOf({ tx }: Context, { unitId, rmaId }: { unitId: string; rmaId: string }) {
  if (unitId) return (await tx.select().from(returnUnit).where(eq(returnUnit.id, unitId)))[0]
  const [found] = await tx.select().from(rma).where(eq(rma.id, rmaId))
  return found ?? (await tx.select().from(orderLine).where(eq(orderLine.orderId, rmaId)).limit(1))[0]
}

const assign = command({
  name: 'exception.assign',
  title: 'Assign',
  permission: 'exceptions:resolve',
  input: z.strictObject({ id, assignee: z.uuid().nullable() }),
  async run(context, input) {
    const row = await load(context, input.id)
    if (row.state !== 'open') throw new UserError('exception_closed', 'This exception is resolved already.', 409)
    if (input.assignee) {
      const [person] = await context.tx
        .select({ active: account.active, roles: account.roles, scope: account.scope })
        .from(account)
        .where(eq(account.id, input.assignee))
      if (!person?.active)
        throw new UserError('unknown_person', 'There is no such person, or they have left.', 400, 'assignee')
      if (!permissionsOf(person.roles.filter(isRole)).has('exceptions:resolve') || !reaches(person.scope, row))
        throw new UserError(
          'not_theirs',
          'This person may not resolve it: choose somebody of the owning role.',
          409,
          'assignee',
        )
    }
    await context.tx.update(caseException).set({ assignee: input.assignee }).where(eq(caseException.id, row.id))
    await context.audit([
      {
        action: 'exception.assigned',
        objectType: 'exception',
        objectId: row.id,
        rmaId: row.rmaId,
        entity: row.entity,
        diff: differenceOf(row, { ...row, assignee: input.assignee }),
      },
    ])
    return { id: row.id }
  },
})

const reaches = (scope: Scope, row: ExceptionRow): boolean =>
  (scope.entities?.includes(row.entity) ?? true) &&
  (scope.facilities?.includes(row.facility) ?? true) &&
  (scope.channels?.includes(row.channel) ?? true)

const addNote = command({
  name: 'exception.note',
  title: 'Add a note',
  permission: 'exceptions:resolve',
  input: z.strictObject({ id, note: z.string().trim().min(3, 'Write what the next person should know.').max(2_000) }),
  async run(context, input) {
    const row = await load(context, input.id)
    if (row.state !== 'open') throw new UserError('exception_closed', 'This exception is resolved already.', 409)
    const notes = added(row.note, `${context.doer.name}: ${input.note}`)
    await context.tx.update(caseException).set({ note: notes }).where(eq(caseException.id, row.id))
    await context.audit(
      [
        {
          action: 'exception.noted',
          objectType: 'exception',
          objectId: row.id,
          rmaId: row.rmaId,
          entity: row.entity,
          diff: differenceOf(row, { ...row, note: notes }),
        },
      ],
      { reason: input.note },
    )
    return { id: row.id }
  },
})

const resolve = command({
  name: 'exception.resolve',
  title: 'Resolve',
  permission: 'exceptions:resolve',
  input: z.strictObject({ ids: z.array(id).min(1).max(200), resolution: z.string().min(1).max(64), note }),
  async run(context, input) {
    // In one order for everybody: two people who resolve overlapping lists never wait for each other in a circle.
    const ids = [...new Set(input.ids)].sort()
    for (const each of ids) {
      const row = await load(context, each)
      if (row.state !== 'open')
        throw new UserError('exception_closed', `${each} is resolved already, as ${row.resolution}.`, 409, each)
      const { resolutions } = exceptionKind(row.kind)
      if (row.kind in EXCEPTION_KINDS && !resolutions.includes(input.resolution))
        throw new UserError('unknown_resolution', `Choose one of: ${resolutions.join(', ')}.`, 400, 'resolution')
      await end(context, row, input.resolution, input.note)
    }
    return { resolved: ids.length }
  },
})

export const exceptionCommands = [raiseByHand, assign, addNote, resolve] as const
