import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { closeClickHouse, writeClient } from '../clickhouse/client'
import { upgradeClickHouse } from '../ingest/relay/rebuild'
import { closeDatabase, pool } from '../lib/db/client'
import { migratePostgres } from '../lib/db/migrate'
import { env, rereadEnv } from '../lib/env'
import { UserError } from '../lib/errors'
import { startEmbedded } from './start/embedded'
import { lockDataFolder, lockHolder } from './start/lock'
import { installationSecrets } from './start/secrets'

const runFile = z.object({
  /** The supervisor. */
  pid: z.number(),
  state: z.enum(['starting', 'running']),
  databaseUrl: z.string(),
  clickhouseUrl: z.string(),
  clickhouseReadUrl: z.string().optional(),
  webUrl: z.string(),
  ingestUrl: z.string(),
  /** Process ids by service name, kept up to date when one is started again. */
  processes: z.record(z.string(), z.number()),
})

/** Where a running installation is; written by `npm start` into its data folder, readable by its owner alone. */
export type RunFile = z.infer<typeof runFile>

const pathOf = (dataDir: string) => join(dataDir, 'run.json')

/** Replaces the run file whole, so that a reader never sees half of it. */
export function writeRunFile(dataDir: string, content: RunFile): void {
  const file = pathOf(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export const removeRunFile = (dataDir: string): void => rmSync(pathOf(dataDir), { force: true })

/** The installation running on `dataDir`; undefined when none runs (a file left by a killed one does not count). */
export function readRunFile(dataDir = env().BACKHAUL_DATA): RunFile | undefined {
  const file = pathOf(dataDir)
  const holder = lockHolder(dataDir)
  if (holder === undefined || !existsSync(file)) return undefined
  const parsed = runFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return parsed.success && parsed.data.pid === holder ? parsed.data : undefined
}

/** Makes `env()` answer with these addresses, here and in processes started from here. */
export function takeAddresses(addresses: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(addresses)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  rereadEnv()
}

/**
 * Runs a command's work with `env()` knowing both databases: those of the environment, else those of the installation
 * running on BACKHAUL_DATA, else embedded servers started (and brought to this version) for as long as the work takes.
 * ClickHouse is brought to it only for work that reads it, since that may take minutes. Connections are closed at the end.
 */
export async function withInstallation<T>(
  work: () => Promise<T>,
  reads: 'PostgreSQL' | 'ClickHouse' = 'PostgreSQL',
): Promise<T> {
  const release = await findOrStart(reads === 'ClickHouse')
  try {
    return await work()
  } finally {
    await Promise.allSettled([closeDatabase(), closeClickHouse()])
    await release()
  }
}

async function findOrStart(upgrade: boolean): Promise<() => Promise<void>> {
  const settings = env()
  const dataDir = settings.BACKHAUL_DATA
  if (settings.DATABASE_URL && settings.CLICKHOUSE_URL) {
    takeSecret(settings.BACKHAUL_SECRET, dataDir)
    return async () => undefined
  }
  const running = readRunFile(dataDir)
  if (running) {
    takeAddresses({
      DATABASE_URL: settings.DATABASE_URL ?? running.databaseUrl,
      CLICKHOUSE_URL: settings.CLICKHOUSE_URL ?? running.clickhouseUrl,
      CLICKHOUSE_READ_URL: settings.CLICKHOUSE_READ_URL ?? running.clickhouseReadUrl,
    })
    takeSecret(settings.BACKHAUL_SECRET, dataDir)
    return async () => undefined
  }
  if (lockHolder(dataDir) !== undefined) {
    throw new UserError(
      'starting',
      `Backhaul is just starting on ${dataDir}. Try again when it shows its address.`,
      503,
    )
  }
  return startForNow(dataDir, upgrade)
}

async function startForNow(dataDir: string, upgrade: boolean): Promise<() => Promise<void>> {
  const unlock = lockDataFolder(dataDir)
  const secrets = installationSecrets(dataDir)
  const servers = await startEmbedded(dataDir, secrets, env()).catch((error: unknown) => {
    unlock()
    throw error
  })
  const release = async () => {
    await servers.stop()
    unlock()
  }
  try {
    takeAddresses({ ...servers.addresses, BACKHAUL_SECRET: env().BACKHAUL_SECRET ?? secrets.application })
    const { DATABASE_URL = '', CLICKHOUSE_URL = '' } = servers.addresses
    await migratePostgres(DATABASE_URL)
    if (upgrade) {
      const onRebuild = () => console.error('ClickHouse is of another version: building it anew …')
      await upgradeClickHouse(pool(), writeClient(), CLICKHOUSE_URL, { onRebuild, onProgress: progressLines() })
    }
    return release
  } catch (error) {
    await release()
    throw error
  }
}

/** How far a rebuild is, on standard error, a line for each twentieth. */
export function progressLines(): (what: string, share: number) => void {
  let shown = ''
  return (what, share) => {
    const line = `${what} ${Math.floor(share * 20) * 5} %`
    if (line !== shown) console.error(line)
    shown = line
  }
}

/** With databases of one's own there may be no installation on this machine, and so no secret of one. */
export function takeSecret(given: string | undefined, dataDir: string) {
  if (given === undefined && existsSync(join(dataDir, 'secrets.json'))) {
    takeAddresses({ BACKHAUL_SECRET: installationSecrets(dataDir).application })
  }
}
