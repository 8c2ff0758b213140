import { db, run } from './db/client'
import { statement } from './db/statement'

/** The oldest rows of the log that ClickHouse does not have: those not sealed, and those of the first batch that waits. Imports wait for their own end. */
const OLDEST = statement(`SELECT (extract(epoch FROM now() - min(at)) * 1000)::float8 AS ms FROM (
  (SELECT received_at AS at FROM event_log WHERE batch_id IS NULL ORDER BY seq LIMIT 1)
  UNION ALL
  (SELECT sealed_at FROM batch WHERE state = 'sealed' AND kind = 'log' ORDER BY id LIMIT 1)
) AS waiting`)

/** For how many milliseconds an accepted event has waited to get into the figures; null when none waits. */
export async function undeliveredFor(): Promise<number | null> {
  const { rows } = await run<{ ms: number | null }>(db(), OLDEST)
  const ms = rows[0]?.ms ?? null
  return ms === null ? null : Math.max(0, Math.round(ms))
}

const TO_TAKE_OVER = statement(
  `SELECT coalesce(sum(rows), 0)::float8 AS events FROM batch WHERE projected_at IS NULL AND kind = 'archive'`,
)

/** How many events of imported history the cases do not have yet: until then desks and books lack what began in it. 0 when they have all. */
export async function historyToTakeOver(): Promise<number> {
  const { rows } = await run<{ events: number }>(db(), TO_TAKE_OVER)
  return rows[0]?.events ?? 0
}
