import { withoutNulls } from './canonical'
import type { AnyEvent } from './event'
import { hashOf } from './fingerprint'

/** Hashes of the bytes that events were read from: with what an event says alone, they are gone. */
const hashes = new WeakMap<AnyEvent, number>()

/** An event that the contract took, from the bytes that are kept: nulls that stand for absent fields are in those still. */
export function eventOfKept(raw: string): AnyEvent {
  const event = withoutNulls(JSON.parse(raw)) as AnyEvent
  hashes.set(event, hashOf(raw))
  return event
}

/** The content hash of an event, as the log and ClickHouse have it: of its kept bytes, or of those that are about to be kept. */
export const contentHashOf = (event: AnyEvent): number => hashes.get(event) ?? hashOf(JSON.stringify(event))
