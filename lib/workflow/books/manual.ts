import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { journalEntry, journalLine, manualEntry as manualEntryTable, period as periodTable } from '../../db/schema'
import { env } from '../../env'
import { UserError } from '../../errors'
import { formatUnits, parseAmount } from '../../money'
import { manualEntry, reversed, sizeOfEntry } from '../../returns/manual-entry'
import type { Position } from '../../returns/positions'
import { ask } from '../approvals'
import { type Context, command } from '../command'
import { periodOf } from '../record/books'
import { requireEntity } from './entities'

const amount = z
  .string()
  .trim()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'is no amount: digits, and a point before its decimals')
  .transform((text) => parseAmount(text) ?? 0n)

const memo = z.string().trim().min(8, 'Say what the entry is for: the approver and the auditor read it.').max(500)

export interface Prepared {
  readonly id: string
  readonly approvalId: string
}

/** Asks for an entry that no event of a return makes: an accrual, a bank fee, a correction. It is posted with somebody else's yes. */
export const prepare = command({
  name: 'journal.prepare',
  title: 'Prepare an entry',
  permission: 'journal:prepare',
  input: z.strictObject({
    entity: z.string().trim().min(1).max(64),
    currency: z.string().regex(/^[A-Z]{3}$/, 'is no currency like EUR'),
    /** The business day; today when it is left out. */
    day: z.iso.date().optional(),
    memo,
    lines: z
      .array(
        z.strictObject({ account: z.string().min(1).max(64), debit: amount.optional(), credit: amount.optional() }),
      )
      .min(2, 'An entry has two lines at least.')
      .max(200),
  }),
  async run(context, input): Promise<Prepared> {
    await requireEntity(context, input.entity)
    const checked = manualEntry(input.lines, input.currency)
    if ('faults' in checked) {
      const [first] = checked.faults
      throw new UserError(
        'invalid_entry',
        checked.faults
          .map(({ line, message }) => (line === undefined ? message : `Line ${line + 1}: ${message}`))
          .join(' '),
        400,
        first?.line === undefined ? 'lines' : `lines.${first.line}`,
      )
    }
    return keep(context, {
      ...{ entity: input.entity, currency: input.currency, memo: input.memo, position: checked.position },
      occurredAt: dayOf(input.day, context.at),
      reverses: null,
    })
  },
})

/** Asks to take back an entry that a person wrote, by its opposite. What a case posted is corrected in the case, which posts the difference. */
export const reverse = command({
  name: 'journal.reverse',
  title: 'Reverse an entry',
  permission: 'journal:prepare',
  input: z.strictObject({ entryId: z.string().min(1).max(64), day: z.iso.date().optional(), memo }),
  async run(context, input): Promise<Prepared> {
    const [entry] = await context.tx.select().from(journalEntry).where(eq(journalEntry.id, input.entryId))
    if (entry) await requireEntity(context, entry.entity)
    if (!entry) throw new UserError('not_found', 'There is no such entry.', 404, 'entryId')
    if (entry.origin !== 'manual')
      throw new UserError(
        'not_reversible',
        'This entry comes from a case: correct the unit, settlement, claim or count, and the difference is posted by itself.',
        409,
        'entryId',
      )
    if (entry.reverses)
      throw new UserError('not_reversible', 'This is a reversal itself: prepare the entry anew.', 409, 'entryId')
    const { rows } = await context.tx.execute(
      sql`SELECT FROM manual_entry WHERE reverses = ${entry.id} AND state <> 'rejected' UNION ALL SELECT FROM journal_entry WHERE reverses = ${entry.id}`,
    )
    if (rows.length > 0)
      throw new UserError(
        'already_reversed',
        'It is reversed already, or its reversal waits for approval.',
        409,
        'entryId',
      )
    const lines = await context.tx.select().from(journalLine).where(eq(journalLine.entryId, entry.id))
    return keep(context, {
      ...{ entity: entry.entity, currency: entry.currency, memo: input.memo, reverses: entry.id },
      position: reversed(new Map(lines.map((line) => [line.account, line.debit - line.credit]))),
      occurredAt: dayOf(input.day, context.at),
    })
  },
})

async function keep(
  context: Context,
  entry: {
    readonly entity: string
    readonly currency: string
    readonly occurredAt: Date
    readonly memo: string
    readonly position: Position
    readonly reverses: string | null
  },
): Promise<Prepared> {
  const { entity, currency, occurredAt, memo: says, position, reverses } = entry
  const period = periodOf(occurredAt)
  const { rows } = await context.tx.execute<{ state: string }>(
    sql`SELECT state FROM ${periodTable} WHERE entity = ${entity} AND period = ${period}`,
  )
  if (rows[0]?.state === 'closed')
    throw new UserError(
      'period_closed',
      `${period} of ${entity} is closed: date the entry in an open period, or ask for the period to be reopened.`,
      409,
      'day',
    )
  const id = `ME-${createHash('sha256').update(context.commandId).digest('hex').slice(0, 12)}`
  context.duty('prepare_journal', { unitId: id })
  const lines = Object.fromEntries([...position].map(([account, value]) => [account, String(value)]))
  const size = sizeOfEntry(position)
  const answer = await ask(context, {
    subjectType: 'journal',
    subjectId: id,
    entity,
    amount: size,
    currency,
    payload: { id, entity, currency, occurredAt: occurredAt.toISOString(), memo: says, lines, reverses },
    summary: `${reverses ? `Reverse ${reverses}` : 'Post'} ${formatUnits(size, 2)} ${currency} in ${period} of ${entity}: ${wordsOf(position)}. ${says}`,
  })
  if (answer.state === 'free')
    throw new UserError(
      'approval_missing',
      'The approval policy asks nobody about manual entries: an entry needs a second person. Mend the policy.',
      409,
    )
  await context.tx.insert(manualEntryTable).values({
    ...{ id, entity, currency, occurredAt, memo: says, lines, reverses, approvalId: answer.id },
    ...{ preparedBy: context.doer.id, preparedAt: context.at },
  })
  await context.audit(
    [
      {
        action: reverses ? 'journal.reversal_prepared' : 'journal.prepared',
        objectType: 'manual_entry',
        objectId: id,
        entity,
        diff: { lines: [null, lines], period: [null, period], currency: [null, currency], reverses: [null, reverses] },
      },
    ],
    { reason: says, approvalId: answer.id },
  )
  return { id, approvalId: answer.id }
}

/** Debits first: how an entry is read aloud. */
const wordsOf = (position: Position): string =>
  [...position]
    .sort(([, a], [, b]) => Number(b > 0n) - Number(a > 0n))
    .map(([account, value]) => `${value > 0n ? 'debit' : 'credit'} ${account.replaceAll('_', ' ').replace('.', ': ')}`)
    .join(', ')

/** An instant of a day in the company's zone; now, when no day is named. Throws for days to come. */
function dayOf(day: string | undefined, now: Date): Date {
  const tz = env().BACKHAUL_TZ
  const dayIn = (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: tz, dateStyle: 'short' }).format(at)
  const today = dayIn(now)
  if (day === undefined || day === today) return now
  if (day > today) throw new UserError('future_day', 'The day of an entry is today or before.', 400, 'day')
  // Noon in nearly every zone; where noon in UTC is another day, one of the others is not.
  const hours = ['12', '00', '23'].map((hour) => new Date(`${day}T${hour}:00:00Z`))
  return hours.find((at) => dayIn(at) === day) ?? new Date(`${day}T12:00:00Z`)
}
