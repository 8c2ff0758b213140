import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from '../../lib/env'
import { type ClickHouseServer, startClickHouse } from '../servers/clickhouse'
import { type PostgresServer, startPostgres } from '../servers/postgres'
import type { Secrets } from './secrets'
import type { Service } from './supervisor'

/** The databases' addresses as the product's processes get them. */
export interface Addresses {
  readonly DATABASE_URL: string
  readonly CLICKHOUSE_URL: string
  readonly CLICKHOUSE_READ_URL: string | undefined
}

/** The embedded PostgreSQL of a data folder as a service; started again, it keeps its port, and so its address. */
export function postgresService(dataDir: string, secrets: Secrets): Service<PostgresServer> {
  let port = 0
  return {
    name: 'PostgreSQL',
    start: async () => {
      const server = await startPostgres({
        dataDir: join(dataDir, 'postgres'),
        port,
        password: secrets.postgres,
        logFile: join(dataDir, 'logs', 'postgres.log'),
      })
      port = server.port
      return server
    },
  }
}

/** The embedded ClickHouse of a data folder as a service; started again, it keeps its ports. */
export function clickhouseService(dataDir: string, secrets: Secrets): Service<ClickHouseServer> {
  let httpPort = 0
  let tcpPort = 0
  return {
    name: 'ClickHouse',
    start: async () => {
      const server = await startClickHouse({
        dataDir: join(dataDir, 'clickhouse'),
        httpPort,
        tcpPort,
        passwords: { web: secrets.clickhouseWeb, ingest: secrets.clickhouseIngest },
        logFile: join(dataDir, 'logs', 'clickhouse.log'),
      })
      httpPort = server.httpPort
      tcpPort = server.tcpPort
      return server
    },
  }
}

type Starter = <R extends PostgresServer | ClickHouseServer>(service: Service<R>) => Promise<R>

/**
 * The addresses of both databases: those that are given, and for the rest embedded servers brought up with `start`, side
 * by side. Rejects with the first failure, after both have settled.
 */
export async function databaseAddresses(
  dataDir: string,
  secrets: Secrets,
  given: Pick<Env, 'DATABASE_URL' | 'CLICKHOUSE_URL' | 'CLICKHOUSE_READ_URL'>,
  start: Starter,
): Promise<Addresses> {
  // PostgreSQL may run as an account of its own: it has to pass this folder, the files in it are closed to it.
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, 0o711)
  const [postgres, clickhouse] = await Promise.allSettled([
    given.DATABASE_URL ? undefined : start(postgresService(dataDir, secrets)),
    given.CLICKHOUSE_URL ? undefined : start(clickhouseService(dataDir, secrets)),
  ])
  if (postgres.status === 'rejected') throw postgres.reason
  if (clickhouse.status === 'rejected') throw clickhouse.reason
  return {
    DATABASE_URL: given.DATABASE_URL ?? postgres.value?.url ?? '',
    CLICKHOUSE_URL: given.CLICKHOUSE_URL ?? clickhouse.value?.writeUrl ?? '',
    CLICKHOUSE_READ_URL: given.CLICKHOUSE_READ_URL ?? clickhouse.value?.readUrl,
  }
}

/** Starts the embedded servers that are needed without keeping them up; for the duration of one command. */
export async function startEmbedded(dataDir: string, secrets: Secrets, given: Env) {
  const started: { stop: () => Promise<void> }[] = []
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()))
  }
  try {
    const addresses = await databaseAddresses(dataDir, secrets, given, async (service) => {
      const server = await service.start(new AbortController().signal)
      started.push(server)
      return server
    })
    return { addresses, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
