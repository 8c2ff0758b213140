import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { required } from '../env'
import { log } from '../log'
import * as schema from './schema/index'

/** `bigint` columns are bigint everywhere; calendar dates stay 'YYYY-MM-DD', since a Date would move them by a zone. */
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** A session of the application never holds a lock for long; see `withoutTimeouts` for work that may take its time. */
const SESSION =
  '-c statement_timeout=30s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=60s -c TimeZone=UTC'
const TRIES = 4
/** serialization_failure and deadlock_detected: Postgres undid the transaction whole, so doing it again is safe. */
const AGAIN = new Set(['40001', '40P01'])

export type Database = NodePgDatabase<typeof schema>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

const pools = new Map<string, { pool: pg.Pool; database: Database }>()

function connect(url: string) {
  const known = pools.get(url)
  if (known) return known
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'backhaul',
    max: 16,
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    options: SESSION,
  })
  // An idle connection dies with its server; the pool replaces it on the next use.
  pool.on('error', (error) => log('db').warn({ reason: error.message }, 'an idle connection was lost'))
  // One that dies between two statements of a transaction says so to nobody, and an error that nobody hears ends the process. The next
  // statement on it fails, which is where it is handled.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const made = { pool, database: drizzle(pool, { schema }) }
  pools.set(url, made)
  return made
}

/** The process's connections to DATABASE_URL (or to `url`), for COPY, cursors and hand-written SQL. */
export const pool = (url = required('DATABASE_URL')): pg.Pool => connect(url).pool

/** The typed database over the same connections. */
export const db = (url = required('DATABASE_URL')): Database => connect(url).database

interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly url?: string
}

/** Made once for a connection: it reads the whole schema. */
const typed = new WeakMap<pg.PoolClient, Database>()

/**
 * One transaction on a connection that goes back to the pool whatever happens: drizzle by itself keeps it for good when its `begin` fails, and
 * tells of a rollback that failed instead of what went wrong before it.
 */
async function oneTransaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T> {
  const client = await pool(options.url).connect()
  const database = typed.get(client) ?? drizzle(client, { schema })
  typed.set(client, database)
  let failure: { readonly error: unknown } | undefined
  let lost = false
  try {
    return await database.transaction(
      async (tx) => {
        try {
          return await work(tx)
        } catch (error) {
          failure = { error }
          throw error
        }
      },
      { isolationLevel: options.isolation ?? 'read committed' },
    )
  } catch (error) {
    lost = failure ? error !== failure.error : !isAnswer(error)
    throw failure ? failure.error : error
  } finally {
    client.release(lost)
  }
}

/** Whether Postgres itself said no, on a connection that goes on: not one that was lost, or ended by the server (class 57P). */
const isAnswer = (error: unknown): boolean => {
  const state = sqlState(error)
  return state !== undefined && !state.startsWith('57P')
}

/**
 * Runs `work` in one transaction: all of it or nothing. Begins again, up to four times, when Postgres itself broke a
 * deadlock or a serialization conflict, so `work` must have no effect outside the transaction.
 */
export async function withTransaction<T>(
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await oneTransaction(work, options)
    } catch (error) {
      if (attempt >= TRIES || !AGAIN.has(sqlState(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (1 + Math.random())))
    }
  }
}

/** The five-character SQLSTATE of a failure, looked for in its causes too (drizzle wraps the driver's error). */
export function sqlState(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  }
  return undefined
}

/** A connection for long reads (verify, rebuild, export): none of the application's timeouts. Released at the end. */
export async function withoutTimeouts<T>(work: (client: pg.PoolClient) => Promise<T>, url?: string): Promise<T> {
  const client = await untimed(url)
  try {
    return await work(client)
  } finally {
    client.release(true)
  }
}

/** The same for whoever reads step by step: it must end with `release(true)`, since its settings are not the application's. */
export async function untimed(url?: string): Promise<pg.PoolClient> {
  const client = await pool(url).connect()
  try {
    await client.query(
      'SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0',
    )
    return client
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Closes every connection; for the end of a command or a test. */
export async function closeDatabase(): Promise<void> {
  const open = [...pools.values()]
  pools.clear()
  await Promise.all(open.map((each) => each.pool.end()))
}
