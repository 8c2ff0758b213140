import { sql } from 'drizzle-orm'
import { db, withTransaction } from '../../db/client'
import { insertRows, selectRows } from '../../db/rows'
import { simulation, simulationCase } from '../../db/schema'
import { UserError } from '../../errors'
import { weightOf } from '../../returns/simulation'
import type { SimulationResult } from '../read/simulation-types'
import type { Changed } from './replay'

export type Task = typeof simulation.$inferSelect

/** A worker that has said nothing for so long has died: the next one begins its task again. */
const SILENT = '60 seconds'
const TRIES = 3
/** Of each version the latest stay: what an approver looks at is among them. */
const KEPT = 5

/** Takes the task that has waited longest, begun anew; undefined when there is none. */
export async function takeTask(): Promise<Task | undefined> {
  return withTransaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string; tries: number }>(sql`
      SELECT id, tries FROM simulation
      WHERE state = 'waiting' OR (state = 'running' AND beat_at < now() - ${SILENT}::interval)
      ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED`)
    const [found] = rows
    if (!found) return undefined
    await tx.execute(sql`DELETE FROM simulation_case WHERE simulation_id = ${found.id}`)
    if (found.tries >= TRIES) {
      await tx.execute(sql`UPDATE simulation SET state = 'failed', finished_at = now(),
        error = 'It was begun three times and broke off each time. Choose a shorter span.' WHERE id = ${found.id}`)
      return undefined
    }
    await tx.execute(sql`UPDATE simulation SET state = 'running', judged = 0, total = 0, tries = tries + 1, beat_at = now(), started_at = now()
      WHERE id = ${found.id}`)
    return (await selectRows(tx, simulation, 'simulation WHERE id = $1', [found.id]))[0]
  })
}

/** Somebody has stopped it, or another worker has begun it again. */
export class NotOurs extends Error {}

/** Says how far a task is. Throws `NotOurs` when it is not this worker's any more. */
export async function beat({ id, tries }: Task, judged: number, total: number): Promise<void> {
  const { rowCount } = await db().execute(
    sql`UPDATE simulation SET judged = ${judged}, total = ${total}, beat_at = now() WHERE id = ${id} AND state = 'running' AND tries = ${tries}`,
  )
  if (rowCount === 0) throw new NotOurs()
}

/** Keeps cases, numbered from `from` on. Throws `NotOurs` like `beat`. */
export async function keepCases({ id, tries }: Task, from: number, cases: readonly Changed[]): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.execute(
      sql`SELECT FROM simulation WHERE id = ${id} AND state = 'running' AND tries = ${tries} FOR SHARE`,
    )
    if (rowCount === 0) throw new NotOurs()
    await insertRows(
      tx,
      simulationCase,
      cases.map(({ before, after, ...subject }, index) => ({
        ...{ simulationId: id, n: from + index, weight: weightOf(before, after), ...subject },
        about: { ...subject.about },
        ...{ beforeVerdict: before.verdict, afterVerdict: after.verdict, beforeRow: before.row, afterRow: after.row },
        ...{ beforeSums: texts(before.sums), afterSums: texts(after.sums) },
        ...{ beforeWaited: before.waited, afterWaited: after.waited },
      })),
    )
  })
}

const texts = (sums: Readonly<Record<string, bigint>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sums).map(([id, value]) => [id, value.toString()]))

/** The answer; and what of this version nobody looks at any more goes. */
export async function finishTask({ id, kind, version, tries }: Task, result: SimulationResult): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } =
      await tx.execute(sql`UPDATE simulation SET state = 'done', result = ${JSON.stringify(result)}::jsonb, finished_at = now()
      WHERE id = ${id} AND state = 'running' AND tries = ${tries}`)
    if (rowCount === 0) throw new NotOurs()
    await tx.execute(sql`DELETE FROM simulation WHERE id IN (SELECT id FROM simulation
      WHERE kind = ${kind} AND version = ${version} AND state NOT IN ('waiting', 'running') ORDER BY asked_at DESC, id OFFSET ${KEPT})`)
  })
}

/** A task that was stopped has no answer: nothing of it is kept but that it was asked for. */
export async function dropStopped({ id }: Task): Promise<void> {
  await db().execute(sql`DELETE FROM simulation_case WHERE simulation_id = ${id}
    AND EXISTS (SELECT FROM simulation s WHERE s.id = ${id} AND s.state = 'stopped')`)
}

/** Ends a task that could not be done, saying why where a person can do something about it. */
export async function failTask({ id, tries }: Task, error: unknown): Promise<void> {
  const why = error instanceof UserError ? error.message : 'Something went wrong on our side. Try it again.'
  await withTransaction(async (tx) => {
    await tx.execute(sql`DELETE FROM simulation_case WHERE simulation_id = ${id}`)
    await tx.execute(sql`UPDATE simulation SET state = 'failed', error = ${why}, finished_at = now()
      WHERE id = ${id} AND state = 'running' AND tries = ${tries}`)
  })
}
