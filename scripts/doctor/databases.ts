import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { closeClickHouse, readClient, writeClient } from '../../clickhouse/client'
import { standingSchema } from '../../clickhouse/migrate'
import { closeDatabase, pool } from '../../lib/db/client'
import { env } from '../../lib/env'
import { type RunFile, takeSecret } from '../installation'
import { ROOT } from '../servers/child'
import { unsafeSettings } from '../start/safety'
import type { Finding } from './finding'

const LAG_SECONDS = 60
const RESTART = 'Stop it and run npm start again: it brings both databases to this version.'
const REBUILD =
  'Stop it and run npm start again, or npm run backhaul -- rebuild: it is built anew from the log and the archive, nothing is lost.'

/** Looks at the databases in use: those of the environment, else those of the running installation. */
export async function checkDatabases(running: RunFile | undefined): Promise<Finding[]> {
  const databaseUrl = env().DATABASE_URL ?? running?.databaseUrl
  const clickhouseUrl = env().CLICKHOUSE_URL ?? running?.clickhouseUrl
  const readUrl = env().CLICKHOUSE_READ_URL ?? running?.clickhouseReadUrl ?? clickhouseUrl
  if (!databaseUrl && !clickhouseUrl) return [{ what: 'Installation', found: 'not running (npm start)' }]
  try {
    return [
      ...(await group('PostgreSQL', 'DATABASE_URL', databaseUrl, postgres)),
      ...(await group('ClickHouse', 'CLICKHOUSE_URL', clickhouseUrl, (url) =>
        clickhouse(url, readUrl ?? url, running),
      )),
    ]
  } finally {
    await Promise.allSettled([closeDatabase(), closeClickHouse()])
  }
}

async function group(
  what: string,
  setting: string,
  url: string | undefined,
  look: (url: string) => Promise<Finding[]>,
) {
  if (!url) return []
  try {
    return await look(url)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [
      {
        what,
        found,
        mend: `Check that it runs and that ${setting} is right; the embedded one logs to logs/ in the data folder.`,
      },
    ]
  }
}

async function postgres(url: string): Promise<Finding[]> {
  const { rows } = await pool(url).query<{ version: string; number: number }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int4 AS number",
  )
  const version = rows[0] ?? { version: 'unknown', number: 0 }
  const unsafe = await unsafeSettings(url)
  return [
    {
      what: 'PostgreSQL',
      found: `answers, version ${version.version}`,
      ...(version.number >= 170_000 ? {} : { mend: 'Use PostgreSQL 17 or newer.' }),
    },
    unsafe.length === 0
      ? { what: 'Durability', found: 'fsync, full_page_writes and synchronous_commit are on' }
      : { what: 'Durability', found: unsafe.join(', '), mend: 'Set them to "on": acknowledged events could be lost.' },
    await postgresSchema(url),
    await lag(url),
  ]
}

const journal = z.object({ entries: z.array(z.object({ when: z.number() })) })

async function postgresSchema(url: string): Promise<Finding> {
  const what = 'PostgreSQL schema'
  const file = join(ROOT, 'lib/db/migrations/meta/_journal.json')
  const wanted = journal.parse(JSON.parse(readFileSync(file, 'utf8'))).entries.length
  const { rows: known } = await pool(url).query("SELECT to_regclass('drizzle.__drizzle_migrations') AS name")
  if (known[0]?.name === null) return { what, found: 'empty', mend: RESTART }
  const { rows } = await pool(url).query('SELECT count(*)::int4 AS n FROM drizzle.__drizzle_migrations')
  const applied = Number(rows[0]?.n ?? 0)
  if (applied === wanted) return { what, found: `all ${wanted} migrations applied` }
  if (applied > wanted) return { what, found: 'newer than this version', mend: 'Run the newer version of Backhaul.' }
  return { what, found: `${applied} of ${wanted} migrations applied`, mend: RESTART }
}

/** How long the oldest accepted event has been waiting to reach ClickHouse. */
async function lag(url: string): Promise<Finding> {
  const what = 'Relay'
  const { rows } = await pool(url).query<{ events: number; seconds: number | null }>(
    `SELECT (SELECT count(*) FROM event_log WHERE batch_id IS NULL)::int4 +
            (SELECT coalesce(sum(rows), 0) FROM batch WHERE state = 'sealed')::int4 AS events,
            extract(epoch FROM now() - least(
              (SELECT received_at FROM event_log WHERE batch_id IS NULL ORDER BY seq LIMIT 1),
              (SELECT min(sealed_at) FROM batch WHERE state = 'sealed')))::float8 AS seconds`,
  )
  const { events = 0, seconds = null } = rows[0] ?? {}
  if (events === 0 || seconds === null) return { what, found: 'nothing waits for ClickHouse' }
  const found = `${events} events wait for ClickHouse, the oldest for ${Math.round(seconds)} s`
  if (seconds <= LAG_SECONDS) return { what, found }
  return { what, found, mend: 'See logs/worker.log in the data folder for why the relay does not deliver.' }
}

async function clickhouse(writeUrl: string, readUrl: string, running: RunFile | undefined): Promise<Finding[]> {
  const answer = await writeClient(writeUrl).query({ query: 'SELECT version() AS v', format: 'JSONEachRow' })
  const [version] = await answer.json<{ v: string }>()
  await readClient(readUrl).query({ query: 'SELECT 1' })
  return [
    { what: 'ClickHouse', found: `answers, version ${version?.v ?? 'unknown'}` },
    await clickhouseSchema(writeUrl, running),
  ]
}

async function clickhouseSchema(writeUrl: string, running: RunFile | undefined): Promise<Finding> {
  const what = 'ClickHouse schema'
  takeSecret(env().BACKHAUL_SECRET, env().BACKHAUL_DATA)
  if (!env().BACKHAUL_SECRET)
    return { what, found: 'not compared', mend: 'Set BACKHAUL_SECRET as for npm start: customers are kept under it.' }
  const { state, missing, tables } = await standingSchema(writeUrl)
  if (state === 'current') return { what, found: `${tables} tables and views, as this version makes them` }
  if (running?.state === 'starting') return { what, found: 'being brought to this version by the start under way' }
  if (state === 'none') return { what, found: 'empty', mend: RESTART }
  const found = missing.length > 0 ? `missing: ${missing.join(', ')}` : 'of another version, or not built to its end'
  return { what, found, mend: REBUILD }
}
