import { parseDate, today } from '@internationalized/date'
import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, can, type Scope } from '../../auth/actor'
import { db } from '../../db/client'
import { account, policy, simulation, simulationCase } from '../../db/schema'
import { env } from '../../env'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { scopeOf } from '../scope'
import { authorizeTrial } from '../simulation/ask'
import type { PolicyKindName } from './settings-types'
import type {
  AskedSimulatedCases,
  SimulatedCase,
  SimulatedCases,
  SimulationChoices,
  SimulationResult,
  SimulationRun,
} from './simulation-types'

const PAGE = 100
/** A page of an export. */
const EXPORTED = 2_000
const DAY = 86_400_000
/** Channels are gathered from this many of the latest cases. */
const LATEST = 20_000
/** How long its asker is told of a simulation that has ended. */
const NEWS = 3_600_000

/** Whether the reader sees everything that a simulation was made from: its figures would tell of other rows else. */
function sees({ scope: own }: Actor, made: Scope): boolean {
  const inside = (mine: string[] | null, its: string[] | null) =>
    mine === null || its?.every((each) => mine.includes(each)) === true
  return (
    inside(own.entities, made.entities) &&
    inside(own.facilities, made.facilities) &&
    inside(own.channels, made.channels)
  )
}

const joined = (condition: SQL | undefined) =>
  db()
    .select({ run: simulation, name: account.name, hash: policy.hash })
    .from(simulation)
    .leftJoin(account, sql`${account.id}::text = ${simulation.askedBy}`)
    .leftJoin(policy, and(eq(policy.kind, simulation.kind), eq(policy.version, simulation.version)))
    .where(condition)
    .orderBy(desc(simulation.askedAt), simulation.id)

const runOf = (actor: Actor, { run, name, hash }: Awaited<ReturnType<typeof joined>>[number]): SimulationRun => {
  const scope = run.scope as Scope
  return {
    ...{ id: run.id, kind: run.kind, version: run.version, against: run.against, hash: run.hash },
    ...{
      stale: hash !== run.hash,
      from: run.from,
      to: parseDate(run.until).subtract({ days: 1 }).toString(),
      tz: run.tz,
    },
    ...{
      channel: run.channel,
      category: run.category,
      askedBy: name ?? run.askedBy,
      mine: run.askedBy === actor.userId,
    },
    partial: scope.entities !== null || scope.facilities !== null || scope.channels !== null,
    ...{ askedAt: run.askedAt.toISOString(), finishedAt: run.finishedAt?.toISOString() ?? null },
    ...{ state: run.state, judged: run.judged, total: run.total, error: run.error },
    result: run.result as SimulationResult | null,
  }
}

/** The simulations of a version, or of all versions of a policy, that the reader may see; the latest first. */
export async function simulationsOf(actor: Actor, kind: PolicyKindName, version?: number): Promise<SimulationRun[]> {
  authorizeTrial(actor)
  const rows = await joined(
    and(eq(simulation.kind, kind), version === undefined ? undefined : eq(simulation.version, version)),
  ).limit(50)
  return rows.filter(({ run }) => sees(actor, run.scope as Scope)).map((row) => runOf(actor, row))
}

/** One simulation: how far it is, or what came of it. 404 where there is none, or the reader sees less than it was made from. */
export async function simulationRun(actor: Actor, kind: PolicyKindName, id: string): Promise<SimulationRun> {
  authorizeTrial(actor)
  const [row] = UUID.test(id) ? await joined(and(eq(simulation.id, id), eq(simulation.kind, kind))).limit(1) : []
  if (!row || !sees(actor, row.run.scope as Scope))
    throw new UserError(
      'not_found',
      'There is no such simulation, or it is not in your part of the company.',
      404,
      'id',
    )
  return runOf(actor, row)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Of the simulations of exactly this table that have ended, the one that judged most, the latest of equals: what an approver of it looks at.
 * Null for a reader without one.
 */
export async function widestOf(
  actor: Actor,
  tried: { readonly kind: PolicyKindName; readonly version: number; readonly hash: string },
): Promise<SimulationRun | null> {
  if (!can(actor, 'policies:approve') && !can(actor, 'policies:edit') && !can(actor, 'audit:read')) return null
  const rows = await joined(
    and(
      ...[eq(simulation.kind, tried.kind), eq(simulation.version, tried.version), eq(simulation.hash, tried.hash)],
      eq(simulation.state, 'done'),
    ),
  ).limit(100)
  const seen = rows.filter(({ run }) => sees(actor, run.scope as Scope))
  const most = Math.max(...seen.map(({ run }) => run.total))
  const found = seen.find(({ run }) => run.total === most)
  return found ? runOf(actor, found) : null
}

/** Simulations that the reader asked for and that have ended lately, for a page elsewhere to tell. */
export async function endedLately(actor: Actor, now = new Date()): Promise<SimulationRun[]> {
  const rows = await joined(
    and(
      eq(simulation.askedBy, actor.userId),
      sql`${simulation.finishedAt} > ${new Date(now.getTime() - NEWS).toISOString()}::timestamptz`,
      or(eq(simulation.state, 'done'), eq(simulation.state, 'failed')),
    ),
  ).limit(3)
  return rows.map((row) => runOf(actor, row))
}

const daysOf = (milliseconds: number | null): number | null => (milliseconds === null ? null : milliseconds / DAY)
const amounts = (sums: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sums).map(([id, value]) => [id, formatUnits(BigInt(value))]))

