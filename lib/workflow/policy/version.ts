import { and, eq } from 'drizzle-orm'
import { policy } from '../../db/schema'
import { UserError } from '../../errors'
import type { DecisionTable } from '../../returns/policy'
import type { Context } from '../command'

export type Row = typeof policy.$inferSelect
export const tableOf = (row: Row): DecisionTable => row.table as DecisionTable
export const idOf = (row: Pick<Row, 'kind' | 'version'>): string => `${row.kind}/${row.version}`

/** A version, locked. 404 where there is none; 409 when it is not in one of these states. */
export async function versionOf(
  context: Context,
  asked: { kind: Row['kind']; version: number },
  states: readonly Row['state'][],
): Promise<Row> {
  const [row] = await context.tx
    .select()
    .from(policy)
    .where(and(eq(policy.kind, asked.kind), eq(policy.version, asked.version)))
    .for('update')
  if (!row)
    throw new UserError(
      'not_found',
      `There is no version ${asked.version} of the ${asked.kind} policy.`,
      404,
      'version',
    )
  if (!states.includes(row.state))
    throw new UserError(
      'policy_state',
      `Version ${row.version} is ${row.state}: ${row.state === 'draft' ? 'send it for approval first' : 'draft a new one'}.`,
      409,
      'version',
    )
  return row
}

export async function setState(
  context: Pick<Context, 'tx'>,
  row: Pick<Row, 'kind' | 'version'>,
  state: Row['state'],
  more: Partial<Row> = {},
): Promise<void> {
  await context.tx
    .update(policy)
    .set({ state, ...more })
    .where(and(eq(policy.kind, row.kind), eq(policy.version, row.version)))
}

export const told = (
  context: Pick<Context, 'audit'>,
  row: Pick<Row, 'kind' | 'version'>,
  what: string,
  diff: Record<string, unknown>,
  reason: string,
  approvalId?: string,
): Promise<void> =>
  context.audit([{ action: `policy.${what}`, objectType: 'policy', objectId: idOf(row), diff }], {
    reason,
    ...(approvalId === undefined ? {} : { approvalId }),
  })
