/**
 * `npm run bench [-- --millions 1.2,12] [--only commands|figures] [--write]`: import, door and dashboard queries beside their alternatives, in one run on
 * this machine. A company of this kind has 32 return units and 221 order lines in a thousand events: at 48 million it has the 1.5 million units and
 * 10 million order lines that the bar of dashboards is stated for (half an hour and 60 GB of disk). `--millions 120` takes hours. `--write` puts
 * the tables into docs/performance.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closeClickHouse, writeClient } from '../clickhouse/client'
import { closeDatabase, pool } from '../lib/db/client'
import { benchCommands } from './bench/commands'
import { benchDashboard, queryTable } from './bench/dashboard'
import { benchDoor } from './bench/door'
import { copyToDuckDb } from './bench/duckdb'
import { DUCKDB_VERSION, duckDb } from './bench/duckdb-package'
import { importHistory, makeHistory } from './bench/history'
import { plainInsert } from './bench/plain-http'
import { copyToPostgres, indexForQuestions, POSTGRES } from './bench/postgres'
import { table, thousands } from './bench/stats'
import { startStack } from './chaos/stack'
import { sleep } from './servers/child'

const { values } = parseArgs({
  options: {
    millions: { type: 'string', default: '1.2,12' },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'backhaul-bench-'))
const report: string[] = []
const say = (text: string) => {
  console.log(text)
  report.push(text)
}

async function main() {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; load average at the start ${loadavg()[0]?.toFixed(1)} (other work on a shared machine slows all of it)`
  say(
    `Machine: ${machine}. ${new Date().toISOString().slice(0, 10)}. Everything, the alternatives included, ran on it in this one run.\n`,
  )
  // Installed now if it has to be: after half an hour of importing would be late to hear that it cannot.
  if (values.only !== 'commands') duckDb()
  if (values.only !== 'figures') await benchWork()
  keep()
  if (values.only === 'commands') return
  for (const [index, millions] of values.millions.split(',').map(Number).entries()) {
    const stack = await startStack(join(folder, String(index)), () => undefined)
    try {
      await benchOne(millions, stack, index === 0)
      keep()
    } finally {
      await Promise.allSettled([closeDatabase(), closeClickHouse()])
      await stack.stop()
      rmSync(join(folder, String(index)), { recursive: true, force: true })
    }
  }
}

/** Commands of the workflow, on a database with nothing else in it. */
async function benchWork() {
  const stack = await startStack(join(folder, 'commands'), () => undefined)
  try {
    const figures = await benchCommands(1_000)
    say('## Commands of the workflow, sixteen at once\n')
    say(
      table(
        ['command', 'per second', 'p50 ms', 'p99 ms'],
        figures.map(({ name, rate, p50, p99 }) => [name, thousands(rate), p50.toFixed(0), p99.toFixed(0)]),
      ),
    )
    say('')
  } finally {
    await Promise.allSettled([closeDatabase(), closeClickHouse()])
    await stack.stop()
    rmSync(join(folder, 'commands'), { recursive: true, force: true })
  }
}

/** Until ClickHouse has nothing to merge: what an import leaves to do would be timed with the first questions. */
async function merged(): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const result = await writeClient().query({ query: 'SELECT count() AS n FROM system.merges', format: 'JSONEachRow' })
    const [row] = await result.json<{ n: string | number }>()
    quiet = Number(row?.n ?? 0) === 0 ? quiet + 1 : 0
    await sleep(1000)
  }
}

async function benchOne(millions: number, stack: Awaited<ReturnType<typeof startStack>>, door: boolean) {
  console.error(`making ${millions} million events …`)
  const history = await makeHistory(millions)
  const plain = await plainInsert(history.files)
  const took = await importHistory(history)
  say(`## ${thousands(history.events)} events\n`)
  say('### Import of the history\n')
  say(
    table(
      ['what', 'seconds', 'events/s', 'of plain HTTP'],
      [
        [
          'the same files through INSERT … FORMAT JSONEachRow by HTTP alone, nothing checked',
          plain.toFixed(1),
          thousands(history.events / plain),
          '100 %',
        ],
        [
          'Backhaul: checked, archived, in the truth tables',
          took.load.toFixed(1),
          thousands(history.events / took.load),
          `${Math.round((100 * plain) / took.load)} %`,
        ],
        [
          'Backhaul: and derived into what dashboards read',
          (took.load + took.publish).toFixed(1),
          thousands(history.events / (took.load + took.publish)),
          `${Math.round((100 * plain) / (took.load + took.publish))} %`,
        ],
      ],
    ),
  )
  // What comes next has no use for the files but the door's first one; at 48 million events they are 22 GB.
  for (const file of history.files.slice(1)) rmSync(file)
  await writeClient().command({ query: 'DROP TABLE plain_events' })
  await benchQueries(history.today)
  if (!door) return
  await pool().query('DROP SCHEMA bench CASCADE')
  const [file = ''] = history.files
  const figuresOfDoor = await benchDoor(stack, file, 200_000)
  say('\n### POST /v1/events\n')
  say(
    table(
      ['what', 'figure'],
      [
        ['accepted and durable, batches of 500, 8 senders', `${thousands(figuresOfDoor.rate)} events/s`],
        ['acknowledged: p50, p99', `${figuresOfDoor.ackP50.toFixed(0)} ms, ${figuresOfDoor.ackP99.toFixed(0)} ms`],
        [
          'from sending a lone event to seeing it: p50, p99',
          `${figuresOfDoor.visibleP50.toFixed(0)} ms, ${figuresOfDoor.visibleP99.toFixed(0)} ms`,
        ],
      ],
    ),
  )
  say('')
}

async function benchQueries(today: Date) {
  await copyToPostgres()
  const duckdb = await copyToDuckDb()
  await merged()
  const asked = await benchDashboard(today, [POSTGRES, duckdb])
  duckdb.close()
  await indexForQuestions()
  const indexed = await benchDashboard(today, [POSTGRES])
  const sizes = await writeClient().query({
    query: 'SELECT (SELECT count() FROM units FINAL) AS units, (SELECT count() FROM sales FINAL) AS sales',
    format: 'JSONEachRow',
  })
  const [size] = await sizes.json<{ units: number; sales: number }>()
  say('\n### Dashboard queries\n')
  say(
    `${thousands(Number(size?.units))} return units, ${thousands(Number(size?.sales))} order lines; medians of 7, milliseconds, of Backhaul and PostgreSQL over HTTP and the wire. Both others have the same served tables. PostgreSQL 18 has them twice: with the indexes that a product can keep whose dashboards filter and cut by any of thirty dimensions, and with an index made for each of these seven questions beside them (scripts/bench/postgres-tables.ts). DuckDB ${DUCKDB_VERSION} runs in the process that asks, with a thread a core; rows lie sorted by the date that questions cut by (scripts/bench/duckdb.ts). Order lines lie in rollups here and as they are there. Totals are compared before anything is timed.\n`,
  )
  say(
    queryTable([
      { name: 'PostgreSQL', figures: asked, rival: 0 },
      { name: 'PostgreSQL with an index for each question', figures: indexed, rival: 0 },
      { name: 'DuckDB', figures: asked, rival: 1 },
    ]),
  )
}

/** Puts what has been measured so far into the documentation: a run that is ended early keeps it. */
function keep() {
  if (!values.write) return
  const head =
    '# Performance\n\nMade by `npm run bench -- --write`; nothing here is written by hand. Times on shared machines vary: the ratios within one run are what counts.\n\n'
  writeFileSync(join(import.meta.dirname, '../docs/performance.md'), `${head}${report.join('\n')}\n`)
}

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
