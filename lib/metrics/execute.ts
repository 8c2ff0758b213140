import type { ClickHouseClient } from '@clickhouse/client'
import type { Statement } from './render'

/** What a statement gave: rows and totals as ClickHouse wrote them, in the order of the statement's columns. */
export interface Answer {
  rows: readonly Cells[]
  totals: Cells | undefined
}
export type Cells = readonly (string | number | null)[]

/** Fourth step: asks. Fails with ClickHouse's error, which is a fault of ours: whatever a reader can get wrong was refused before. */
export async function execute(client: ClickHouseClient, { sql, params }: Statement): Promise<Answer> {
  const result = await client.query({ query: sql, query_params: { ...params }, format: 'JSONCompact' })
  const { data, totals } = await result.json<(string | number | null)[]>()
  return { rows: data, totals: isCells(totals) ? totals : undefined }
}

const isCells = (value: unknown): value is Cells => Array.isArray(value)

/** Time of the newest event that the served tables hold, ISO 8601; null when they hold none. */
export async function watermark(client: ClickHouseClient): Promise<string | null> {
  const result = await client.query({
    query: 'SELECT toUnixTimestamp64Milli(event_time) AS at FROM watermark',
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ at: string | number }>()
  const at = Number(row?.at ?? 0)
  return at > 0 ? new Date(at).toISOString() : null
}
