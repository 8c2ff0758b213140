import { join } from 'node:path'
import { closeClickHouse, writeClient } from '../../clickhouse/client'
import { upgradeClickHouse } from '../../ingest/relay/rebuild'
import { closeDatabase, pool } from '../../lib/db/client'
import { migratePostgres } from '../../lib/db/migrate'
import type { Env } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { type RunFile, removeRunFile, takeAddresses, writeRunFile } from '../installation'
import { freePort, probePort } from '../servers/ports'
import { buildPages, needsBuild } from './build'
import { demoState, fillDemoCompany } from './demo'
import { type Addresses, databaseAddresses } from './embedded'
import { lockDataFolder } from './lock'
import { nodeService } from './processes'
import type { Progress } from './progress'
import { refuseUnsafe } from './safety'
import { installationSecrets } from './secrets'
import { Supervisor } from './supervisor'

export interface ProductOptions {
  readonly settings: Env
  /** `development`: the pages are compiled as they are asked for and follow the sources. */
  readonly mode: 'production' | 'development'
  readonly progress: Progress
  /** Something cannot be kept running; the caller says why and stops. */
  readonly onGiveUp: (reason: string) => void
}

/** A whole installation, from its databases to its pages, in processes of which this one is the parent. */
export class Product {
  private readonly abort = new AbortController()
  private readonly supervisor: Supervisor
  private readonly dataDir: string
  private unlock = () => {}
  private run: RunFile | undefined
  private stopped: Promise<void> | undefined

  constructor(private readonly options: ProductOptions) {
    this.dataDir = options.settings.BACKHAUL_DATA
    this.supervisor = new Supervisor({
      say: options.progress.note,
      onGiveUp: options.onGiveUp,
      onChange: (processes) => {
        if (this.run) this.publish({ ...this.run, processes })
      },
    })
  }

  get stopping(): boolean {
    return this.abort.signal.aborted
  }

  /** Brings everything up. Rejects with the first reason why it cannot; `stop` is still to be called then. */
  async start(): Promise<RunFile> {
    const { settings, progress, mode } = this.options
    this.unlock = lockDataFolder(this.dataDir)
    const port = await portFor('PORT', settings.PORT, settings.BACKHAUL_HOST)
    const ingestPort = await portFor('INGEST_PORT', settings.INGEST_PORT, settings.BACKHAUL_HOST)
    const building = mode === 'production' && needsBuild()
    const pages = building
      ? progress.step('Building the pages', () => buildPages({}, this.abort.signal))
      : Promise.resolve()
    // Reported where it is awaited; until then a failure must not end this process.
    pages.catch(() => undefined)

    const addresses = await this.startDatabases()
    const env = this.childEnv(addresses, port, ingestPort)
    // Ours too: migrations and checks read the same settings as the processes that come after.
    takeAddresses(env)
    await refuseUnsafe(addresses.DATABASE_URL)
    await progress.step('Bringing PostgreSQL to this version', () => migratePostgres(addresses.DATABASE_URL))
    this.publish({
      pid: process.pid,
      state: 'starting',
      databaseUrl: addresses.DATABASE_URL,
      clickhouseUrl: addresses.CLICKHOUSE_URL,
      ...(addresses.CLICKHOUSE_READ_URL ? { clickhouseReadUrl: addresses.CLICKHOUSE_READ_URL } : {}),
      webUrl: env.BACKHAUL_URL ?? '',
      ingestUrl: `http://${settings.BACKHAUL_HOST}:${ingestPort}`,
      processes: {},
    })
    const clickhouse = this.upgradeClickHouse(addresses)
    await clickhouse.underway
    await progress.step('Starting the ingest service and the relay', () => this.startWorker(env, ingestPort))
    await clickhouse.done
    // A build that failed is told at once, not after minutes of filling.
    await Promise.all([pages, this.fillDemo(env)])
    // After the demo company: its history is taken over beside the running product, and does not hold up its start.
    await progress.step('Starting the work on cases', async () => this.startCases(await this.withPayments(env)))
    await progress.step('Starting the web server', () => this.startWeb(env, port))
    if (!this.run) throw new Error('Backhaul is stopping.')
    this.publish({ ...this.run, state: 'running' })
    return this.run
  }

  /** Ends everything in the reverse order of its start, and gives the data folder back. Safe to call more than once. */
  stop(): Promise<void> {
    this.abort.abort()
    this.stopped ??= this.supervisor.stop().finally(() => {
      if (this.run) removeRunFile(this.dataDir)
      this.run = undefined
      this.unlock()
    })
    return this.stopped
  }

  private publish(run: RunFile) {
    this.run = run
    writeRunFile(this.dataDir, run)
  }

  private startDatabases(): Promise<Addresses> {
    const { settings, progress } = this.options
    return databaseAddresses(this.dataDir, installationSecrets(this.dataDir), settings, (service) =>
      progress.step(`Starting ${service.name}`, () => this.supervisor.run(service)),
    )
  }

