import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { archiveLines } from '../../ingest/import/archive'
import { importFiles } from '../../ingest/import/import-files'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { ROOT } from '../../scripts/servers/child'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const archiveDir = join(databases.dataDir, 'archive')
const input = join(databases.dataDir, 'input')
mkdirSync(input)
const SEGMENT = 40_000
const LINES = 3_000
/** Each kill costs the start of a process. */
const PATIENCE = 240_000
let round = 0
let file = ''
let good: string[] = []

/** A new file each time: sales, with a line now and then that is no event. */
beforeEach(() => {
  round += 1
  good = []
  const lines = Array.from({ length: LINES }, (_, n) => {
    if (n % 500 === 7) return `{"broken": ${n}`
    const line = JSON.stringify({
      specversion: '1.0',
      id: `${round}-${n}`,
      source: '/shop',
      type: 'sale.shipped.v1',
      time: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
      data: {
        order_id: `o${round}-${n >> 1}`,
        order_line_id: `l${round}-${n}`,
        sku: `S${n % 10}`,
        quantity: 1,
        net_amount: '1.00',
        currency: 'EUR',
        channel: 'web',
      },
    })
    good.push(line)
    return line
  })
  file = join(input, `events-${round}.ndjson`)
  writeFileSync(file, lines.join('\n'))
})

/** Runs the import in a process of its own; killed by a failpoint, or after some milliseconds. Gives the signal that ended it. */
function inAnotherProcess(kill: { failpoint?: string; after?: number }): Promise<NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'tests/setup/import-child.ts'), file, archiveDir, String(SEGMENT)],
    { cwd: ROOT, env: { ...process.env, FAILPOINT: kill.failpoint ?? '' }, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const timer = kill.after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill.after)
  return new Promise((resolve) =>
    child.once('exit', (_, signal) => {
      clearTimeout(timer)
      resolve(signal)
    }),
  )
}

const importHere = () => importFiles({ files: [file], archiveDir, segmentBytes: SEGMENT })
const fileOf = (path: string) => path.split('/').at(-1) ?? ''

async function expectWhole(account: Awaited<ReturnType<typeof importHere>>) {
  expect(account.files[0]?.tally).toMatchObject({ lines: LINES, events: good.length, rejected: LINES - good.length })
  const { rows } = await pool().query(
    `SELECT batch.id, batch.path, batch.sha256, batch.state, import_run.lines_done, import_run.state AS run
     FROM batch JOIN import_run ON import_run.id = import_id WHERE file = $1 ORDER BY batch.id`,
    [file],
  )
  const archived: string[] = []
  for (const segment of rows) {
    expect(segment).toMatchObject({ state: 'delivered', run: 'done', lines_done: BigInt(LINES) })
    for await (const line of archiveLines(archiveDir, segment)) archived.push(line)
  }
  expect(archived.sort()).toEqual([...good].sort())
  const folder = join(archiveDir, rows[0].path, '..')
  expect(readdirSync(folder).sort()).toEqual(rows.map(({ path }) => fileOf(path)).sort())
  const rejected = readFileSync(`${file}.rejected.ndjson`, 'utf8').trim().split('\n')
  expect(rejected.map((line) => JSON.parse(line).line)).toEqual([8, 508, 1008, 1508, 2008, 2508])
  const verified = await verify(pool(), writeClient(), () => undefined)
  expect(verified).toMatchObject({ differences: [], rollups: [], served: { stale: 0 }, pending: 0 })
}

const POINTS = [
  'import_after_archive',
  'import_after_rejects',
  'import_after_seal',
  'import_after_send',
  'import_before_publish',
  'import_before_finish',
]

it('goes on after a kill at each of its steps as if nothing had been', { timeout: PATIENCE }, async () => {
  for (const failpoint of POINTS) expect(await inAnotherProcess({ failpoint }), failpoint).toBe('SIGKILL')
  await expectWhole(await importHere())
})

it('goes on after several kills at any time', { timeout: PATIENCE }, async () => {
  for (let kills = 0; kills < 4; kills++) await inAnotherProcess({ after: 900 + Math.random() * 900 })
  await expectWhole(await importHere())
})

it('ends what is under way when it is interrupted, and goes on later', async () => {
  const interrupt = new AbortController()
  const interrupted = importFiles({
    files: [file],
    archiveDir,
    segmentBytes: SEGMENT,
    signal: interrupt.signal,
    onProgress: ({ phase }) => phase === 'loading' && interrupt.abort(),
  })
  interrupt.abort()
  await expect(interrupted).rejects.toThrow(/Run the same import again/)
  await expectWhole(await importHere())
})
