import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ClickHouseClient } from '@clickhouse/client'

/**
 * Settings of every insert of events. ClickHouse's own deduplication stays off: its record is written before the part is, so that a kill
 * between the two would lose rows for ever. Large blocks: a batch becomes one part per truth table.
 */
const SETTINGS = {
  async_insert: 0,
  deduplicate_insert: 'disable',
  date_time_input_format: 'best_effort',
  input_format_skip_unknown_fields: 1,
  input_format_null_as_default: 1,
  parallel_view_processing: 1,
  max_insert_block_size: '200000',
  min_insert_block_size_rows: '200000',
  min_insert_block_size_bytes: '268435456',
} as const

/** One line of an insert: which batch, which line of it, the content hash, and the event in the sender's own bytes. */
export const wireLine = (batch: bigint, line: number, hash: number, body: string): string =>
  `{"b":${batch},"s":${line},"h":${hash},"e":${body}}\n`

/**
 * Sends the wire lines of one batch to ClickHouse. Resolves when the server has said that they are in; rejects when it refused, or when
 * the outcome is unknown. Sending a batch again is always harmless: identity lives in the truth tables' keys.
 */
export async function sendRows(
  client: ClickHouseClient,
  lines: Buffer | string | Iterable<Buffer | string> | AsyncIterable<Buffer | string>,
): Promise<void> {
  const chunks = typeof lines === 'string' || Buffer.isBuffer(lines) ? [lines] : lines
  // `exec`, because `insert` would take these lines apart and write them anew.
  const { stream } = await client.exec({
    query: 'INSERT INTO event_input FORMAT JSONEachRow',
    values: Readable.from(chunks, { objectMode: false }),
    clickhouse_settings: { ...SETTINGS, wait_end_of_query: 1 },
  })
  // An insert answers nothing; the answer has to be read for the connection to be free again.
  stream.resume()
  await finished(stream)
}
