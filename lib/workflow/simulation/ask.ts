import { parseDate } from '@internationalized/date'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, authorize, can } from '../../auth/actor'
import { type Transaction, withTransaction } from '../../db/client'
import { policy, simulation } from '../../db/schema'
import { env } from '../../env'
import { UserError } from '../../errors'
import { activePolicy, type PolicyKind } from '../policies'
import type { SimulationAsked } from '../read/simulation-types'
import { audit } from '../record/audit'

/** What one person may have waiting or running. */
const AT_ONCE = 3
/** Two years, a leap day in them. */
const LONGEST_DAYS = 731

const day = z.iso.date('is not a day like 2026-08-01')
const version = z.int().min(1)
export const simulationInput = z.strictObject({
  version,
  against: version.optional(),
  from: day,
  to: day,
  channel: z.string().max(128).optional(),
  category: z.string().max(128).optional(),
})

/** Who writes policies, who approves them, and who audits both may try them. */
export function authorizeTrial(actor: Actor): void {
  if (!can(actor, 'policies:approve') && !can(actor, 'audit:read')) authorize(actor, 'policies:edit')
}

/**
 * Asks for a version to be tried on the past of whoever asks, and returns the id of the task; a worker carries it out. The same question again
 * while it waits or runs is the same task. Throws a UserError for a span or a version that cannot be tried, and for too many at once.
 */
export async function askSimulation(
  actor: Actor,
  kind: PolicyKind,
  asked: SimulationAsked,
  at = new Date(),
): Promise<{ id: string }> {
  authorizeTrial(actor)
  const until = spanOf(asked)
  return withTransaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`simulation/${actor.userId}`}, 0))`)
    const tried = await hashOf(tx, kind, asked.version)
    const base = asked.against ?? (await activePolicy(tx, kind, at)).version
    const task = {
      ...{ kind, version: asked.version, hash: tried, against: base, againstHash: await hashOf(tx, kind, base) },
      ...{
        from: asked.from,
        until,
        tz: env().BACKHAUL_TZ,
        channel: asked.channel ?? '',
        category: asked.category ?? '',
      },
      ...{ scope: actor.scope, askedBy: actor.userId, askedAt: at, state: 'waiting' as const },
    }
    const open = await tx
      .select()
      .from(simulation)
      .where(and(eq(simulation.askedBy, actor.userId), sql`${simulation.state} IN ('waiting', 'running')`))
    const same = open.find((each) => questionOf(each) === questionOf(task))
    if (same) return { id: same.id }
    if (open.length >= AT_ONCE)
      throw new UserError(
        'too_many',
        `${AT_ONCE} of your simulations wait or run already: wait for one of them, or stop it.`,
        429,
      )
    const [row] = await tx.insert(simulation).values(task).returning({ id: simulation.id })
    await audit(tx, { kind: actor.kind, id: actor.userId, name: actor.name, roles: actor.roles }, at, [
      {
        ...{ action: 'policy.simulated', objectType: 'policy', objectId: `${kind}/${asked.version}` },
        diff: { hash: [null, tried], against: [null, base], from: [null, asked.from], to: [null, asked.to] },
      },
    ])
    return { id: row?.id ?? '' }
  })
}

/** Everything that makes two tasks the same question. */
const questionOf = (task: Omit<typeof simulation.$inferInsert, 'state' | 'askedAt'>): string =>
  JSON.stringify([
    ...[task.kind, task.hash, task.version, task.againstHash, task.against, task.from, task.until, task.tz],
    ...[task.channel, task.category],
  ])

/** The day after the last one of a span. */
function spanOf({ from, to }: SimulationAsked): string {
  if (from > to) throw new UserError('invalid_span', 'The last day lies before the first one.', 400, 'to')
  const [first, last] = [parseDate(from), parseDate(to)]
  if (last.compare(first) >= LONGEST_DAYS)
    throw new UserError('invalid_span', 'Choose a span of at most two years.', 400, 'from')
  return last.add({ days: 1 }).toString()
}

async function hashOf(tx: Transaction, kind: PolicyKind, version: number): Promise<string> {
  const [row] = await tx
    .select({ hash: policy.hash })
    .from(policy)
    .where(and(eq(policy.kind, kind), eq(policy.version, version)))
  if (!row) throw new UserError('not_found', `There is no version ${version} of the ${kind} policy.`, 404, 'version')
  return row.hash
}

/** Ends a task of one's own that waits or runs. 409 when it has ended already. */
export async function stopSimulation(actor: Actor, id: string, at = new Date()): Promise<{ state: string }> {
  authorizeTrial(actor)
  return withTransaction(async (tx) => {
    const [row] = await tx
      .update(simulation)
      .set({ state: 'stopped', finishedAt: at })
      .where(
        and(
          eq(simulation.id, id),
          eq(simulation.askedBy, actor.userId),
          sql`${simulation.state} IN ('waiting', 'running')`,
        ),
      )
      .returning({ state: simulation.state })
    if (!row) throw new UserError('not_now', 'It is not yours, or it has ended already.', 409, 'id')
    return row
  })
}
