import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'

/** Without these an acknowledged event can be lost when the machine stops. */
const REQUIRED = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

/** Settings of the server at `databaseUrl` that are not safe, as `name = value`; empty when all are. */
export async function unsafeSettings(databaseUrl: string): Promise<string[]> {
  const { rows } = await pool(databaseUrl).query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [[...REQUIRED]],
  )
  // synchronous_commit has stronger values than `on`, which wait for replicas too.
  return rows
    .filter(({ setting }) => !['on', 'remote_write', 'remote_apply'].includes(setting))
    .map(({ name, setting }) => `${name} = ${setting}`)
}

/** Refuses to run on a PostgreSQL that would acknowledge what it has not kept. */
export async function refuseUnsafe(databaseUrl: string): Promise<void> {
  const unsafe = await unsafeSettings(databaseUrl)
  if (unsafe.length === 0) return
  throw new UserError(
    'unsafe_postgres',
    `PostgreSQL runs with ${unsafe.join(', ')}: acknowledged events could be lost. ` +
      'Set them to "on" in its configuration (for this role and database too), then start again.',
    500,
    'DATABASE_URL',
  )
}
