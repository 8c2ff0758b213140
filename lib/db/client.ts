import { drizzle, type NodePgDatabase, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { required } from '../env'
import { log } from '../log'
import type { Answer, Statement } from './batch'
import { ahead, Line, type Value } from './line'
import { settled } from './settled'
import { statement } from './statement'

/** `bigint` columns are bigint everywhere; calendar dates stay 'YYYY-MM-DD', since a Date would move them by a zone. */
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/**
 * A session of the application never holds a lock for long; see `withoutTimeouts` for work that may take its time. It compiles no plan: its
 * statements take less time than that.
 */
const SESSION =
  '-c statement_timeout=30s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=60s -c TimeZone=UTC -c jit=off'
const TRIES = 4
/** serialization_failure and deadlock_detected: Postgres undid the transaction whole, so doing it again is safe. */
const AGAIN = new Set(['40001', '40P01'])

type NoRelations = Record<string, never>
export type Database = NodePgDatabase<NoRelations> & { readonly $client: pg.Pool | pg.PoolClient }
export type Transaction = NodePgTransaction<NoRelations, NoRelations>

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
  const made = { pool, database: drizzle(pool) }
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

/**
 * Runs `work` in one transaction: all of it or nothing. Begins again, up to four times, when Postgres itself broke a
 * deadlock or a serialization conflict, so `work` must have no effect outside the transaction. What it asked for and did not wait for is
 * done before the end, or ends it.
 */
export async function withTransaction<T>(
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const connections = pool(options.url)
      return await inTransaction(connections, await connections.connect(), work, options.isolation ?? 'read committed')
    } catch (error) {
      if (attempt >= TRIES || !AGAIN.has(sqlState(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (1 + Math.random())))
    }
  }
}

const dialect = new PgDialect()
const lines = new WeakMap<object, Line>()
const COMMIT = statement('COMMIT')
const BEGIN = {
  'read committed': statement('BEGIN ISOLATION LEVEL READ COMMITTED'),
  'repeatable read': statement('BEGIN ISOLATION LEVEL REPEATABLE READ'),
  serializable: statement('BEGIN ISOLATION LEVEL SERIALIZABLE'),
} as const

async function inTransaction<T>(
  connections: pg.Pool,
  client: pg.PoolClient,
  work: (tx: Transaction) => Promise<T>,
  isolation: keyof typeof BEGIN,
): Promise<T> {
  const line = new Line(client)
  // The query builder only ever asks its connection to `query`.
  const tx: Transaction = new NodePgTransaction(
    dialect,
    new NodePgSession(line as never, dialect, undefined),
    undefined,
  )
  lines.set(tx, line)
  let broken = true
  try {
    // Goes out with the first statement; where it fails, so does that one.
    ahead(line.ask(BEGIN[isolation], []))
    const result = await work(tx)
    await line.ask(COMMIT, [])
    broken = false
    return result
  } catch (error) {
    line.close(error)
    // What cannot roll back has lost its connection, and with it the transaction.
    broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    client.release(broken)
    if (broken) await settled(connections, client)
  }
}

/**
 * Asks for a statement of the code's own, in a transaction or outside of one. In a transaction it goes out together with whatever else is asked
 * before the program waits (line.ts), so independent ones are asked together and waited for together.
 */
export function run<Row = Record<string, unknown>>(
  on: Database | Transaction,
  asked: Statement,
  values: readonly Value[] = [],
): Promise<Answer<Row>> {
  const line = lines.get(on)
  if (line) return line.ask(asked, values)
  // A transaction without a line is one that somebody has made by hand.
  const { $client: client } = on as Database
  return client instanceof pg.Pool ? alone(client, asked, values) : new Line(client).ask(asked, values)
}

async function alone<Row>(pool: pg.Pool, asked: Statement, values: readonly Value[]): Promise<Answer<Row>> {
  const client = await pool.connect()
  let broken = true
  try {
    const answer = await new Line(client).ask<Row>(asked, values)
    broken = false
    return answer
  } finally {
    client.release(broken)
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
