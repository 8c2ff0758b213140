import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { installPolicies } from '../workflow/policies'
import { installRules } from './rules'

/** Any constant: the name of the lock that keeps two processes from migrating at once. */
const LOCK = 7_212_001

/** A server that comes up, goes down or has just been killed says one of these, or nothing at all; it is asked again. */
const AWAY = new Set(['57P01', '57P02', '57P03', '08006', '08001', '08003', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])
const PAUSE_MS = 200

/**
 * Brings the database at `databaseUrl` to this version's schema; safe to run by several processes at once. For `patience` milliseconds a server
 * that is on its way up or down is waited for; after that, and by default, its error is thrown.
 */
export async function migratePostgres(databaseUrl: string, { patience = 0 } = {}): Promise<void> {
  for (const deadline = Date.now() + patience; ; await sleep(PAUSE_MS)) {
    try {
      return await migrateOnce(databaseUrl)
    } catch (error) {
      if (Date.now() >= deadline || !isAway(error)) throw error
    }
  }
}

async function migrateOnce(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  // A server that dies between two statements tells nobody; the next statement fails, which is where it is handled.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await migrate(drizzle(client), { migrationsFolder: join(import.meta.dirname, 'migrations') })
    await installRules(client)
    await installPolicies(client)
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK])
  } finally {
    await client.end().catch(() => undefined)
  }
}

function isAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && AWAY.has(at.code)) return true
    if (/^(Connection terminated|Client has encountered a connection error)/.test(at.message)) return true
  }
  return false
}
