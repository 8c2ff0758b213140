import { UserError } from '../../lib/errors'

/** A run of whole lines of the input, in memory of its own so that it can be handed to another thread without copying. */
export interface Segment {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How many lines it has, blank ones included. */
  readonly lines: number
}

/** About 50,000 events: large enough that ClickHouse writes few parts, small enough to lose little work on a kill. */
export const SEGMENT_BYTES = 24 << 20
const LONGEST_LINE = 64 << 20
const NEWLINE = 0x0a

/**
 * Cuts a stream of bytes into segments of whole lines of about `target` bytes, leaving out the first `skip` lines. The last line needs no
 * newline. Throws a UserError for a line of more than 64 MiB: that is no NDJSON.
 */
export async function* segmentsOf(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  skip = 0,
  target = SEGMENT_BYTES,
): AsyncGenerator<Segment> {
  let capacity = target
  let buffer = Buffer.from(new ArrayBuffer(capacity))
  let used = 0
  let skipped = 0
  for await (const chunk of chunks) {
    let from = 0
    while (skipped < skip) {
      const newline = chunk.indexOf(NEWLINE, from)
      if (newline === -1) break
      skipped++
      from = newline + 1
    }
    if (skipped < skip) continue
    while (from < chunk.length) {
      const taken = chunk.copy(buffer, used, from, Math.min(chunk.length, from + capacity - used))
      used += taken
      from += taken
      if (used < capacity) continue
      const end = buffer.lastIndexOf(NEWLINE) + 1
      if (end === 0) {
        if (capacity >= LONGEST_LINE) throw tooLong()
        capacity *= 2
        buffer = grown(buffer, capacity)
        continue
      }
      const rest = buffer.subarray(end)
      capacity = Math.max(target, rest.length * 2)
      const next = grown(rest, capacity)
      yield { bytes: trimmed(buffer, end), lines: countLines(buffer.subarray(0, end)) }
      used = rest.length
      buffer = next
    }
  }
  if (used > 0) yield { bytes: trimmed(buffer, used), lines: countLines(buffer.subarray(0, used)) }
}

const trimmed = (buffer: Buffer<ArrayBuffer>, end: number) => new Uint8Array(buffer.buffer, buffer.byteOffset, end)

function grown(from: Buffer, capacity: number): Buffer<ArrayBuffer> {
  const buffer = Buffer.from(new ArrayBuffer(capacity))
  from.copy(buffer)
  return buffer
}

function countLines(bytes: Buffer): number {
  let lines = 0
  let at = bytes.indexOf(NEWLINE)
  for (; at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return bytes.at(-1) === NEWLINE ? lines : lines + 1
}

const tooLong = () =>
  new UserError(
    'import_line_too_long',
    'A line is longer than 64 MiB. NDJSON has one event a line; a JSON array has to be turned into lines first.',
    400,
    'files',
  )
