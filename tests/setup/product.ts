import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readRunFile } from '../../scripts/installation'
import { type Child, launch, ROOT, sleep } from '../../scripts/servers/child'
import { alive, treeOf } from './process-tree'
import { runFolder } from './run-folder'

const START_MS = 600_000
const STOP_MS = 120_000
/** npm's entry, the supervisor, both servers, the worker, cases, payments and the pages, at least. */
const MOST_OF_IT = 8
/** Enough of the demo company for its story to be visible, little enough to be filled in seconds. */
const SCALE = '0.05'

/**
 * `npm start` on a data folder and ports of its own, with a small demo company that stands still. The tests get its
 * folder and addresses in the environment: BACKHAUL_DATA, BACKHAUL_URL, BACKHAUL_INGEST_URL, DATABASE_URL, CLICKHOUSE_URL, CLICKHOUSE_READ_URL.
 * It is ended as a person ends it, with Ctrl-C; the run fails when that leaves a process or its lock behind.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const dataDir = join(runFolder(), 'data')
  const child = await launch({
    command: process.execPath,
    args: [`--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`, 'scripts/bootstrap.mjs', 'start'],
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
      return async () => {
        try {
          await interrupt(child, dataDir)
        } finally {
          await stop()
        }
      }
    }
    if (!child.running() || Date.now() > deadline) {
      await stop()
      throw new Error(`The product did not start for the browser tests:\n${child.tail()}`)
    }
  }
}

/** Ctrl-C, which a terminal sends to the whole group of processes in front. Throws what it left behind, and ends that. */
async function interrupt(child: Child, dataDir: string): Promise<void> {
  const before = treeOf(child.pid)
  process.kill(-child.pid, 'SIGINT')
  await Promise.race([child.exited, sleep(STOP_MS)])
  const left = alive(before)
  const found = [
    ...(child.running() ? [`npm start still ran ${STOP_MS / 1000} s after Ctrl-C`] : []),
    ...left.map(({ pid, command }) => `process ${pid} still runs: ${command}`),
    ...['lock', 'run.json'].filter((name) => existsSync(join(dataDir, name))).map((name) => `${name} was left behind`),
  ]
  for (const { pid } of left) process.kill(pid, 'SIGKILL')
  if (before.length < MOST_OF_IT) found.push(`only ${before.length} processes were found to look at`)
  const exit = child.running() ? undefined : await child.exited
  if (exit && exit.code !== 0) found.push(`npm start ended with ${exit.code ?? exit.signal}`)
  if (found.length > 0)
    throw new Error(`Ctrl-C did not end the product in order:\n${found.join('\n')}\n${child.tail()}`)
  console.log(`  Ctrl-C ended all ${before.length} processes; no lock was left`)
}
