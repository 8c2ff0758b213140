import { afterAll, describe, expect, test } from 'vitest'
import { publishAll } from '../../clickhouse/derive/publish'
import { withPublisher } from '../../ingest/relay/publisher'
import { syncReference } from '../../ingest/relay/reference'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { runQuery } from '../../lib/metrics/run'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { faultsOf, specOf } from './compare'
import { estimateQuestions, exactQuestions, type Question } from './questions'
import { type World, world, worldsOf } from './world'

/** How many random companies; `ORACLE_HISTORIES=500` for a long night. Their seeds follow the first one. */
const HISTORIES = Number(process.env.ORACLE_HISTORIES ?? 50)
const SEED = Number(process.env.ORACLE_SEED ?? 1)

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())

const READER: Actor = {
  kind: 'person',
  userId: 'o',
  name: 'o',
  email: '',
  roles: ['controller'],
  permissions: permissionsOf(['controller']),
  scope: EVERYTHING,
}

/** Empties both databases of the last companies and brings the new ones' reference data. */
async function begin({ references }: World): Promise<void> {
  await pipeline.pool.query('TRUNCATE event_log, batch, fx_rate, supplier')
  const tables = await pipeline.client.query({
    query: `SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND total_rows > 0`,
    format: 'JSONEachRow',
  })
  const found = await tables.json<{ name: string }>()
  await Promise.all(found.map(({ name }) => pipeline.client.command({ query: `TRUNCATE TABLE ${name}` })))
  for (const { currency, day, rate } of references.rates) {
    await pipeline.pool.query("INSERT INTO fx_rate VALUES ($1, $2, $3, 'oracle')", [currency, day, rate])
  }
  for (const { id, coverage, windowDays } of references.suppliers) {
    await pipeline.pool.query(
      "INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ($1, $1, 'DE', $2, $3, 'EUR')",
      [id, coverage, windowDays],
    )
  }
  await syncReference(pipeline.pool, pipeline.client)
}

/** So many questions are under way at once. */
const SIDE_BY_SIDE = 2

/** Asks the product and compares, question by question. */
async function faultsIn({ company }: World, questions: readonly Question[]): Promise<string[]> {
  const waiting = [...questions]
  const faults: string[] = []
  const work = async () => {
    for (let question = waiting.shift(); question; question = waiting.shift()) {
      faults.push(...faultsOf(company, question, await runQuery(READER, specOf(question))))
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  return faults
}

describe('the product and the oracle agree on random companies', () => {
  const worlds = worldsOf(SEED, HISTORIES)
  test.each(worlds.map((seeds, place) => ({ first: seeds[0], last: seeds.at(-1), seeds, place })))(
    'companies $first to $last',
    { timeout: 240_000 },
    async ({ seeds, place }) => {
      const drawn = world(seeds)
      await begin(drawn)
      for (const batch of drawn.deliveries) await pipeline.deliver([batch])
      const questions = [...exactQuestions(place, worlds.length), ...estimateQuestions(place, worlds.length)]
      expect(await faultsIn(drawn, questions)).toEqual([])
    },
  )

  test('deriving everything anew changes nothing', { timeout: 120_000 }, async () => {
    const contents = async () => {
      const rows = await pipeline.client.query({
        query: 'SELECT unit_id, toString(content) AS c FROM units FINAL ORDER BY unit_id',
        format: 'JSONEachRow',
      })
      return rows.json()
    }
    const before = await contents()
    await withPublisher(pipeline.pool, pipeline.client, (d) => publishAll(d))
    expect(await contents()).toEqual(before)
  })
})
