import { expect, it } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { projectOnce } from '../../ingest/projector/projector'
import { pool } from '../../lib/db/client'
import { historyToTakeOver } from '../../lib/undelivered'
import { fillDemo } from '../../scripts/demo/fill'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const today = new Date('2026-05-04T06:00:00Z')

const COLUMNS =
  'unit_id, status, full_quantity, requested_at, received_at, inspected_at, dispositioned_at, split_at, reason, condition, finding, disposition, rma_id, sku, facility'

it('takes history over: every unit of the cases is the unit of the figures', { timeout: 300_000 }, async () => {
  await fillDemo({ today, scale: 0.01, months: 8, ...databases })
  const started = Date.now()
  const left = [await historyToTakeOver()]
  while ((await projectOnce()) > 0) left.push(await historyToTakeOver())
  expect(left[0]).toBeGreaterThan(1_000)
  expect(left).toEqual(left.toSorted((a, b) => b - a))
  expect(left.at(-1)).toBe(0)
  console.info(`projected in ${Date.now() - started} ms`)
  const facts = await readClient(databases.clickhouseReadUrl).query({
    query: `SELECT ${COLUMNS} FROM units FINAL ORDER BY unit_id`,
    format: 'JSONEachRow',
  })
  const derived = await facts.json<Record<string, unknown>>()
  const { rows } = await pool().query(
    `SELECT id AS unit_id, status, quantity AS full_quantity, requested_at, received_at, inspected_at, dispositioned_at, split_at, reason,
       condition, finding, disposition, coalesce(rma_id, '') AS rma_id, sku, facility FROM return_unit ORDER BY id COLLATE "C"`,
  )
  const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value === null ? 0 : value)
  const cases = rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])))
  const figures = derived.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        key.endsWith('_at') ? Number(value) || Date.parse(`${value}Z`) : value,
      ]),
    ),
  )
  expect(cases.length).toBeGreaterThan(300)
  expect(cases.length).toBe(figures.length)
  const differing = cases.filter((row, index) => JSON.stringify(row) !== JSON.stringify(figures[index]))
  expect(differing.slice(0, 3).map((row) => [row, figures[cases.indexOf(row)]])).toEqual([])
})

it('opens the books with what lies here, to the unit', async () => {
  const { rows } = await pool().query(
    `WITH stock AS (
       SELECT entity, currency, 'inventory.' || status AS account, sum(value) AS value FROM stock_balance
       WHERE value <> 0 GROUP BY 1, 2, 3
     ), books AS (
       SELECT e.entity, e.currency, l.account, sum(l.debit - l.credit) AS value FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
       WHERE l.account LIKE 'inventory.%' GROUP BY 1, 2, 3 HAVING sum(l.debit - l.credit) <> 0
     )
     SELECT * FROM stock FULL JOIN books USING (entity, currency, account) WHERE stock.value IS DISTINCT FROM books.value`,
  )
  expect(rows).toEqual([])
})
