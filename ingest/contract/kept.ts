import { withoutNulls } from './canonical'
import type { AnyEvent } from './event'
import { hashOf } from './fingerprint'

/** Hashes of the bytes that events were read from: with what an event says alone, they are gone. */
const hashes = new WeakMap<AnyEvent, number>()

/**
 * An event that the contract took, from the bytes that are kept: nulls that stand for absent fields are in those still, and the character U+0000,
 * which PostgreSQL keeps in no text, where an earlier version took it.
 */
export function eventOfKept(raw: string): AnyEvent {
  const said = withoutNulls(JSON.parse(raw))
  const event = (raw.includes(String.raw`\u0000`) ? withoutNul(said) : said) as AnyEvent
  hashes.set(event, hashOf(raw))
  return event
}

/** The content hash of an event, as the log and ClickHouse have it: of its kept bytes, or of those that are about to be kept. */
export const contentHashOf = (event: AnyEvent): number => hashes.get(event) ?? hashOf(JSON.stringify(event))

/** The same value with a sign for what cannot be shown in the place of every U+0000. */
function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd')
  if (Array.isArray(value)) return value.map(withoutNul)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [withoutNul(name), withoutNul(each)]))
}
