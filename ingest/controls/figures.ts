import { sql } from 'drizzle-orm'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { PERMISSION_NAMES } from '../../lib/auth/permissions'
import { UserError } from '../../lib/errors'
import { runQuery } from '../../lib/metrics/run'
import { firstOf, type Invariant, type Reader } from '../../lib/workflow/controls/invariant'

/** Whoever looks: the controls themselves, which see everything. */
const CONTROLS: Actor = {
  ...{ kind: 'key', userId: 'controls', name: 'Controls', email: '', roles: [], scope: EVERYTHING },
  permissions: new Set(PERMISSION_NAMES),
}

const DAYS = 28
const DAY = 86_400_000

/** Figures that PostgreSQL can count from the cases without the metrics layer: when a unit did something, by its column. */
const COUNTED = {
  received_units: sql`u.received_at`,
  inspected_units: sql`u.inspected_at`,
  dispositioned_units: sql`u.dispositioned_at`,
} as const

/** Both sides get what has just happened a moment apart: differences are looked at again before they count. */
const TRIES = 3

/**
 * I14: the figures of the dashboards against the cases, day by day and entity by entity: units received, inspected and dispositioned over the last
 * four weeks, counted from the rows in PostgreSQL. The difference is exactly zero.
 */
export const FIGURES: Invariant = {
  id: 'I14',
  title: 'Dashboards are the cases',
  says: 'Units received, inspected and dispositioned on each of the last 28 days, by entity, are the same on the dashboards and in the cases.',
  async look(tx, now) {
    for (let attempt = 1; ; attempt++) {
      const found = await compareOnce(tx, now)
      if (found.broken === 0n || attempt === TRIES) return found
      await new Promise((resolve) => setTimeout(resolve, 2_000))
    }
  },
}

async function compareOnce(tx: Reader, now: Date) {
  const { rows: waiting } = await tx.execute<{ n: string }>(
    sql`SELECT count(*)::text AS n FROM batch WHERE projected_at IS NULL AND sealed_at < now() - interval '1 minute'`,
  )
  if (waiting[0]?.n !== '0')
    throw new UserError(
      'cases_behind',
      `The cases are still being brought up to date: ${waiting[0]?.n} batches of events wait. It is looked at again within half a minute.`,
      503,
    )
  const to = new Date(now.getTime()).toISOString().slice(0, 10)
  const from = new Date(now.getTime() - DAYS * DAY).toISOString().slice(0, 10)
  const figures = Object.keys(COUNTED)
  const answer = await runQuery(CONTROLS, {
    ...{ metrics: figures, by: ['day', 'entity'], from, to, basis: 'activity', tz: 'UTC', filters: [] },
    limit: 5_000,
  })
  const shown = new Map<string, bigint>()
  for (const row of answer.rows)
    for (const figure of figures) {
      const value = BigInt(row[figure] ?? 0)
      if (value !== 0n) shown.set(`${figure} ${row.day} ${row.entity}`, value)
    }
  const counted = new Map<string, bigint>()
  for (const [figure, column] of Object.entries(COUNTED)) {
    const { rows } = await tx.execute<{ day: string; entity: string; n: string }>(sql`
      SELECT to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, u.entity, sum(u.quantity)::text AS n FROM return_unit u
      WHERE ${column} >= ${from}::date AND ${column} < ${to}::date AND u.split_at IS NULL AND u.quantity > 0 GROUP BY 1, 2`)
    for (const { day, entity, n } of rows) counted.set(`${figure} ${day} ${entity}`, BigInt(n))
  }
  const keys = new Set([...shown.keys(), ...counted.keys()])
  const apart = [...keys].filter((key) => (shown.get(key) ?? 0n) !== (counted.get(key) ?? 0n)).sort()
  return {
    checked: BigInt(keys.size),
    broken: BigInt(apart.length),
    examples: firstOf(
      apart.map(
        (key) => `${key.replaceAll('_', ' ')}: dashboards ${shown.get(key) ?? 0n}, cases ${counted.get(key) ?? 0n}`,
      ),
    ),
  }
}
