import { sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { isRole, ROLE_NAMES, ROLES, type RoleName } from '../../auth/permissions'
import { dutiesOf } from '../../auth/segregation'
import { db } from '../../db/client'
import { exclusionOf, ROLE_DUTIES, type RoleDuty } from '../../returns/role-duties'
import { accountLines } from './accounts'
import type { AccountLine } from './accounts-types'
import type { DutyPair, Holder, SegregationView } from './segregation-types'

const DAYS = 90

/** Who could have done both halves, and did anyone: for auditors and for whoever manages people. */
export async function segregationView(actor: Actor, now = new Date()): Promise<SegregationView> {
  if (!can(actor, 'audit:read')) authorize(actor, 'users:manage')
  const since = new Date(now.getTime() - DAYS * 86_400_000).toISOString()
  const [lines, did, both, refused] = await Promise.all([
    accountLines(now),
    didSince(since),
    bothSince(since),
    refusedSince(since),
  ])
  const people = lines.filter(({ active }) => active)
  const roles = ROLE_NAMES.map((role) => ({
    ...{ role, label: ROLES[role].label, duties: dutiesOf(role) },
    people: people.filter((each) => awake(each).includes(role)).length,
  }))
  const holders = people.flatMap((each) => holdingsOf(each, did))
  const pairs = ROLE_DUTIES.flatMap((first, index) =>
    ROLE_DUTIES.slice(index + 1).flatMap((second): DutyPair[] => {
      const exclusion = exclusionOf(first, second)
      if (!exclusion) return []
      const could = new Set(holders.filter(({ duties: [a, b] }) => a === first && b === second).map(({ id }) => id))
      return [{ first, second, exclusion, people: could.size, both: both.get(`${first} ${second}`) ?? 0 }]
    }),
  )
  return { duties: ROLE_DUTIES, roles, pairs, holders, refused }
}

/** The roles that count: a role whose review has run out gives nothing. */
const awake = (line: AccountLine): RoleName[] => line.roles.filter((each) => !line.asleep.includes(each)).filter(isRole)

/** Every two duties that a person holds, with the roles that bring them. */
function holdingsOf(line: AccountLine, did: ReadonlyMap<string, number>): Holder[] {
  const roles = awake(line)
  const held = ROLE_DUTIES.filter((duty) => roles.some((role) => dutiesOf(role).includes(duty)))
  return held.flatMap((first, index) =>
    held.slice(index + 1).flatMap((second): Holder[] => {
      const exclusion = exclusionOf(first, second)
      if (!exclusion) return []
      const within = roles.some((role) => dutiesOf(role).includes(first) && dutiesOf(role).includes(second))
      const brings = roles.filter((role) => dutiesOf(role).includes(first) || dutiesOf(role).includes(second))
      const watched = line.conflicts.find(({ roles: [a, b] }) => brings.includes(a) && brings.includes(b))
      const count = (duty: RoleDuty) => did.get(`${line.id} ${duty}`) ?? 0
      return [
        {
          ...{ id: line.id, name: line.name, duties: [first, second], exclusion, roles: brings, within },
          ...{ owner: watched?.owner ?? '', until: watched?.until ?? null },
          state: exclusion !== 'never' || within ? 'free' : (watched?.state ?? 'none'),
          did: [count(first), count(second)],
        },
      ]
    }),
  )
}

/** How often each person did each duty, by both. */
async function didSince(since: string): Promise<Map<string, number>> {
  const { rows } = await db().execute<{ person: string; duty: string; n: number }>(sql`
    SELECT person, duty, count(*)::int AS n FROM duty WHERE at >= ${since}::timestamptz AND person NOT LIKE '/%' GROUP BY person, duty`)
  return new Map(rows.map(({ person, duty, n }) => [`${person} ${duty}`, n]))
}

/** How often one person did both of two duties on one unit, or, where that is what excludes, on one case. What the database prevents is nought. */
async function bothSince(since: string): Promise<Map<string, number>> {
  const { rows } = await db().execute<{ first: string; second: string; n: number }>(sql`
    SELECT c.first, c.second, count(DISTINCT CASE c.scope WHEN 'unit' THEN a.unit_id ELSE a.rma_id END)::int AS n
    FROM duty_conflict c
    JOIN duty a ON a.duty = c.first AND a.at >= ${since}::timestamptz
    JOIN duty b ON b.duty = c.second AND b.person = a.person AND b.rma_id = a.rma_id
    WHERE a.person NOT LIKE '/%' AND a.person <> 'automation'
      AND CASE c.scope WHEN 'unit' THEN a.unit_id <> '' AND b.unit_id = a.unit_id ELSE a.rma_id <> '' END
    GROUP BY c.first, c.second`)
  return new Map(rows.map(({ first, second, n }) => [`${first} ${second}`, n]))
}

async function refusedSince(since: string): Promise<number> {
  const { rows } = await db().execute<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM refusal WHERE code = 'segregation_of_duties' AND at >= ${since}::timestamptz`,
  )
  return rows[0]?.n ?? 0
}
