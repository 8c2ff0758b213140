import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migratePostgres } from '../../lib/db/migrate'
import { startClickHouse } from '../../scripts/servers/clickhouse'
import { startPostgres } from '../../scripts/servers/postgres'
import { runFolder } from './run-folder'

const TEMPLATE = 'backhaul_template'

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's own servers; tests reach them through `freshDatabases`. */
    servers: {
      readonly folder: string
      readonly postgres: string
      readonly write: string
      readonly read: string
      /** The installation's secret, which the databases of all files share. */
      readonly secret: string
      /** A migrated database to copy. */
      readonly template: string
    }
  }
}

/** One PostgreSQL and one ClickHouse for the whole run, on free ports in a temporary folder, stopped at its end. */
export default async function setup(project: TestProject) {
  const folder = runFolder()
  const password = randomBytes(24).toString('base64url')
  const starting = await Promise.allSettled([
    startPostgres({ dataDir: join(folder, 'postgres'), port: 0, password }),
    startClickHouse({
      dataDir: join(folder, 'clickhouse'),
      httpPort: 0,
      tcpPort: 0,
      passwords: { web: randomBytes(24).toString('base64url'), ingest: password },
    }),
  ])
  const teardown = async () => {
    await Promise.all(starting.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)))
    rmSync(folder, { recursive: true, force: true })
  }
  const [postgres, clickhouse] = starting
  if (postgres.status === 'rejected' || clickhouse.status === 'rejected') {
    await teardown()
    throw postgres.status === 'rejected' ? postgres.reason : clickhouse.status === 'rejected' ? clickhouse.reason : ''
  }
  const secret = randomBytes(32).toString('base64url')
  await makeTemplate(postgres.value.url, secret)
  project.provide('servers', {
    ...{ secret, template: TEMPLATE },
    folder,
    postgres: postgres.value.url,
    write: clickhouse.value.writeUrl,
    read: clickhouse.value.readUrl,
  })
  return teardown
}

/** A migrated database, copied for each file: quicker than migrating sixty. */
async function makeTemplate(server: string, secret: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`CREATE DATABASE ${TEMPLATE}`)
  await client.end()
  // The schema keeps customers' keys under the installation's secret.
  process.env.BACKHAUL_SECRET = secret
  await migratePostgres(Object.assign(new URL(server), { pathname: `/${TEMPLATE}` }).href)
}
