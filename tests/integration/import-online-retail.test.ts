import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { importFiles } from '../../ingest/import/import-files'
import { accountSchema, printAccount } from '../../ingest/mappings/online-retail/account'
import { pool } from '../../lib/db/client'
import { runQuery } from '../../lib/metrics/run'
import { parseAmount } from '../../lib/money'
import { ROOT } from '../../scripts/servers/child'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { recount } from './online-retail-recount'

const DATA = join(ROOT, '../shared/data/online-retail/online_retail.csv.gz')
const MINUTES = 600_000
const sorted = (found: readonly object[]) => found.map((row) => JSON.stringify(row)).sort()

if (existsSync(DATA)) {
  const databases = await freshDatabases()
  const archiveDir = join(databases.dataDir, 'archive')
  const options = { files: [DATA], mapping: 'online-retail', archiveDir, rejectsDir: databases.dataDir }
  const rows = async (query: string) =>
    (await writeClient().query({ query, format: 'JSONEachRow' })).json<Record<string, unknown>>()

  it('brings every line of the real data in, with one fate each, though it is killed on the way', {
    timeout: MINUTES,
  }, async () => {
    const child = ['--import', 'tsx', join(ROOT, 'tests/setup/import-child.ts'), DATA, archiveDir, '', 'online-retail']
    const killed = spawnSync(process.execPath, child, {
      cwd: ROOT,
      env: { ...process.env, FAILPOINT: 'import_after_send' },
    })
    expect(killed.signal).toBe('SIGKILL')
    const { files, rejected } = await importFiles(options)
    expect({ rejected, outcome: files[0]?.outcome }).toEqual({ rejected: 0, outcome: 'resumed' })
    const account = accountSchema.parse(files[0]?.mapped)
    const counted = recount(gunzipSync(readFileSync(DATA)).toString())

    expect(Object.values(account.fates).reduce((sum, fate) => sum + fate.lines, 0)).toBe(541_909)
    expect(account.fates).toEqual(counted.fates)
    expect(account.notes).toEqual(counted.notes)
    const printed = printAccount(account)
    expect(printed).toMatch(/Sales lines .* 530,104 +5,588,376 +10,666,684\.54/)
    expect(printed).toMatch(/Credit lines .* 9,288 +277,574 +896,812\.49/)
    expect(printed).toMatch(/taken away +1,336 /)

    expect(await rows('SELECT sum(net_amount) AS n FROM sale_events FINAL WHERE voided = 0')).toEqual([
      { n: Number(parseAmount(account.sales.value)) },
    ])
    // Each line's value is rounded to 1/10,000 of the reporting currency when it is converted.
    const [served] = await rows(
      'SELECT count() AS lines, sum(quantity) AS units, sum(net) / 10000 AS value FROM sales FINAL',
    )
    expect(served).toMatchObject({ lines: account.sales.lines, units: account.sales.units })
    expect(Math.abs(Number(served?.value) - Number(account.sales.value) * 1.167)).toBeLessThan(
      account.sales.lines / 20_000,
    )
    const soldBy = "country, toString(toStartOfMonth(toTimeZone(sold_at, 'Europe/London')))"
    const sold = await rows(
      `SELECT ${soldBy} AS month, sum(quantity) AS units FROM sales FINAL GROUP BY country, month`,
    )
    expect(sorted(sold)).toEqual(sorted(counted.sold))
    const back = 'SELECT sku, has_sale, sum(quantity) AS units FROM units FINAL WHERE returned GROUP BY sku, has_sale'
    expect(sorted(await rows(back))).toEqual(sorted(counted.returned))
    // What the dashboards show of it: the same rates by item, country and month, through the metrics layer.
    const reader = somebody('reader', ['exec_viewer'])
    for (const by of ['sku', 'country', 'month'] as const) {
      const answer = await runQuery(reader, {
        ...{
          metrics: ['return_rate_units', 'sold_units'],
          by: [by],
          filters: [],
          basis: 'cohort',
          tz: 'Europe/London',
        },
        ...{ from: '2010-12-01', to: '2012-01-01' },
      })
      const shown = answer.rows.map((row) => [row[by], row.sold_units, row.return_rate_units])
      const expected = [...counted.cohorts[by]]
        .filter(([, cohort]) => cohort.sold !== 0 || cohort.returned !== 0)
        .map(([value, cohort]) => [value, cohort.sold, cohort.sold === 0 ? null : cohort.returned / cohort.sold])
      expect(sorted(shown)).toEqual(sorted(expected))
    }
    expect(await rows('SELECT count() AS lines, sum(quantity) AS units FROM stock_events FINAL')).toEqual([
      { lines: 1336 + account.fates.found.lines, units: account.fates.found.units - account.fates.removed.units },
    ])
  })

  it('changes nothing when it is run again', { timeout: MINUTES }, async () => {
    const state = () => pool().query('SELECT * FROM batch ORDER BY id')
    const before = (await state()).rows
    const again = await importFiles(options)
    expect(again).toMatchObject({ events: 0, files: [{ outcome: 'unchanged', mapped: { lines: 541_909 } }] })
    expect((await state()).rows).toEqual(before)
    rmSync(archiveDir, { recursive: true })
  })
} else {
  it('has no Online Retail data here', () => {
    console.info(`The real data is not tested: ${DATA} is not there (docs/import.md says where the public gets it).`)
  })
}