const caseOf = (row: typeof simulationCase.$inferSelect): SimulatedCase => ({
  ...{ n: row.n, unitId: row.unitId, rmaId: row.rmaId, quantity: row.quantity, about: row.about },
  before: {
    ...{ verdict: row.beforeVerdict, row: row.beforeRow, sums: amounts(row.beforeSums) },
    days: daysOf(row.beforeWaited),
  },
  after: {
    ...{ verdict: row.afterVerdict, row: row.afterRow, sums: amounts(row.afterSums) },
    days: daysOf(row.afterWaited),
  },
})

const chosen = (id: string, { verdict, row }: AskedSimulatedCases) =>
  and(
    eq(simulationCase.simulationId, id),
    verdict === undefined
      ? undefined
      : or(eq(simulationCase.beforeVerdict, verdict), eq(simulationCase.afterVerdict, verdict)),
    row === undefined ? undefined : or(eq(simulationCase.beforeRow, row), eq(simulationCase.afterRow, row)),
  )

/** Cases that would have been another, the largest change first: a page of them, and how many there are. */
export async function simulatedCases(
  actor: Actor,
  kind: PolicyKindName,
  id: string,
  asked: AskedSimulatedCases & { readonly offset?: number | undefined },
): Promise<SimulatedCases> {
  await simulationRun(actor, kind, id)
  const offset = Math.max(0, asked.offset ?? 0)
  const [rows, [total]] = await Promise.all([
    inOrder(id, asked, offset, PAGE + 1),
    db().select({ n: sql<number>`count(*)::int` }).from(simulationCase).where(chosen(id, asked)),
  ])
  return {
    cases: rows.slice(0, PAGE).map(caseOf),
    count: total?.n ?? 0,
    next: rows.length > PAGE ? offset + PAGE : null,
  }
}

const inOrder = (id: string, asked: AskedSimulatedCases, offset: number, limit: number) =>
  db()
    .select()
    .from(simulationCase)
    .where(chosen(id, asked))
    .orderBy(sql`${simulationCase.weight} DESC NULLS LAST`, simulationCase.n)
    .offset(offset)
    .limit(limit)

/** All of them, in the order of their numbers, for an export. */
export async function* allSimulatedCases(id: string, asked: AskedSimulatedCases): AsyncGenerator<SimulatedCase[]> {
  for (let last = -1; ; ) {
    const rows = await db()
      .select()
      .from(simulationCase)
      .where(and(chosen(id, asked), sql`${simulationCase.n} > ${last}`))
      .orderBy(simulationCase.n)
      .limit(EXPORTED)
    if (rows.length === 0) return
    yield rows.map(caseOf)
    last = rows.at(-1)?.n ?? last
  }
}

/** What a simulation may be narrowed to, and the span that is meant where none is named. */
export async function simulationChoices(actor: Actor): Promise<SimulationChoices> {
  authorizeTrial(actor)
  const [channels, categories] = await Promise.all([
    db().execute<{ channel: string }>(sql`SELECT DISTINCT channel FROM (SELECT r.channel FROM rma r
      WHERE ${scopeOf(actor, { entity: sql`r.entity`, facility: sql`r.facility`, channel: sql`r.channel` })} ORDER BY r.last_at DESC LIMIT ${LATEST}) r
      WHERE channel <> '' ORDER BY 1`),
    db().execute<{ category: string }>(sql`SELECT DISTINCT category FROM product WHERE category <> '' ORDER BY 1`),
  ])
  const to = today(env().BACKHAUL_TZ)
  return {
    channels: channels.rows.map(({ channel }) => channel),
    categories: categories.rows.map(({ category }) => category),
    ...{ from: to.subtract({ days: 89 }).toString(), to: to.toString() },
  }
}
