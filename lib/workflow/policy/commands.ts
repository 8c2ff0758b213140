import { and, desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { policy } from '../../db/schema'
import { UserError } from '../../errors'
import { faultsOf } from '../../returns/policy'
import { policyDiff } from '../../returns/policy-diff'
import { readRows } from '../../returns/policy-text'
import { ask } from '../approvals'
import { command } from '../command'
import { hashOfTable } from '../policies'
import { idOf, setState, tableOf, told, versionOf } from './version'

const kind = z.enum(['returns', 'routing', 'disposition', 'approval'])
const version = z.int().min(1)
const cells = z.record(z.string().max(64), z.string().max(500))

/** Begins a new version as a copy of another, by default of the latest that was ever in force. */
const draft = command({
  name: 'policy.draft',
  title: 'Draft a new version',
  permission: 'policies:edit',
  input: z.strictObject({ kind, from: version.optional(), note: z.string().trim().max(500).default('') }),
  async run(context, input): Promise<{ kind: string; version: number }> {
    const rows = await context.tx
      .select()
      .from(policy)
      .where(eq(policy.kind, input.kind))
      .orderBy(desc(policy.version))
      .for('update')
    const from =
      input.from === undefined
        ? rows.find(({ state }) => state === 'active')
        : rows.find((row) => row.version === input.from)
    if (!from) throw new UserError('not_found', 'There is no such version to begin from.', 404, 'from')
    const open = rows.find(({ state, createdBy }) => state === 'draft' && createdBy === context.doer.id)
    if (open)
      throw new UserError(
        'draft_exists',
        `You have a draft already, version ${open.version}: go on with it, or discard it.`,
        409,
      )
    const next = (rows[0]?.version ?? 0) + 1
    await context.tx.insert(policy).values({
      ...{ kind: input.kind, version: next, state: 'draft', table: from.table, hash: from.hash, note: input.note },
      ...{ createdBy: context.doer.id, createdAt: context.at },
    })
    await told(context, { kind: input.kind, version: next }, 'drafted', { from: [null, from.version] }, input.note)
    return { kind: input.kind, version: next }
  },
})

/** Writes a draft whole. Every cell that cannot be read is told; a table that would never be used as meant is refused. */
const edit = command({
  name: 'policy.edit',
  title: 'Save the draft',
  permission: 'policies:edit',
  input: z.strictObject({
    kind,
    version,
    /** The hash of the draft as it was seen: an older one means that somebody else has saved since. */
    seen: z.string(),
    note: z.string().trim().max(500).optional(),
    rows: z
      .array(z.strictObject({ id: z.string().max(64), note: z.string().max(500), when: cells, gives: cells }))
      .max(500),
  }),
  async run(context, input): Promise<{ hash: string }> {
    const row = await versionOf(context, input, ['draft'])
    if (row.hash !== input.seen)
      throw new UserError(
        'changed_meanwhile',
        'Somebody has saved this draft since you opened it. Look again, then edit.',
        409,
        'seen',
      )
    const before = tableOf(row)
    const read = readRows(before, input.rows)
    if ('faults' in read) {
      const [first] = read.faults
      throw new UserError(
        'invalid_table',
        read.faults
          .map(({ row: id, column, message }) => `${id || 'A row'}, ${column.replaceAll('_', ' ')}: ${message}.`)
          .join(' '),
        400,
        first ? `${first.row}/${first.column}` : 'rows',
      )
    }
    const odd = faultsOf(read.table)
    if (odd.length > 0) throw new UserError('invalid_table', odd.join(' '), 400, 'rows')
    const hash = hashOfTable(read.table)
    await context.tx
      .update(policy)
      .set({ table: read.table, hash, ...(input.note === undefined ? {} : { note: input.note }) })
      .where(and(eq(policy.kind, input.kind), eq(policy.version, input.version)))
    const changes = policyDiff(before, read.table).filter(({ state }) => state !== 'same')
    await told(
      context,
      row,
      'edited',
      {
        hash: [row.hash, hash],
        ...Object.fromEntries(
          changes.map(({ row: { id }, state, was }) => [id, [state === 'changed' ? was : null, state]]),
        ),
      },
      '',
    )
    return { hash }
  },
})

const discard = command({
  name: 'policy.discard',
  title: 'Discard the draft',
  permission: 'policies:edit',
  input: z.strictObject({ kind, version }),
  async run(context, input): Promise<{ version: number }> {
    const row = await versionOf(context, input, ['draft'])
    await setState(context, row, 'rejected')
    await told(context, row, 'discarded', { state: ['draft', 'rejected'] }, '')
    return { version: row.version }
  },
})

/** Sends a draft for approval by others. It is bound to its hash: nothing of it changes any more. */
const submit = command({
  name: 'policy.submit',
  title: 'Send for approval',
  permission: 'policies:edit',
  input: z.strictObject({
    kind,
    version,
    /** From when on it decides; from its approval on when it is left out. */
    effectiveFrom: z.iso.datetime({ offset: true }).optional(),
    note: z.string().trim().min(8, 'Say what it changes and why: the approvers read it.').max(500),
  }),
  async run(context, input): Promise<{ approvalId: string }> {
    const row = await versionOf(context, input, ['draft'])
    const effectiveFrom = input.effectiveFrom ? new Date(input.effectiveFrom) : null
    if (effectiveFrom && effectiveFrom < context.at)
      throw new UserError(
        'past_date',
        'A policy decides from now on or later: what was decided stays decided.',
        400,
        'effectiveFrom',
      )
    const active = await context.tx
      .select()
      .from(policy)
      .where(and(eq(policy.kind, input.kind), eq(policy.state, 'active')))
      .orderBy(desc(policy.effectiveFrom), desc(policy.version))
      .limit(1)
    if (active[0]?.hash === row.hash)
      throw new UserError('nothing_changed', 'It is the same as the version in force.', 409, 'version')
    await context.tx
      .update(policy)
      .set({ state: 'pending', effectiveFrom, note: input.note })
      .where(and(eq(policy.kind, input.kind), eq(policy.version, input.version)))
    const answer = await ask(context, {
      ...{ subjectType: 'policy', subjectId: idOf(row), amount: 0n, currency: '' },
      payload: {
        kind: row.kind,
        version: row.version,
        hash: row.hash,
        effectiveFrom: effectiveFrom?.toISOString() ?? null,
      },
      summary: `Version ${row.version} of the ${row.kind} policy${effectiveFrom ? ` from ${effectiveFrom.toISOString()}` : ''}. ${input.note}`,
    })
    if (answer.state === 'free')
      throw new UserError(
        'approval_missing',
        'The approval policy asks nobody about policies: a change of them needs others. Mend the policy.',
        409,
      )
    await told(context, row, 'submitted', { state: ['draft', 'pending'], approval: [null, answer.id] }, input.note)
    return { approvalId: answer.id }
  },
})

export const policyCommands = [draft, edit, discard, submit] as const
