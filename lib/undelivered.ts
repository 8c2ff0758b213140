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
