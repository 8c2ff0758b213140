import { join, resolve } from 'node:path'
import { type ClickHousePasswords, writeServerConfig } from '../../clickhouse/server-config'
import { type Child, launch, ROOT, sleep } from './child'
import { freePort } from './ports'

const START_MS = 60_000
const ATTEMPTS = 5
export const DATABASE = 'backhaul'

export interface ClickHouseOptions {
  /** Made on the first start. One server process per folder. */
  readonly dataDir: string
  /** 0: a free one. */
  readonly httpPort: number
  /** Native protocol; 0: a free one. */
  readonly tcpPort: number
  readonly passwords: ClickHousePasswords
  readonly logFile?: string
}

export interface ClickHouseServer {
  /** As `ingest`, with the database in the path. */
  readonly writeUrl: string
  /** As `web`: reads only, and may not change a setting. */
  readonly readUrl: string
  readonly httpPort: number
  readonly tcpPort: number
  readonly pid: number
  readonly exited: Child['exited']
  readonly tail: Child['tail']
  /** At once: what was acknowledged is already in place. */
  readonly stop: () => Promise<void>
}

/** Starts the ClickHouse that comes out of npm on `dataDir`. Throws with the server's own words when it does not start. */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouseServer> {
  const dataDir = resolve(options.dataDir)
  const configFile = writeServerConfig(dataDir, options.passwords)
  for (let attempt = 1; ; attempt++) {
    const httpPort = options.httpPort || (await freePort())
    const tcpPort = options.tcpPort || (await freePort())
    const child = await run(configFile, dataDir, httpPort, tcpPort, options.logFile)
    const url = (name: string, password: string) =>
      `http://${name}:${encodeURIComponent(password)}@127.0.0.1:${httpPort}/${DATABASE}`
    const writeUrl = url('ingest', options.passwords.ingest)
    const failure = await becomesReady(child, writeUrl)
    if (failure === undefined) {
      return {
        writeUrl,
        readUrl: url('web', options.passwords.web),
        httpPort,
        tcpPort,
        pid: child.pid,
        exited: child.exited,
        tail: child.tail,
        stop: async () => {
          await child.stop('SIGKILL', START_MS)
        },
      }
    }
    await child.stop('SIGKILL', START_MS)
    // The folder's lock outlives a killed server by a moment; a free port can be lost to a race.
    if (attempt >= ATTEMPTS || !/CANNOT_OPEN_FILE|already in use|NETWORK_ERROR/.test(failure)) {
      throw new Error(`ClickHouse did not start on ${dataDir}:\n${failure}`)
    }
    await sleep(300)
  }
}

const run = (configFile: string, dataDir: string, httpPort: number, tcpPort: number, logFile: string | undefined) =>
  launch({
    command: process.execPath,
    args: [
      '--import=tsx',
      `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`,
      join(ROOT, 'clickhouse/server.ts'),
      ...[configFile, dataDir, String(httpPort), String(tcpPort)],
    ],
    ...(logFile ? { logFile } : {}),
  })

/** Undefined when it answers and the database is there; otherwise what went wrong. */
async function becomesReady(child: Child, writeUrl: string): Promise<string | undefined> {
  const { origin, username, password } = new URL(writeUrl)
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; ) {
    if (!child.running()) return child.tail() || 'it ended without a word'
    try {
      const answer = await fetch(origin, {
        method: 'POST',
        headers: { authorization },
        body: `CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`,
        signal: AbortSignal.timeout(5_000),
      })
      const text = await answer.text()
      return answer.ok ? undefined : text
    } catch {
      await sleep(25)
    }
  }
  return `no answer within ${START_MS / 1000} s\n${child.tail()}`
}
