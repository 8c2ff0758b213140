import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { statement } from './statement'

const THERE = statement('SELECT FROM pg_stat_activity WHERE pid = $1')
const PAUSE_MS = 10
const MOST_MS = 2_000

/**
 * Waits until the server's own process of a lost connection has ended, for two seconds at most. It may still be committing what the connection
 * sent before it was lost; only then is it known whether that happened, and whoever asks would otherwise be told too early that it did not.
 */
export async function settled(pool: pg.Pool, lost: pg.PoolClient): Promise<void> {
  const { processID } = lost as unknown as { processID?: number | null }
  if (!processID) return
  try {
    for (const end = Date.now() + MOST_MS; Date.now() < end; await sleep(PAUSE_MS)) {
      const { rowCount } = await pool.query({ ...THERE, values: [processID] })
      if (rowCount === 0) return
    }
  } catch {
    // The whole server is gone, and that process with it.
  }
}
