import { sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { UserError } from '../../errors'
import { CLOSE_TASKS } from '../../returns/close-tasks'
import { entitiesOf, requireEntity } from '../books/entities'
import { evaluateTasks } from '../books/evaluate'
import { periodOf } from '../record/books'
import { periodsOf } from './journal'
import type { CloseView, PeriodAction, PeriodLine, TaskLine } from './journal-types'
import { trialBalance } from './trial-balance'

interface Row extends Record<string, unknown> {
  period: string
  state: PeriodLine['state']
  entries: number
  late: number
  manual: number
  closed_at: Date | null
  closed_by: string
  reopened: number
  hash: string | null
  signed: number
}

/** A period of an entity as it stands: its checklist with the figures of this moment, its trial balance, what can be done. */
export async function closeView(
  actor: Actor,
  asked: { readonly entity?: string | undefined; readonly period?: string | undefined },
  now = new Date(),
): Promise<CloseView | null> {
  authorize(actor, 'journal:read')
  const entities = await entitiesOf(db(), actor)
  const entity = asked.entity ?? entities[0]
  if (entity === undefined) return null
  await requireEntity({ tx: db(), actor }, entity)
  const rows = await periodRows(actor, entity, now)
  // The oldest that is not closed is the one to work on.
  const chosen = asked.period ?? rows.findLast(({ state, entries }) => state !== 'closed' && entries > 0)?.period
  const row = rows.find(({ period }) => period === chosen) ?? rows[0]
  if (!row) return null
  if (asked.period && row.period !== asked.period)
    throw new UserError('not_found', `There is no period ${asked.period} of ${entity}.`, 404)
  const { period } = row
  const [trial, tasks] = await Promise.all([trialBalance(actor, entity, period), tasksOf(actor, entity, row, now)])
  return {
    ...{ entity, entities, period: lineOf(row), periods: rows.map(lineOf) },
    ...{ tasks, trial, hash: row.hash, actions: actionsOf(actor, row, rows, tasks, now) },
  }
}

async function periodRows(actor: Actor, entity: string, now: Date): Promise<Row[]> {
  const named = [...new Set([periodOf(now), ...(await periodsOf(actor, entity))])].sort().reverse()
  const { rows } = await db().execute<Row>(sql`
    SELECT n.period, coalesce(p.state, 'open') AS state, p.closed_at, coalesce(a.name, p.closed_by, '') AS closed_by, coalesce(p.reopened, 0) AS reopened, p.hash,
      (SELECT count(*)::int FROM journal_entry e WHERE e.entity = ${entity} AND e.period = n.period) AS entries,
      (SELECT count(*)::int FROM journal_entry e WHERE e.entity = ${entity} AND e.period = n.period AND e.late) AS late,
      (SELECT count(*)::int FROM journal_entry e WHERE e.entity = ${entity} AND e.period = n.period AND e.origin = 'manual') AS manual,
      (SELECT count(*)::int FROM close_task c WHERE c.entity = ${entity} AND c.period = n.period) AS signed
    FROM (SELECT jsonb_array_elements_text(${JSON.stringify(named)}::jsonb) AS period) n
    LEFT JOIN period p ON p.entity = ${entity} AND p.period = n.period LEFT JOIN account a ON a.id::text = p.closed_by
    ORDER BY n.period DESC`)
  return rows
}

const lineOf = (row: Row): PeriodLine => ({
  ...{ period: row.period, state: row.state, entries: row.entries, late: row.late, manual: row.manual },
  ...{ closedBy: row.closed_by, reopened: row.reopened, signed: row.signed },
  closedAt: row.closed_at ? new Date(row.closed_at).toISOString() : null,
})

async function tasksOf(actor: Actor, entity: string, { period, state }: Row, now: Date): Promise<TaskLine[]> {
  const [{ rows }, figures] = await Promise.all([
    db().execute<{ task: string; evidence: string; note: string; by: string; at: Date }>(sql`
      SELECT c.task, c.evidence, c.note, coalesce(a.name, c.signed_by) AS by, c.signed_at AS at
      FROM close_task c LEFT JOIN account a ON a.id::text = c.signed_by WHERE c.entity = ${entity} AND c.period = ${period}`),
    evaluateTasks(db(), entity, period, now),
  ])
  const signed = new Map(rows.map((row) => [row.task, row]))
  return CLOSE_TASKS.map((task): TaskLine => {
    const figure = figures.get(task.id)
    const own = signed.get(task.id)
    const before = task.after.filter((id) => !signed.has(id)).length
    const closed =
      state === 'closed'
        ? 'The period is closed.'
        : !can(actor, 'close:sign') || !actor.roles.includes(task.owner)
          ? `The ${task.owner} signs it.`
          : !figure?.even
            ? 'It can be signed when it is zero.'
            : before > 0
              ? `After ${task.after
                  .filter((id) => !signed.has(id))
                  .map((id) => `“${CLOSE_TASKS.find((each) => each.id === id)?.title ?? id}”`)
                  .join(' and ')}.`
              : ''
    return {
      ...task,
      figure: String(figure?.figure ?? 0n),
      even: figure?.even ?? false,
      evidence: figure?.evidence ?? '',
      signed: own ? { by: own.by, at: new Date(own.at).toISOString(), evidence: own.evidence, note: own.note } : null,
      closed,
    }
  })
}

function actionsOf(
  actor: Actor,
  row: Row,
  rows: readonly Row[],
  tasks: readonly TaskLine[],
  now: Date,
): PeriodAction[] {
  const closes = can(actor, 'periods:close') ? '' : 'Locked and closed by a controller.'
  if (row.state === 'open') return [{ command: 'period.lock', closed: closes }]
  if (row.state === 'closed') {
    const later = rows.find(({ period, state }) => period > row.period && state === 'closed')
    return [
      {
        command: 'period.reopen',
        closed: can(actor, 'journal:prepare')
          ? later
            ? `${later.period} is closed: the last closed period is reopened first.`
            : ''
          : 'Asked for by an accountant, and decided by two others.',
      },
    ]
  }
  const earlier = rows.findLast(
    ({ period, state, entries }) => period < row.period && state !== 'closed' && entries > 0,
  )
  const open = tasks.filter(({ signed, even }) => !signed || !even).length
  const why =
    closes ||
    (row.period >= periodOf(now)
      ? 'The period has not ended.'
      : earlier
        ? `${earlier.period} is closed first.`
        : open > 0
          ? `${open} ${open === 1 ? 'task is' : 'tasks are'} not signed, or not right any more.`
          : '')
  return [
    { command: 'period.close', closed: why },
    { command: 'period.unlock', closed: closes },
  ]
}
