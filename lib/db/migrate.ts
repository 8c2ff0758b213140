import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { installPolicies } from '../workflow/policies'
import { installRules } from './rules'

/** Any constant: the name of the lock that keeps two processes from migrating at once. */
const LOCK = 7_212_001

/** Brings the database at `databaseUrl` to this version's schema; safe to run by several processes at once. */
export async function migratePostgres(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await migrate(drizzle(client), { migrationsFolder: join(import.meta.dirname, 'migrations') })
    await installRules(client)
    await installPolicies(client)
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK])
  } finally {
    await client.end()
  }
}
