import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readRunFile } from '../../scripts/installation'
import { launch, ROOT, sleep } from '../../scripts/servers/child'
import { runFolder } from './run-folder'

const START_MS = 600_000
const STOP_MS = 60_000
/** Enough of the demo company for its story to be visible, little enough to be filled in seconds. */
const SCALE = '0.05'

/**
 * `npm start` on a data folder and ports of its own, with a small demo company that stands still. The tests get its
 * folder and addresses in the environment: BACKHAUL_DATA, BACKHAUL_URL, BACKHAUL_INGEST_URL, DATABASE_URL, CLICKHOUSE_URL, CLICKHOUSE_READ_URL.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const dataDir = join(runFolder(), 'data')
  const child = await launch({
    command: process.execPath,
    args: ['--import=tsx', `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`, 'scripts/start.ts'],
    env: {
      BACKHAUL_DATA: dataDir,
      PORT: '0',
      INGEST_PORT: '0',
      BACKHAUL_DEMO: '1',
      BACKHAUL_DEMO_SCALE: SCALE,
      BACKHAUL_LIVE: '0',
      DATABASE_URL: undefined,
      CLICKHOUSE_URL: undefined,
      CLICKHOUSE_READ_URL: undefined,
      BACKHAUL_URL: undefined,
      BACKHAUL_SECRET: undefined,
      NODE_ENV: undefined,
    },
    onLine: (line) => console.log(`  ${line}`),
  })
  const stop = async () => {
    await child.stop('SIGTERM', STOP_MS)
    rmSync(join(dataDir, '..'), { recursive: true, force: true })
  }
  for (const deadline = Date.now() + START_MS; ; await sleep(100)) {
    const run = readRunFile(dataDir)
    if (run?.state === 'running') {
      Object.assign(process.env, {
        BACKHAUL_DATA: dataDir,
        BACKHAUL_URL: run.webUrl,
        BACKHAUL_INGEST_URL: run.ingestUrl,
        DATABASE_URL: run.databaseUrl,
        CLICKHOUSE_URL: run.clickhouseUrl,
        CLICKHOUSE_READ_URL: run.clickhouseReadUrl ?? run.clickhouseUrl,
      })
      return stop
    }
    if (!child.running() || Date.now() > deadline) {
      await stop()
      throw new Error(`The product did not start for the browser tests:\n${child.tail()}`)
    }
  }
}
