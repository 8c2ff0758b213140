import { hash } from 'node:crypto'
import { canonicalJson, withoutNulls } from './canonical'

/** First 32 bits, unsigned, of the SHA-256 of an event's raw UTF-8 bytes. */
export function hashOf(raw: string | Uint8Array): number {
  return Number.parseInt(hash('sha256', raw, 'hex').slice(0, 8), 16)
}

/**
 * Whether two raw events say the same: order of names, white space, and spelling of numbers and characters do not matter, nor whether what
 * somebody does not have is null or left out.
 */
export function sameContent(one: string | Buffer, other: string | Buffer): boolean {
  const a = one.toString()
  const b = other.toString()
  return a === b || contentOf(a) === contentOf(b)
}

const contentOf = (raw: string): string => canonicalJson(withoutNulls(JSON.parse(raw)))
