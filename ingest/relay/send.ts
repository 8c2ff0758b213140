import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'

/**
 * Settings of every insert of events. ClickHouse's own deduplication stays off (its record is written before the part is, so that a
 * kill between the two loses rows for ever); a second insert under the same `query_id` replaces the first instead of running beside it.
 */
const SETTINGS = {
  async_insert: 0,
  deduplicate_insert: 'disable',
  date_time_input_format: 'best_effort',
  input_format_skip_unknown_fields: 1,
  input_format_null_as_default: 1,
  replace_running_query: 1,
  max_insert_block_size: '100000',
  min_insert_block_size_rows: '100000',
  min_insert_block_size_bytes: '268435456',
} as const

/** One line of an insert: which batch, which line of it, the content hash, and the event in the sender's own bytes. */
export const wireLine = (batch: bigint, line: number, hash: number, body: string): string =>
  `{"b":${batch},"s":${line},"h":${hash},"e":${body}}\n`

/**
 * Sends the wire lines of one batch to ClickHouse. Resolves when the server has said that they are in; rejects when it refused, or when
 * the outcome is unknown. Sending a batch again is always harmless.
 */
export async function sendRows(
  client: ClickHouseClient,
  batch: bigint,
  lines: Buffer | string | AsyncIterable<Buffer | string>,
): Promise<void> {
  const values =
    typeof lines === 'string' || Buffer.isBuffer(lines) ? Readable.from([lines], { objectMode: false }) : Readable.from(lines, { objectMode: false })
  await client.insert({
    table: 'event_input',
    values,
    format: 'JSONEachRow',
    query_id: `batch-${batch}-${databaseTag(client)}`,
    clickhouse_settings: SETTINGS,
  })
}

/** Query ids are unique per server, and one server may hold several databases (the tests' one does). */
const tags = new WeakMap<ClickHouseClient, string>()
export function nameDatabase(client: ClickHouseClient, database: string): void {
  tags.set(client, database)
}
const databaseTag = (client: ClickHouseClient): string => tags.get(client) ?? 'default'
