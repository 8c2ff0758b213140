import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { closeClickHouse, writeClient } from '../../clickhouse/client'
import { createClickHouse } from '../../clickhouse/migrate'
import { closeDatabase } from '../../lib/db/client'
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
  await Promise.all([
    createInPostgres(servers.postgres, name, options.migrate === false ? 'template1' : servers.template),
    createInClickHouse(servers.write, name),
  ])
  Object.assign(process.env, {
    DATABASE_URL: databases.databaseUrl,
    CLICKHOUSE_URL: databases.clickhouseUrl,
    CLICKHOUSE_READ_URL: databases.clickhouseReadUrl,
    BACKHAUL_DATA: databases.dataDir,
    BACKHAUL_SECRET: servers.secret,
  })
  rereadEnv()
  if (options.migrate !== false) await createClickHouse(databases.clickhouseUrl)
  afterAll(async () => {
    // Sixty databases of forty tables would be looked after until the end of the run.
    await writeClient(servers.write).command({ query: 'DROP DATABASE {name:Identifier}', query_params: { name } })
    await Promise.all([closeDatabase(), closeClickHouse()])
  })
  return databases
}

async function createInPostgres(server: string, name: string, template: string) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`)
  } finally {
    await client.end()
  }
}

const createInClickHouse = (server: string, name: string) =>
  writeClient(server).command({
    query: 'CREATE DATABASE {name:Identifier} ENGINE = Atomic',
    query_params: { name },
  })
