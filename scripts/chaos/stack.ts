import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createClickHouse } from '../../clickhouse/migrate'
import { createKey } from '../../lib/auth/api-keys'
import { migratePostgres } from '../../lib/db/migrate'
import { takeAddresses } from '../installation'
import { freePort } from '../servers/ports'
import { clickhouseService, postgresService } from '../start/embedded'
import { nodeService } from '../start/processes'
import { installationSecrets } from '../start/secrets'
import { Supervisor } from '../start/supervisor'

/** The ways of a process that may be killed. */
export type Victim = 'ingest' | 'relay' | 'PostgreSQL' | 'ClickHouse'

export interface Stack {
  ingestUrl: string
  key: string
  addresses: { DATABASE_URL: string; CLICKHOUSE_URL: string }
  pid(name: Victim): number | undefined
  stop(): Promise<void>
}

/**
 * The product's back end in a folder of its own: both servers, the ingest service and the relay as four processes under the product's own
 * supervisor. `relayEnv` is given to the relay, such as a FAILPOINT.
 */
export async function startStack(
  dataDir: string,
  say: (line: string) => void,
  relayEnv: Record<string, string> = {},
): Promise<Stack> {
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  const secrets = installationSecrets(dataDir)
  let pids: Readonly<Record<string, number>> = {}
  const supervisor = new Supervisor({
    say,
    onGiveUp: say,
    onChange: (now) => {
      pids = now
    },
  })
  try {
    const postgres = await supervisor.run(postgresService(dataDir, secrets))
    const clickhouse = await supervisor.run(clickhouseService(dataDir, secrets))
    const addresses = { DATABASE_URL: postgres.url, CLICKHOUSE_URL: clickhouse.writeUrl }
    takeAddresses({ ...addresses, BACKHAUL_SECRET: secrets.application, BACKHAUL_DATA: dataDir })
    await Promise.all([migratePostgres(addresses.DATABASE_URL), createClickHouse(addresses.CLICKHOUSE_URL)])
    const { key } = await createKey({ scopes: ['events:write'], sources: ['/*'], name: 'chaos', days: 1 })
    const port = await freePort()
    const environment = {
      ...process.env,
      ...addresses,
      BACKHAUL_DATA: dataDir,
      BACKHAUL_SECRET: secrets.application,
      INGEST_PORT: String(port),
      BACKHAUL_LOG: 'warn',
    }
    const ingestUrl = `http://127.0.0.1:${port}`
    const script = 'ingest/main.ts'
    const logFile = (name: string) => join(dataDir, 'logs', `${name}.log`)
    await supervisor.run(
      nodeService({
        name: 'ingest',
        script,
        args: ['service'],
        env: environment,
        logFile: logFile('ingest'),
        health: `${ingestUrl}/api/health`,
      }),
    )
    await supervisor.run(
      nodeService({
        name: 'relay',
        script,
        args: ['relay'],
        env: { ...environment, ...relayEnv },
        logFile: logFile('relay'),
      }),
    )
    return { ingestUrl, key, addresses, pid: (name) => pids[name], stop: () => supervisor.stop() }
  } catch (error) {
    await supervisor.stop()
    throw error
  }
}
