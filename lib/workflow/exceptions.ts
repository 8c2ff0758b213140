import { createHash } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { account, caseException } from '../db/schema'
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
  await recorder.record([event], { exceptions: new Map([[row.id, { note }]]), ...(note ? { reason: note } : {}) })
}

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
    return { id: await raise(context, input) }
  },
})

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
        .select({ active: account.active })
        .from(account)
        .where(eq(account.id, input.assignee))
      if (!person?.active)
        throw new UserError('unknown_person', 'There is no such person, or they have left.', 400, 'assignee')
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

const resolve = command({
  name: 'exception.resolve',
  title: 'Resolve',
  permission: 'exceptions:resolve',
  input: z.strictObject({ ids: z.array(id).min(1).max(200), resolution: z.string().min(1).max(64), note }),
  async run(context, input) {
    const known = await context.tx
      .select({ id: caseException.id })
      .from(caseException)
      .where(inArray(caseException.id, input.ids))
    if (known.length === 0) throw new UserError('not_found', 'There is no such exception.', 404, 'ids')
    for (const each of [...input.ids].sort()) {
      const row = await load(context, each)
      if (row.state !== 'open')
        throw new UserError('exception_closed', `${each} is resolved already, as ${row.resolution}.`, 409, each)
      const { resolutions } = exceptionKind(row.kind)
      if (row.kind in EXCEPTION_KINDS && !resolutions.includes(input.resolution))
        throw new UserError('unknown_resolution', `Choose one of: ${resolutions.join(', ')}.`, 400, 'resolution')
      await end(context, row, input.resolution, input.note)
    }
    return { resolved: input.ids.length }
  },
})

export const exceptionCommands = [raiseByHand, assign, resolve] as const
