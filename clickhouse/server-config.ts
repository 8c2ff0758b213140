import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { READ_SETTINGS, WRITE_SETTINGS } from './settings'

/** Every database of ours has this name or one that begins with it; the two accounts reach no other. */
const OURS = 'backhaul*.*'

/**
 * Started this way the engine takes the sizes of a command-line tool: two threads for all merges and two for every timer.
 * These are a server's, held to one machine that it shares with PostgreSQL and Node.
 */
const SERVER_SETTINGS = {
  background_pool_size: Math.max(4, availableParallelism()),
  background_schedule_pool_size: 32,
  background_common_pool_size: 4,
  background_move_pool_size: 2,
  max_server_memory_usage_to_ram_ratio: 0.6,
  mark_cache_size: 1_000_000_000,
  uncompressed_cache_size: 512_000_000,
  primary_index_cache_size: 1_000_000_000,
  // A rebuild drops tables of any size: the log and the archive are the record.
  max_table_size_to_drop: 0,
  max_partition_size_to_drop: 0,
}

export interface ClickHousePasswords {
  /** Reads only. */
  readonly web: string
  /** Writes the databases of this product. */
  readonly ingest: string
}

const INGEST_GRANTS = [
  `SELECT, INSERT, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, dictGet, ALTER, DROP DATABASE, DROP TABLE, DROP VIEW, DROP DICTIONARY, TRUNCATE, OPTIMIZE ON ${OURS}`,
  `SYSTEM VIEWS ON ${OURS}`,
  'TABLE ENGINE ON *',
  'KILL QUERY ON *.*',
  ...['parts', 'partitions', 'processes', 'mutations', 'merges', 'view_refreshes'].map((t) => `SELECT ON system.${t}`),
]

const elements = (settings: Record<string, string | number>) =>
  Object.entries(settings)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')

function user(name: string, password: string, profile: string, grants: readonly string[]): string {
  const hash = createHash('sha256').update(password).digest('hex')
  const queries = grants.map((grant) => `<query>GRANT ${grant}</query>`).join('')
  return `<${name}><password_sha256_hex>${hash}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile><quota>default</quota><grants>${queries}</grants></${name}>`
}

/**
 * Writes the embedded server's configuration into `dataDir` (hashes only, readable by its owner alone) and returns the
 * file to start it with. Without a users file anyone on this machine could read any file through it; `default` cannot be
 * removed or given a password in this mode, so it is stripped to what start-up needs.
 */
export function writeServerConfig(dataDir: string, passwords: ClickHousePasswords): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const usersFile = join(dataDir, 'users.xml')
  const configFile = join(dataDir, 'config.xml')
  const users = `<clickhouse>
<profiles>
<default><max_execution_time>0</max_execution_time></default>
<boot><max_block_size>1</max_block_size><max_threads>1</max_threads><function_sleep_max_microseconds_per_block>0</function_sleep_max_microseconds_per_block></boot>
<web><readonly>1</readonly>${elements(READ_SETTINGS)}</web>
<ingest>${elements(WRITE_SETTINGS)}</ingest>
</profiles>
<quotas><default/></quotas>
<users>
<default><password></password><networks><ip>127.0.0.1</ip></networks><profile>boot</profile><quota>default</quota><grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants></default>
${user('web', passwords.web, 'web', [`SELECT, dictGet ON ${OURS}`])}
${user('ingest', passwords.ingest, 'ingest', INGEST_GRANTS)}
</users></clickhouse>
`
  const config = `<clickhouse>
<users_config>${usersFile}</users_config>
<logger><level>warning</level><console>1</console></logger>
${elements(SERVER_SETTINGS)}
</clickhouse>
`
  writeFileSync(usersFile, users, { mode: 0o600 })
  writeFileSync(configFile, config, { mode: 0o600 })
  return configFile
}
