import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client'
import { env, required } from '../lib/env'
import { READ_SETTINGS, WRITE_SETTINGS } from './settings'

const clients = new Map<string, ClickHouseClient>()

function client(url: string, settings: ClickHouseSettings, requestTimeoutMs: number): ClickHouseClient {
  const key = JSON.stringify([url, settings])
  const known = clients.get(key)
  if (known) return known
  const made = createClient({
    url,
    application: 'backhaul',
    request_timeout: requestTimeoutMs,
    max_open_connections: 16,
    keep_alive: { enabled: true },
    // The server is near: compressing costs more time than it saves.
    compression: { request: false, response: false },
    clickhouse_settings: settings,
    // Failures reach the caller, who logs them once.
    log: { level: ClickHouseLogLevel.OFF },
  })
  clients.set(key, made)
  return made
}

/** The client that writes (CLICKHOUSE_URL), one a process. Its inserts are acknowledged only when they are in place. */
export const writeClient = (url = required('CLICKHOUSE_URL')): ClickHouseClient => client(url, WRITE_SETTINGS, 600_000)

/**
 * The client that reads (CLICKHOUSE_READ_URL, else CLICKHOUSE_URL), one a process. Its user may change no setting: send
 * no `clickhouse_settings` and no `SETTINGS` clause with a query, READ_SETTINGS are there already.
 */
export const readClient = (url = env().CLICKHOUSE_READ_URL ?? required('CLICKHOUSE_URL')): ClickHouseClient =>
  client(url, READ_SETTINGS, 15_000)

/** Closes every connection; for the end of a command or a test. */
export async function closeClickHouse(): Promise<void> {
  const open = [...clients.values()]
  clients.clear()
  await Promise.all(open.map((each) => each.close()))
}
