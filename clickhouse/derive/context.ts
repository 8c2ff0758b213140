import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { DERIVE_SETTINGS } from './units'

/**
 * What every derivation needs. `nextGeneration` must give strictly growing numbers, and whoever derives must hold the publisher's lock
 * while it does: then a row of a later generation was read later, and a slow publisher can never overwrite a newer row.
 */
export interface Derivation {
  client: ClickHouseClient
  /** Reporting currency, ISO 4217. */
  reporting: string
  nextGeneration(): Promise<bigint>
}

export type Parameters = Record<string, string | number | bigint | readonly (string | number)[]>

const asParam = (value: Parameters[string]) => (typeof value === 'bigint' ? value.toString() : value)
const prepare = (parameters: Parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, asParam(value)]))

/** Runs a statement with the derivations' settings, and more of them where it says so. */
export async function run(
  d: Derivation,
  query: string,
  parameters: Parameters = {},
  more: ClickHouseSettings = {},
): Promise<void> {
  await d.client.command({
    query,
    query_params: prepare(parameters),
    clickhouse_settings: {
      ...DERIVE_SETTINGS,
      async_insert: 0,
      deduplicate_insert: 'disable',
      max_partitions_per_insert_block: '0',
      optimize_on_insert: 0,
      wait_end_of_query: 1,
      ...more,
    },
  })
}

/** Rows of a SELECT. */
export async function rows<T>(d: Derivation, query: string, parameters: Parameters = {}): Promise<T[]> {
  const result = await d.client.query({
    query,
    query_params: prepare(parameters),
    format: 'JSONEachRow',
    clickhouse_settings: { ...DERIVE_SETTINGS },
  })
  return result.json<T>()
}

/** The single number of a SELECT that gives one column `n`. */
export async function count(d: Derivation, query: string, parameters: Parameters = {}): Promise<number> {
  const [row] = await rows<{ n: string | number }>(d, query, parameters)
  return Number(row?.n ?? 0)
}

/** The parameters of deriveUnits and deriveSales: reporting currency and the first and last day with rates. */
export async function rateBounds(d: Derivation): Promise<Parameters> {
  const [bounds] = await rows<{ a: string; b: string }>(d, 'SELECT min(first) AS a, max(last) AS b FROM fx_bounds')
  return { reporting: d.reporting, fx_from: bounds?.a ?? '1970-01-01', fx_to: bounds?.b ?? '1970-01-01' }
}
