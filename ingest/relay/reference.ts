import { createHash } from 'node:crypto'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { env } from '../../lib/env'
import { RATE_SCALE } from '../../lib/money'
import type { CodeMapping } from '../../lib/returns/code-map'

/** Everything that derivations and pages need of what Postgres decides, as rows for ClickHouse. */
interface Reference {
  facility_ref: unknown[][]
  supplier_ref: unknown[][]
  annotation_ref: unknown[][]
  fx_daily: unknown[][]
  fx_bounds: unknown[][]
  code_ref: unknown[][]
}

/**
 * Copies reference data to ClickHouse, each table swapped in whole. Returns a fingerprint of what numbers depend on (rates and supplier
 * agreements): when it changes, everything derived must be derived anew.
 */
export async function syncReference(pool: pg.Pool, client: ClickHouseClient): Promise<string> {
  const reference = await alone(pool, async () => {
    const read = await readReference(pool)
    for (const [table, values] of Object.entries(read)) await swapIn(client, table, values)
    return read
  })
  return createHash('sha256')
    .update(JSON.stringify([env().BACKHAUL_CURRENCY, reference.fx_daily, reference.supplier_ref]))
    .digest('hex')
}

/** Any constant: two processes that copy at once would swap each other's tables away. */
const LOCK = 7_212_012

async function alone<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const connection = await pool.connect()
  try {
    await connection.query('SET statement_timeout = 0; SET transaction_timeout = 0')
    await connection.query('SELECT pg_advisory_lock($1)', [LOCK])
    return await work()
  } finally {
    // Closing the connection gives the lock back.
    connection.release(true)
  }
}

async function swapIn(client: ClickHouseClient, table: string, values: unknown[][]): Promise<void> {
  const command = (query: string) => client.command({ query })
  await command(`DROP TABLE IF EXISTS ${table}_next`)
  await command(`CREATE TABLE ${table}_next AS ${table}`)
  if (values.length > 0) await client.insert({ table: `${table}_next`, values, format: 'JSONCompactEachRow' })
  await command(`EXCHANGE TABLES ${table} AND ${table}_next`)
  await command(`DROP TABLE ${table}_next`)
}

async function readReference(pool: pg.Pool): Promise<Reference> {
  const facilities = await pool.query(
    'SELECT id, name, kind, entity, country, tz, daily_capacity FROM facility ORDER BY id',
  )
  const suppliers = await pool.query<{
    id: string
    name: string
    coverage: string
    window_days: number
    currency: string
  }>('SELECT id, name, coverage, window_days, currency FROM supplier ORDER BY id')
  const annotations = await pool.query<{ id: string; at: Date; kind: string; label: string }>(
    'SELECT id, at, kind, label FROM annotation ORDER BY at, id',
  )
  const rates = await pool.query<{ currency: string; day: string; rate: string }>(
    'SELECT currency, day::text AS day, rate FROM fx_rate ORDER BY currency, fx_rate.day',
  )
  const daily = denseRates(rates.rows.map((row) => ({ ...row, rate: decimal(row.rate, 10) })))
  const days = daily.map(([, day]) => day).sort()
  const codes = await readCodes(pool)
  return {
    code_ref: codeRows(codes),
    fx_bounds: days.length > 0 ? [[days[0], days.at(-1)]] : [],
    facility_ref: facilities.rows.map((row) => [
      row.id,
      row.name,
      row.kind,
      row.entity,
      row.country,
      row.tz,
      row.daily_capacity,
    ]),
    supplier_ref: suppliers.rows.map((row) => [
      row.id,
      row.name,
      Number(decimal(row.coverage, 4)),
      row.window_days,
      row.currency,
    ]),
    annotation_ref: annotations.rows.map((row) => [row.id, row.at.getTime(), row.kind, row.label]),
    fx_daily: daily,
  }
}

/** What codes of outside systems mean, in one order. */
export async function readCodes(pool: pg.Pool): Promise<CodeMapping[]> {
  const { rows } = await pool.query<CodeMapping>(
    'SELECT source, list, outside, code FROM code_mapping ORDER BY source, list, outside',
  )
  return rows
}

const codeRows = (codes: readonly CodeMapping[]) => codes.map((row) => [row.source, row.list, row.outside, row.code])

/** Copies the meanings of codes alone. */
export const syncCodes = (pool: pg.Pool, client: ClickHouseClient): Promise<CodeMapping[]> =>
  alone(pool, async () => {
    const codes = await readCodes(pool)
    await swapIn(client, 'code_ref', codeRows(codes))
    return codes
  })

/** A decimal string as an integer of 10^-scale. */
function decimal(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
}

const DAY = 86_400_000

/**
 * One row for every currency and day from the first to the last day that any rate has: a day without a rate takes the one before it, days
 * before a currency's first rate take that first one.
 */
export function denseRates(
  rates: readonly { currency: string; day: string; rate: bigint }[],
): [string, string, string][] {
  if (rates.length === 0) return []
  const days = rates.map(({ day }) => Date.parse(day))
  const first = days.reduce((a, b) => Math.min(a, b))
  const last = days.reduce((a, b) => Math.max(a, b))
  const byCurrency = new Map<string, Map<number, bigint>>()
  for (const { currency, day, rate } of rates) {
    const known = byCurrency.get(currency) ?? new Map<number, bigint>()
    byCurrency.set(currency, known.set(Date.parse(day), rate))
  }
  const dense: [string, string, string][] = []
  for (const [currency, known] of byCurrency) {
    let rate = known.get([...known.keys()].reduce((a, b) => Math.min(a, b))) ?? RATE_SCALE
    for (let day = first; day <= last; day += DAY) {
      rate = known.get(day) ?? rate
      dense.push([currency, new Date(day).toISOString().slice(0, 10), rate.toString()])
    }
  }
  return dense
}
