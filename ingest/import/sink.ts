import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client'
import { UserError } from '../../lib/errors'
import { log } from '../../lib/log'
import { sendRows } from '../relay/send'

/** ClickHouse's codes for input that it cannot read: a row is at fault, and sending it again will not help. */
const UNREADABLE = new Set([
  '6',
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
  '349',
  '407',
  '441',
  '467',
])
const PATIENCE_MS = 60_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

export const isUnreadable = (error: unknown): error is ClickHouseError =>
  error instanceof ClickHouseError && UNREADABLE.has(error.code)

/**
 * Sends wire lines until ClickHouse has said that they are in. An outcome that is unknown, or a server that is away, is tried again for a
 * minute: repeating is harmless, since identity lies in the tables' keys. Throws ClickHouseError for rows that cannot be read (see
 * `isUnreadable`), UserError `clickhouse_away` when it stays away.
 */
export async function sendPersistently(
  client: ClickHouseClient,
  wire: Buffer,
  onRetry: (error: Error) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await sendRows(client, wire)
      return
    } catch (error) {
      if (!(error instanceof Error) || isUnreadable(error)) throw error
      if (Date.now() > deadline) {
        const message = `ClickHouse does not take the data: ${error.message}. Run the import again to go on where it stopped.`
        throw new UserError('clickhouse_away', message, 503)
      }
      log('import').warn({ reason: error.message }, 'sending a segment again')
      await onRetry(error)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** Of wire lines that ClickHouse refused as a whole: the numbers of those that it cannot read, found by halving, with its words. */
export async function findUnreadable(
  client: ClickHouseClient,
  wire: readonly Buffer[],
  first = 0,
): Promise<Map<number, string>> {
  try {
    await sendPersistently(client, Buffer.concat(wire), async () => undefined)
    return new Map()
  } catch (error) {
    if (!isUnreadable(error)) throw error
    if (wire.length === 1) return new Map([[first, error.message]])
    const half = Math.ceil(wire.length / 2)
    const before = await findUnreadable(client, wire.slice(0, half), first)
    return new Map([...before, ...(await findUnreadable(client, wire.slice(half), first + half))])
  }
}
