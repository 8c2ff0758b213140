import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { isRole, permissionsOf, ROLE_NAMES } from '../../auth/permissions'
import { db } from '../../db/client'
import { account } from '../../db/schema'
import { formatUnits } from '../../money'
import { EXCEPTION_KIND_NAMES, EXCEPTION_KINDS, exceptionKind } from '../../returns/exceptions'
import { scopeOf } from '../scope'
import type { AskedExceptions, ExceptionLine, ExceptionQueue, ExceptionSort } from './exceptions-types'

const PAGE = 50
const SEVERITIES = ['low', 'medium', 'high'] as const

interface Row extends Record<string, unknown> {
  id: string
  kind: string
  message: string
  note: string
  rma_id: string
  unit_id: string
  facility: string
  severity: string
  owner: string
  assignee: string | null
  assignee_name: string | null
  mine: boolean
  value: string
  currency: string
  raised_at: Date
  due_at: Date
  overdue: boolean
}

const oneOf = (values: readonly string[]): SQL =>
  sql`IN (SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

/** Who decides it: outside systems have names of their own for our roles; then the kind says it. */
const ownerOf = (): SQL => {
  const owners = Object.fromEntries(EXCEPTION_KIND_NAMES.map((kind) => [kind, EXCEPTION_KINDS[kind].owner]))
  return sql`CASE WHEN x.owner_role ${oneOf(ROLE_NAMES)} THEN x.owner_role
    ELSE coalesce(${JSON.stringify(owners)}::jsonb ->> x.kind, 'cs_agent') END`
}

/** Open exceptions that the actor may see, each with whose it is: the ground of every list and count of them. */
export const openExceptionsOf = (actor: Actor, now: Date): SQL => sql`
  SELECT x.*, o.owner, x.due_at < ${now.toISOString()}::timestamptz AS overdue,
    coalesce(x.assignee = ${actor.userId}, o.owner ${oneOf(actor.roles)}) AS mine
  FROM case_exception x, LATERAL (SELECT ${ownerOf()} AS owner) o
  WHERE x.state = 'open' AND ${scopeOf(actor, { entity: sql`x.entity`, facility: sql`x.facility`, channel: sql`x.channel` })}`

/** In the reporting currency by the latest rate; what has none counts as it stands. */
const WEIGHED = sql`x.value * coalesce((SELECT f.rate FROM fx_rate f WHERE f.currency = x.currency ORDER BY f.day DESC LIMIT 1), 1)`

const ORDERS: Readonly<Record<ExceptionSort, SQL>> = {
  due: sql`x.due_at, x.id`,
  value: sql`${WEIGHED} DESC, x.due_at, x.id`,
  severity: sql`array_position(ARRAY['high', 'medium', 'low'], x.severity), x.due_at, x.id`,
}

/** The queue of open exceptions: the reader's own first, then as asked. */
export async function exceptionQueue(
  actor: Actor,
  asked: AskedExceptions,
  now: Date = new Date(),
): Promise<ExceptionQueue> {
  authorize(actor, 'exceptions:read')
  const conditions: SQL[] = [sql`true`]
  if (asked.kind) conditions.push(sql`x.kind = ${asked.kind}`)
  if (asked.owner) conditions.push(sql`x.owner = ${asked.owner}`)
  if (asked.facility) conditions.push(sql`x.facility = ${asked.facility}`)
  if (asked.mine) conditions.push(sql`x.mine`)
  if (asked.overdue) conditions.push(sql`x.overdue`)
  const where = sql.join(conditions, sql` AND `)
  const open = openExceptionsOf(actor, now)
  const [{ rows }, counts, people] = await Promise.all([
    db().execute<Row>(sql`
      WITH open AS (${open})
      SELECT x.id, x.kind, x.message, x.note, x.rma_id, x.unit_id, x.facility, x.severity, x.owner, x.assignee, a.name AS assignee_name,
        x.mine, x.value::text, x.currency, x.raised_at, x.due_at, x.overdue
      FROM open x LEFT JOIN account a ON a.id::text = x.assignee
      WHERE ${where} ORDER BY x.mine DESC, ${ORDERS[asked.sort ?? 'due']}
      LIMIT ${PAGE} OFFSET ${(Math.max(1, asked.page ?? 1) - 1) * PAGE}`),
    db().execute<{ kind: string; owner: string; mine: boolean; overdue: boolean; kept: boolean; n: number }>(sql`
      WITH open AS (${open})
      SELECT x.kind, x.owner, x.mine, x.overdue, (${where}) AS kept, count(*)::int AS n FROM open x GROUP BY 1, 2, 3, 4, 5`),
    can(actor, 'exceptions:resolve') ? resolvers() : [],
  ])
  type Count = (typeof counts.rows)[number]
  const sum = (of: (row: Count) => boolean): number => counts.rows.reduce((n, row) => n + (of(row) ? row.n : 0), 0)
  const values = (of: (row: Count) => string): { value: string; n: number }[] =>
    [...new Set(counts.rows.map(of))]
      .map((value) => ({ value, n: sum((row) => of(row) === value) }))
      .sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  return {
    lines: rows.map(lineOf),
    count: sum(({ kept }) => kept),
    total: sum(() => true),
    mine: sum(({ mine }) => mine),
    overdue: sum(({ overdue }) => overdue),
    pageSize: PAGE,
    kinds: values(({ kind }) => kind).map(({ value, n }) => ({ kind: value, label: exceptionKind(value).label, n })),
    owners: values(({ owner }) => owner).map(({ value, n }) => ({ role: value, n })),
    people,
  }
}

function lineOf(row: Row): ExceptionLine {
  const { label, resolutions } = exceptionKind(row.kind)
  return {
    id: row.id,
    kind: row.kind,
    label,
    message: row.message,
    note: row.note,
    rmaId: row.rma_id,
    unitId: row.unit_id,
    facility: row.facility,
    severity: SEVERITIES.find((known) => known === row.severity) ?? 'medium',
    ownerRole: row.owner,
    assignee: row.assignee_name ?? '',
    mine: row.mine,
    value: BigInt(row.value) > 0n ? formatUnits(BigInt(row.value), 2) : '',
    currency: row.currency,
    raisedAt: new Date(row.raised_at).toISOString(),
    dueAt: new Date(row.due_at).toISOString(),
    overdue: row.overdue,
    resolutions,
  }
}

/** People who may resolve exceptions, by name. */
async function resolvers(): Promise<ExceptionQueue['people']> {
  const rows = await db()
    .select({ id: account.id, name: account.name, roles: account.roles })
    .from(account)
    .where(sql`${account.active}`)
    .orderBy(account.name)
  return rows.filter(({ roles }) => permissionsOf(roles.filter(isRole)).has('exceptions:resolve'))
}
