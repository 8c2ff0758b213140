import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client'

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

/** ClickHouse's codes for input that it cannot read: the row is at fault, not the server, and sending it again will not help. */
export const UNREADABLE: ReadonlySet<string> = new Set([
  '6',
  '25',
  '26',
  '27',
  '38',
  '41',
  '53',
  '69',
  '70',
  '72',
  '117',
  '130',
  '131',
  '306',
  '349',
  '407',
  '441',
  '467',
])

/** One insert takes so much at most, so that neither side ever holds more of it; a single line may be longer. */
export const MOST_BYTES = 16 * 1024 * 1024

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

/**
 * Sends wire lines, and leaves out those that ClickHouse cannot read: halves what it refuses until such a line stands alone, and gives that
 * one's place to `onUnreadable`. Rejects for any other failure.
 */
export async function sendReadable(
  client: ClickHouseClient,
  lines: readonly string[],
  onUnreadable: (place: number, message: string) => Promise<void>,
): Promise<void> {
  const attempt = async (from: number, to: number): Promise<void> => {
    try {
      await sendRows(client, lines.slice(from, to).join(''))
    } catch (error) {
      if (!(error instanceof ClickHouseError) || !UNREADABLE.has(error.code)) throw error
      if (to - from === 1) return onUnreadable(from, error.message)
      const half = Math.ceil((from + to) / 2)
      await attempt(from, half)
      await attempt(half, to)
    }
  }
  // A batch that an earlier version has sealed may be of any size.
  for (let from = 0, to = 0; from < lines.length; from = to) {
    let bytes = 0
    for (to = from; to < lines.length; to += 1) {
      bytes += Buffer.byteLength(lines[to] ?? '')
      if (to > from && bytes > MOST_BYTES) break
    }
    await attempt(from, to)
  }
}
