import { and, asc, eq, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { caseException } from '../../db/schema'
import { formatUnits } from '../../money'
import { exceptionKind } from '../../returns/exceptions'
import { scopeOf } from '../scope'
import type { ExceptionLine } from './exceptions-types'

/** Open exceptions, the reader's own role first, then by when they are due. `total` is how many there are in all. */
export async function openExceptions(
  actor: Actor,
  asked: { readonly kind?: string; readonly mine?: boolean },
  now = new Date(),
): Promise<{ lines: ExceptionLine[]; kinds: { kind: string; label: string; n: number }[]; total: number }> {
  authorize(actor, 'exceptions:read')
  const scope = and(
    eq(caseException.state, 'open'),
    scopeOf(actor, { entity: caseException.entity, facility: caseException.facility, channel: caseException.channel }),
  )
  const own = sql`${caseException.ownerRole} IN (SELECT jsonb_array_elements_text(${JSON.stringify(actor.roles)}::jsonb))`
  const [rows, kinds] = await Promise.all([
    db()
      .select()
      .from(caseException)
      .where(and(scope, asked.kind ? eq(caseException.kind, asked.kind) : sql`true`, asked.mine ? own : sql`true`))
      .orderBy(sql`${own} DESC`, asc(caseException.dueAt))
      .limit(200),
    db()
      .select({ kind: caseException.kind, n: sql<number>`count(*)::int` })
      .from(caseException)
      .where(scope)
      .groupBy(caseException.kind),
  ])
  return {
    lines: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      label: exceptionKind(row.kind).label,
      message: row.message,
      rmaId: row.rmaId,
      unitId: row.unitId,
      severity: row.severity,
      ownerRole: row.ownerRole,
      mine: actor.roles.some((role) => role === row.ownerRole),
      value: row.value > 0n ? formatUnits(row.value, 2) : '',
      currency: row.currency,
      raisedAt: row.raisedAt.toISOString(),
      dueAt: row.dueAt.toISOString(),
      overdue: row.dueAt < now,
      resolutions: exceptionKind(row.kind).resolutions,
    })),
    kinds: kinds.map(({ kind, n }) => ({ kind, label: exceptionKind(kind).label, n })).sort((a, b) => b.n - a.n),
    total: kinds.reduce((sum, { n }) => sum + n, 0),
  }
}
