import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client'
import { UserError } from '../../lib/errors'
import { log } from '../../lib/log'
import { sendRows, UNREADABLE } from '../relay/send'
import { archiveWire, readSegment, writeSegment } from './archive'
import type { Rejected } from './protocol'
import type { Sealed } from './sender'

/** ClickHouse's codes for what no waiting mends: wrong password, no right. A missing table is one that a rebuild is making anew. */
const FATAL = new Set(['192', '193', '194', '497', '516'])
const PATIENCE_MS = 60_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
const NEWLINE = 0x0a

const hasCode = (error: unknown, codes: ReadonlySet<string>) =>
  error instanceof ClickHouseError && codes.has(error.code)

/**
 * Sends an archived segment until ClickHouse has said that it is in; repeating is harmless, since identity lies in the tables' keys. When
 * lines cannot be read by it, writes the archive file without them and returns them. Throws UserError `clickhouse_away` when the server
 * stays away for a minute.
 */
export async function resend(
  client: ClickHouseClient,
  archiveDir: string,
  segment: Sealed,
  onRetry: (error: Error) => Promise<void>,
): Promise<{ rejected: Rejected[]; sha256: string } | undefined> {
  const wire: string[] = []
  for await (const piece of archiveWire(archiveDir, segment)) wire.push(...(piece.match(/.*\n/g) ?? []))
  const unreadable = await findUnreadable(client, wire, 0, onRetry)
  if (unreadable.size === 0) return undefined
  const lines = splitLines(await readSegment(archiveDir, segment))
  const rejected = [...unreadable].map(([line, message]) => ({
    reason: 'sink_poison' as const,
    message,
    raw: lines[line]?.toString().trimEnd() ?? '',
  }))
  const kept = Buffer.concat(lines.filter((_, line) => !unreadable.has(line)))
  return { rejected, sha256: writeSegment(archiveDir, segment.path, kept) }
}

/** Sends wire lines; of those refused as a whole, finds by halving the ones that cannot be read, with the server's words, and sends the rest. */
async function findUnreadable(
  client: ClickHouseClient,
  wire: readonly string[],
  first: number,
  onRetry: (error: Error) => Promise<void>,
): Promise<Map<number, string>> {
  try {
    await sendPersistently(client, wire, onRetry)
    return new Map()
  } catch (error) {
    if (!(error instanceof Error) || !hasCode(error, UNREADABLE)) throw error
    if (wire.length === 1) return new Map([[first, error.message]])
    const half = Math.ceil(wire.length / 2)
    const before = await findUnreadable(client, wire.slice(0, half), first, onRetry)
    return new Map([...before, ...(await findUnreadable(client, wire.slice(half), first + half, onRetry))])
  }
}

async function sendPersistently(
  client: ClickHouseClient,
  wire: readonly string[],
  onRetry: (error: Error) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await sendRows(client, wire.join(''))
      return
    } catch (error) {
      if (!(error instanceof Error) || hasCode(error, UNREADABLE)) throw error
      if (Date.now() > deadline || hasCode(error, FATAL)) {
        const message = `ClickHouse does not take the data: ${error.message}. Run the import again to go on where it stopped.`
        throw new UserError('clickhouse_away', message, 503)
      }
      log('import').warn({ reason: error.message }, 'sending a segment again')
      await onRetry(error)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline === -1 ? bytes.length : newline + 1
    lines.push(bytes.subarray(from, end))
    from = end
  }
  return lines
}