  /**
   * Brings ClickHouse to this version. `underway` settles when it is there, or is being built anew from log and archive: the door then opens
   * beside that, and what it takes waits in the log.
   */
  private upgradeClickHouse({ CLICKHOUSE_URL }: Addresses): { underway: Promise<unknown>; done: Promise<unknown> } {
    let began = () => {}
    const building = new Promise<void>((resolve) => {
      began = resolve
    })
    const done = this.options.progress.step('Bringing ClickHouse to this version', async (detail) => {
      const onRebuild = () => {
        this.options.progress.note('… ClickHouse is of another version: building it anew from the log and the archive')
        began()
      }
      const onProgress = (what: string, share: number) => detail(`${what} ${Math.floor(share * 100)} %`)
      try {
        await upgradeClickHouse(pool(), writeClient(), CLICKHOUSE_URL, { onRebuild, onProgress })
      } finally {
        await Promise.all([closeDatabase(), closeClickHouse()])
      }
    })
    // Reported where it is awaited; until then a failure must not end this process.
    done.catch(() => undefined)
    return { underway: Promise.race([done, building]), done }
  }

  private childEnv(addresses: Addresses, port: number, ingestPort: number): Record<string, string | undefined> {
    const { settings } = this.options
    return {
      ...addresses,
      PORT: String(port),
      INGEST_PORT: String(ingestPort),
      BACKHAUL_HOST: settings.BACKHAUL_HOST,
      BACKHAUL_DATA: this.dataDir,
      BACKHAUL_SECRET: settings.BACKHAUL_SECRET ?? installationSecrets(this.dataDir).application,
      BACKHAUL_URL: settings.BACKHAUL_URL ?? `http://${urlHost(settings.BACKHAUL_HOST)}:${port}`,
      NODE_ENV: this.options.mode,
      NEXT_TELEMETRY_DISABLED: '1',
    }
  }

  private startWorker(env: Record<string, string | undefined>, ingestPort: number) {
    return this.supervisor.run(
      nodeService({
        name: 'Worker',
        script: 'ingest/main.ts',
        args: ['service', 'relay'],
        env,
        logFile: join(this.dataDir, 'logs', 'worker.log'),
        health: `http://${urlHost(this.options.settings.BACKHAUL_HOST)}:${ingestPort}/api/health`,
      }),
    )
  }

  /** In demo mode, without a provider's key: a small payment provider of our own, so that refunds really go somewhere. */
  private async withPayments(env: Record<string, string | undefined>): Promise<Record<string, string | undefined>> {
    const { settings } = this.options
    if (!settings.BACKHAUL_DEMO || settings.STRIPE_SECRET_KEY) return env
    const port = await freePort()
    await this.supervisor.run(
      nodeService({
        name: 'Payments',
        script: 'scripts/demo/payment-provider.ts',
        args: [String(port)],
        env,
        logFile: join(this.dataDir, 'logs', 'payments.log'),
      }),
    )
    return { ...env, STRIPE_SECRET_KEY: 'demo', STRIPE_API_URL: `http://127.0.0.1:${port}` }
  }

  /** The projector and what works on cases by itself: a process of its own, so that taking over history never holds up the door. */
  private startCases(env: Record<string, string | undefined>) {
    return this.supervisor.run(
      nodeService({
        name: 'Cases',
        script: 'ingest/main.ts',
        args: ['projector', 'payments', 'watch', 'controls', 'codes', 'audit', 'evidence', 'simulations'],
        env,
        logFile: join(this.dataDir, 'logs', 'cases.log'),
      }),
    )
  }

  private startWeb(env: Record<string, string | undefined>, port: number) {
    const { settings, mode } = this.options
    return this.supervisor.run(
      nodeService({
        name: 'Web',
        script: 'node_modules/next/dist/bin/next',
        args: [mode === 'production' ? 'start' : 'dev', '-H', settings.BACKHAUL_HOST, '-p', String(port)],
        env,
        logFile: join(this.dataDir, 'logs', 'web.log'),
        health: `http://${urlHost(settings.BACKHAUL_HOST)}:${port}/api/health`,
      }),
    )
  }

  /** The demo company: filled on the first start, then kept alive at a gentle rate. */
  private async fillDemo(env: Record<string, string | undefined>) {
    const { settings, progress } = this.options
    if (!settings.BACKHAUL_DEMO) return
    const logFile = join(this.dataDir, 'logs', 'demo.log')
    const state = await demoState(env.DATABASE_URL ?? '')
    if (state === 'fill') {
      await progress.step('Filling the demo company', (detail) =>
        fillDemoCompany({ env, logFile, detail, stopping: this.abort.signal }),
      )
    }
    if (state === 'none' || !settings.BACKHAUL_LIVE) return
    await this.supervisor.run(
      nodeService({
        name: 'Demo',
        script: 'scripts/demo/live.ts',
        args: [],
        env,
        logFile,
      }),
    )
  }
}

/** An address to listen on everywhere is no address to go to. */
const urlHost = (host: string) => (host === '0.0.0.0' || host === '::' ? 'localhost' : host)

async function portFor(setting: 'PORT' | 'INGEST_PORT', port: number, host: string): Promise<number> {
  if (port === 0) return freePort()
  if ((await probePort(port, host)) !== undefined) return port
  throw new UserError(
    'port_taken',
    `Port ${port} is used by another program. Choose another with ${setting}, for example: ${setting}=${port + 100} npm start`,
    409,
    setting,
  )
}
