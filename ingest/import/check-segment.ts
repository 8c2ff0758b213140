import { parseInstant } from '../contract/fields'
import { hashOf } from '../contract/fingerprint'
import { readEvent } from '../contract/read'
import type { Checked, Rejected, Task } from './protocol'

const NEWLINE = 0x0a
/** `{"b":…,"s":…,"h":…,"e":…}` around an event is never longer than this. */
const WIRE_OVERHEAD = 72

/**
 * Reads every line. The events that pass are copied, unchanged, into the wire's bytes; for the archive they move together within the
 * input, which in most files moves nothing.
 */
export function checkSegment(task: Task): { checked: Checked; archive: Uint8Array } {
  const input = Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength)
  let wire = Buffer.from(new ArrayBuffer(Math.ceil(input.length * 1.2) + WIRE_OVERHEAD))
  const rejected: Rejected[] = []
  let rows = 0
  let blank = 0
  let revised = 0
  let archived = 0
  let wired = 0
  let latest = NEVER
  let line = 0
  for (let from = 0; from < input.length; line++) {
    const newline = input.indexOf(NEWLINE, from)
    const end = newline === -1 ? input.length : newline
    const raw = trim(input, from, end)
    from = end + 1
    if (raw.length === 0) {
      blank++
      continue
    }
    const read = readEvent(raw, task.now, { currencies: task.currencies })
    if (!read.ok) {
      const { reason, message, path } = read
      rejected.push({ line, reason, message, ...(path ? { path } : {}), raw: raw.toString() })
      continue
    }
    latest = later(latest, read.event.time)
    if (wire.length < wired + raw.length + WIRE_OVERHEAD) wire = larger(wire, raw.length + WIRE_OVERHEAD)
    wired += wire.write(`{"b":${task.batch},"s":${rows},"h":${hashOf(raw)},"e":`, wired, 'latin1')
    wire.set(raw, wired)
    wired += raw.length
    wired += wire.write('}\n', wired, 'latin1')
    if (raw.byteOffset !== input.byteOffset + archived) raw.copy(input, archived)
    archived += raw.length
    if (archived < input.length) input[archived++] = NEWLINE
    if (read.event.revision) revised++
    rows++
  }
  const checked = {
    rows,
    blank,
    revised,
    rejected,
    sha256: '',
    maxTime: latest.at,
    wire: new Uint8Array(wire.buffer, wire.byteOffset, wired),
  }
  return { checked, archive: input.subarray(0, archived) }
}

interface Latest {
  readonly at: number
  /** Its date and time to the second in UTC, as events write it. */
  readonly text: string
}
const NEVER: Latest = { at: 0, text: '' }
const TO_SECONDS = 19

/** The later of the two. Most times are earlier than one seen before, which their text shows: those are not read. */
function later(latest: Latest, time: string): Latest {
  if (time < latest.text && time.endsWith('Z')) return latest
  const at = parseInstant(time) ?? 0
  return at > latest.at ? { at, text: new Date(at).toISOString().slice(0, TO_SECONDS) } : latest
}

function larger(buffer: Buffer<ArrayBuffer>, more: number): Buffer<ArrayBuffer> {
  const next = Buffer.from(new ArrayBuffer(buffer.length * 2 + more))
  buffer.copy(next)
  return next
}

/** The line without surrounding white space, and without the byte order mark that some programs put first in a file. */
function trim(bytes: Buffer, from: number, to: number): Buffer {
  let start = from
  let end = to
  if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
  while (start < end && isSpace(bytes[start])) start++
  while (end > start && isSpace(bytes[end - 1])) end--
  return bytes.subarray(start, end)
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0d || byte === 0x09
