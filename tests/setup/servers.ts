import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startClickHouse } from '../../scripts/servers/clickhouse'
import { startPostgres } from '../../scripts/servers/postgres'
import { runFolder } from './run-folder'

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's own servers; tests reach them through `freshDatabases`. */
    servers: { readonly folder: string; readonly postgres: string; readonly write: string; readonly read: string }
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
  project.provide('servers', {
    folder,
    postgres: postgres.value.url,
    write: clickhouse.value.writeUrl,
    read: clickhouse.value.readUrl,
  })
  return teardown
}
