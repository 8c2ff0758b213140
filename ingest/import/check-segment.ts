import { parseInstant } from '../contract/fields'
import { hashOf } from '../contract/fingerprint'
import { readEvent } from '../contract/read'
import { Recogniser } from '../contract/recognise'
import type { Checked, Rejected, Task } from './protocol'
import { Wire } from './wire'

const NEWLINE = 0x0a

/** One a set of currencies, which is the same for all segments of an import. */
let known: { readonly currencies: string; readonly recogniser: Recogniser } | undefined

function recogniserOf(currencies: ReadonlySet<string>): Recogniser {
  const key = [...currencies].sort().join()
  if (known?.currencies !== key) known = { currencies: key, recogniser: new Recogniser(currencies) }
  return known.recogniser
}

/**
 * Reads every line. The events that pass are copied, unchanged, into the wire's bytes; for the archive they move together within the
 * input, which in most files moves nothing.
 */
export function checkSegment(task: Task): { checked: Checked; archive: Uint8Array } {
  const input = Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength)
  const recogniser = recogniserOf(task.vocabulary.currencies)
  const wire = new Wire(task.batch, input.length)
  const rejected: Rejected[] = []
  let rows = 0
  let blank = 0
  let revised = 0
  let archived = 0
  let maxTime = 0
  let line = 0
  for (let from = 0; from < input.length; line++) {
    const newline = input.indexOf(NEWLINE, from)
    const last = newline === -1 ? input.length : newline
    const start = firstOf(input, from, last)
    const end = afterLast(input, start, last)
    from = last + 1
    if (start === end) {
      blank++
      continue
    }
    const raw = input.subarray(start, end)
    if (recogniser.recognise(input, start, end, task.now)) {
      if (recogniser.time > maxTime) maxTime = recogniser.time
      if (recogniser.revision > 0) revised++
    } else {
      const read = readEvent(raw, task.now, task.vocabulary)
      if (!read.ok) {
        const { reason, message, path } = read
        rejected.push({ line, reason, message, ...(path ? { path } : {}), raw: raw.toString() })
        continue
      }
      maxTime = Math.max(maxTime, parseInstant(read.event.time) ?? 0)
      if (read.event.revision) revised++
    }
    wire.add(rows++, hashOf(raw), input, start, end)
    if (start !== archived) input.copy(input, archived, start, end)
    archived += end - start
    if (archived < input.length) input[archived++] = NEWLINE
  }
  const checked = { rows, blank, revised, rejected, sha256: '', maxTime, wire: wire.take() }
  return { checked, archive: input.subarray(0, archived) }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0d || byte === 0x09

/** The first byte of a line that is no white space, nor the byte order mark that some programs put first in a file. */
function firstOf(bytes: Buffer, from: number, to: number): number {
  let at = from
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
  while (at < to && isSpace(bytes[at])) at++
  return Math.min(at, to)
}

function afterLast(bytes: Buffer, from: number, to: number): number {
  let at = to
  while (at > from && isSpace(bytes[at - 1])) at--
  return at
}
