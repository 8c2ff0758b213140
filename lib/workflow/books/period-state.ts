import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { period as periodTable } from '../../db/schema'
import { UserError } from '../../errors'
import type { Context } from '../command'

export type PeriodState = 'open' | 'soft' | 'closed'

/** A period's state; its row is locked, so that two people who press at once are one after the other. */
export async function holdState(tx: Transaction, entity: string, period: string): Promise<PeriodState> {
  // Two who both find no row must still meet.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('close/' || ${entity} || '/' || ${period}, 0))`)
  const [row] = await tx
    .select({ state: periodTable.state })
    .from(periodTable)
    .where(and(eq(periodTable.entity, entity), eq(periodTable.period, period)))
    .for('update')
  return row?.state ?? 'open'
}

interface Change {
  readonly entity: string
  readonly period: string
  readonly from: PeriodState
  readonly to: PeriodState
  readonly hash?: string
  readonly reason?: string
  readonly approvalId?: string
}

/** Takes a period to another state, with no posting under way, and says so in the audit log. */
export async function changeState(
  context: Pick<Context, 'tx' | 'at' | 'doer' | 'audit'>,
  change: Change,
): Promise<void> {
  const { tx, at, doer } = context
  const { entity, period, from, to } = change
  const closes = to === 'closed'
  const values = {
    state: to,
    closedAt: closes ? at : null,
    closedBy: closes ? doer.id : null,
    hash: change.hash ?? null,
  }
  await tx
    .insert(periodTable)
    .values({ entity, period, ...values })
    .onConflictDoUpdate({
      target: [periodTable.entity, periodTable.period],
      set: {
        ...values,
        version: sql`${periodTable.version} + 1`,
        ...(from === 'closed' ? { reopened: sql`${periodTable.reopened} + 1` } : {}),
      },
    })
  await context.audit(
    [
      {
        action: `period.${{ open: 'unlocked', soft: from === 'closed' ? 'reopened' : 'locked', closed: 'closed' }[to]}`,
        objectType: 'period',
        objectId: `${entity}/${period}`,
        entity,
        diff: { state: [from, to], ...(change.hash ? { hash: [null, change.hash] } : {}) },
      },
    ],
    {
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      ...(change.approvalId === undefined ? {} : { approvalId: change.approvalId }),
    },
  )
}

/** Periods are opened again from the last one back: what rests on a closed one would hang in the air. */
export async function requireLast(tx: Transaction, entity: string, period: string): Promise<void> {
  const { rows } = await tx.execute<{ period: string }>(
    sql`SELECT period FROM period WHERE entity = ${entity} AND period > ${period} AND state = 'closed' ORDER BY period DESC LIMIT 1`,
  )
  if (rows[0])
    throw new UserError('period_order', `${rows[0].period} is closed: reopen the last closed period first.`, 409)
}
