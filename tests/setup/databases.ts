import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { closeClickHouse, writeClient } from '../../clickhouse/client'
import { migrateClickHouse } from '../../clickhouse/migrate'
import { closeDatabase } from '../../lib/db/client'
import { migratePostgres } from '../../lib/db/migrate'
import { rereadEnv } from '../../lib/env'

export interface TestDatabases {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly clickhouseReadUrl: string
  /** BACKHAUL_DATA of this file: archive segments and the like. */
  readonly dataDir: string
}

/**
 * A database of one's own on both servers, migrated, for one test file; `env()` then answers with them. Call it at the
 * top of the file: `const databases = await freshDatabases()`. Connections are closed after the file's last test.
 */
export async function freshDatabases(options: { readonly migrate?: boolean } = {}): Promise<TestDatabases> {
  const servers = inject('servers')
  const name = `backhaul_${randomBytes(6).toString('hex')}`
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const databases: TestDatabases = {
    databaseUrl: at(servers.postgres),
    clickhouseUrl: at(servers.write),
    clickhouseReadUrl: at(servers.read),
    dataDir: mkdtempSync(join(servers.folder, 'data-')),
  }
  await Promise.all([createInPostgres(servers.postgres, name), createInClickHouse(servers.write, name)])
  // Before migrating: the schema keeps customers' keys under the installation's secret.
  Object.assign(process.env, {
    DATABASE_URL: databases.databaseUrl,
    CLICKHOUSE_URL: databases.clickhouseUrl,
    CLICKHOUSE_READ_URL: databases.clickhouseReadUrl,
    BACKHAUL_DATA: databases.dataDir,
    BACKHAUL_SECRET: randomBytes(32).toString('base64url'),
  })
  rereadEnv()
  if (options.migrate !== false) {
    await Promise.all([migratePostgres(databases.databaseUrl), migrateClickHouse(databases.clickhouseUrl)])
  }
  afterAll(async () => {
    await Promise.all([closeDatabase(), closeClickHouse()])
  })
  return databases
}

async function createInPostgres(server: string, name: string) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}

const createInClickHouse = (server: string, name: string) =>
  writeClient(server).command({
    query: 'CREATE DATABASE {name:Identifier} ENGINE = Atomic',
    query_params: { name },
  })
