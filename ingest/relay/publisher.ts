import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import type { Derivation } from '../../clickhouse/derive/context'
import { env } from '../../lib/env'

/** Names of the advisory locks: one relay delivers at a time, and one process derives at a time. */
const LOCKS = { relay: 7_212_010, publisher: 7_212_011 } as const

/** A derivation over these connections; generations come from Postgres, so that they grow across processes and restarts. */
export const derivationOf = (pool: pg.Pool, client: ClickHouseClient): Derivation => ({
  client,
  reporting: env().BACKHAUL_CURRENCY,
  async nextGeneration() {
    const { rows } = await pool.query<{ n: bigint }>("SELECT nextval('publish_generation') AS n")
    return rows[0]?.n ?? 0n
  },
})

/**
 * Runs `work` while nobody else publishes. The lock belongs to a connection of its own: it ends with the process, and a process that
 * lost its connection stops holding it. Waits for its turn.
 */
export async function withPublisher<T>(
  pool: pg.Pool,
  client: ClickHouseClient,
  work: (derivation: Derivation) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect()
  try {
    await connection.query('SET statement_timeout = 0; SET transaction_timeout = 0')
    await connection.query('SELECT pg_advisory_lock($1)', [LOCKS.publisher])
    return await work(derivationOf(pool, client))
  } finally {
    // Closing the connection is what gives the lock back, whatever happened to it.
    connection.release(true)
  }
}

/** The right to deliver: at most one holder. `lost` settles when the connection that holds it has ended. */
export interface RelayDuty {
  epoch: bigint
  lost: Promise<void>
  release(): void
}

/**
 * Tries to become the one relay. Each holder gets a higher epoch, which it must name when it marks a batch delivered: a relay that was
 * paused and replaced can then no longer mark anything.
 */
export async function takeRelayDuty(pool: pg.Pool): Promise<RelayDuty | undefined> {
  const connection = await pool.connect()
  const { rows } = await connection.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [LOCKS.relay])
  if (!rows[0]?.got) {
    connection.release()
    return undefined
  }
  const taken = await connection.query<{ epoch: bigint }>(
    `INSERT INTO lease (name, epoch, holder, until) VALUES ('relay', 1, $1, now())
     ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder, until = now() RETURNING epoch`,
    [String(process.pid)],
  )
  return {
    epoch: taken.rows[0]?.epoch ?? 0n,
    lost: new Promise((resolve) => connection.once('error', () => resolve()).once('end', () => resolve())),
    release: () => connection.release(true),
  }
}
