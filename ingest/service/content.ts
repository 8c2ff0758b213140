import type { IncomingHttpHeaders } from 'node:http'
import { UserError } from '../../lib/errors'
import { parseJson } from '../contract/read'
import { type Slice, type Spelling, scanValue, skipSpace, sliceArray, sliceLines } from '../contract/scan'
import { MOST_EVENTS } from './limits'

/** One event of a request: its exact bytes, and what a scan of them found where there was one. */
export interface RawItem {
  readonly bytes: Buffer
  readonly spelling?: Spelling
}

export type Mode = 'one' | 'array' | 'lines' | 'either' | 'binary'

const MODES: Record<string, Mode> = {
  'application/cloudevents+json': 'one',
  'application/cloudevents-batch+json': 'array',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/json': 'either',
}
const BINARY_ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'subject', 'sequence', 'dataschema']

/** The content mode that the headers name. Throws `UserError` 415. */
export function modeOf(headers: IncomingHttpHeaders): Mode {
  const [media = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  const mode = MODES[media.trim()]
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='))
  if (!mode || (charset && !/^charset="?(utf-?8|us-ascii)"?$/.test(charset))) {
    const message =
      'Send application/cloudevents+json (one event), application/cloudevents-batch+json (an array) or application/x-ndjson (one a line), in UTF-8.'
    throw new UserError('content_type_unsupported', message, 415, 'content-type')
  }
  return mode === 'either' && headers['ce-specversion'] !== undefined ? 'binary' : mode
}

/**
 * Cuts a body into its events, each as the sender's own bytes. Throws `UserError`: 400 when the request cannot be read at all, 413 when it
 * has too many events. A byte order mark at the start is skipped.
 */
export function cut(mode: Mode, body: Buffer, headers: IncomingHttpHeaders): RawItem[] {
  const bytes = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body
  const first = bytes[skipSpace(bytes, 0)]
  const items =
    mode === 'lines'
      ? lines(bytes)
      : mode === 'array' || (mode === 'either' && first === 0x5b)
        ? array(bytes)
        : [one(bytes)]
  if (items.length > MOST_EVENTS) {
    throw new UserError('too_many_events', `A request may have ${MOST_EVENTS} events. Send several smaller ones.`, 413)
  }
  if (items.length === 0) throw unreadable('The request has no event.')
  return mode === 'binary' ? items.map(({ bytes: data }) => ({ bytes: structured(headers, data) })) : items
}

const unreadable = (message: string) => new UserError('unreadable', message, 400)

function array(bytes: Buffer): RawItem[] {
  const slices = sliceArray(bytes, MOST_EVENTS)
  if (!slices) throw unreadable('The body is not a whole JSON array. Send [event, event, …].')
  return slices.map((spelling: Slice) => ({ bytes: bytes.subarray(spelling.start, spelling.end), spelling }))
}

const lines = (bytes: Buffer): RawItem[] =>
  sliceLines(bytes, MOST_EVENTS).map(({ start, end }) => ({ bytes: bytes.subarray(start, end) }))

function one(bytes: Buffer): RawItem {
  const start = skipSpace(bytes, 0)
  const spelling = scanValue(bytes, start, bytes.length)
  const end = spelling.end
  // A single event that is cut off or followed by more cannot be told from noise: nothing of it can be kept as an event.
  if (end <= start || skipSpace(bytes, end) !== bytes.length || parseJson(bytes) === undefined) {
    throw unreadable('The body is not one whole JSON object in UTF-8.')
  }
  return { bytes: bytes.subarray(start, end), spelling }
}

/** CloudEvents binary mode: the attributes come as `ce-` headers (percent-encoded), the body is the data. */
function structured(headers: IncomingHttpHeaders, data: Buffer): Buffer {
  const attributes: Record<string, unknown> = {}
  for (const name of BINARY_ATTRIBUTES) {
    const value = header(headers, name)
    if (value !== undefined) attributes[name] = value
  }
  const revision = header(headers, 'revision')
  if (revision !== undefined) attributes.revision = /^\d{1,10}$/.test(revision) ? Number(revision) : revision
  const voided = header(headers, 'voided')
  if (voided !== undefined) attributes.voided = voided === 'true' ? true : voided === 'false' ? false : voided
  return Buffer.concat([Buffer.from(`${JSON.stringify(attributes).slice(0, -1)},"data":`), data, Buffer.from('}')])
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[`ce-${name}`]
  if (typeof value !== 'string') return undefined
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
