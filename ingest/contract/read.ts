import { isUtf8 } from 'node:buffer'
import { isObject } from './compile'
import type { Refusal } from './reasons'
import { namesWithEscapes, type Spelling, scanValue } from './scan'
import { type Checked, type CheckOptions, checkEvent, refuse } from './validate'
import { AMOUNT_NAMES, KNOWN_NAMES } from './vocabulary'

/** Deep enough for any event; every reader of the log can follow it. */
const MAX_DEPTH = 64
const HALF_PAIR = /\p{Cs}/u
const LONG_AMOUNT = new RegExp(`"(?:${AMOUNT_NAMES.join('|')})"\\s*:\\s*(-?[0-9][0-9.eE+-]{16,})`, 'g')
const EXACT = /^-?\d{1,13}(?:\.\d{1,4}0*)?$/

/**
 * Reads one event from the sender's own bytes: JSON, then the contract, then what the parsed value cannot show. The bytes are kept and read
 * again by others, so a text that two readers of JSON would take differently is refused here. Never throws.
 */
export function readEvent(raw: Buffer | string, now: number, options: CheckOptions = {}, scanned?: Spelling): Checked {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw
  const value = parseJson(bytes)
  if (value === undefined) {
    const message = 'The text is not JSON, or not UTF-8. Send each event as one complete JSON object in UTF-8.'
    return { ok: false, reason: 'not_json', message }
  }
  const spelling = scanned ?? scanValue(bytes, 0, bytes.length)
  const ambiguous = isObject(value) ? ambiguity(bytes, value, spelling) : undefined
  return ambiguous ?? checkEvent(value, now, options)
}

/** The value of a JSON text in UTF-8, or `undefined` when it is none. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return value
  } catch {
    return undefined
  }
}

function ambiguity(bytes: Buffer, value: Record<string, unknown>, spelling: Spelling): Refusal | undefined {
  if (spelling.depth > MAX_DEPTH) {
    return refuse(value, 'schema_invalid', `Objects are nested more than ${MAX_DEPTH} deep. Flatten the event.`)
  }
  if (pairsIn(value) !== spelling.pairs) {
    return refuse(value, 'schema_invalid', 'A name occurs twice in one object. Send each name once.')
  }
  if (spelling.unicodeEscape) {
    if (hasHalfPair(value)) {
      return refuse(value, 'schema_invalid', 'A text has half of a surrogate pair. Send whole characters.')
    }
    const nul = nulIn(value, '')
    if (nul !== undefined) return refuse(value, 'schema_invalid', nul.message, nul.path)
  }
  if (spelling.escapedName) {
    const known = namesWithEscapes(bytes).find((name) => KNOWN_NAMES.has(name))
    if (known !== undefined) {
      return refuse(value, 'schema_invalid', `The name "${known}" is spelled with escapes. Spell it plainly.`)
    }
  }
  if (spelling.longNumber) {
    for (const [text, digits = ''] of bytes.toString().matchAll(LONG_AMOUNT)) {
      if (EXACT.test(digits)) continue
      const name = text.slice(1, text.indexOf('"', 1))
      const message = `${name} ${digits.slice(0, 40)} has more digits than an amount. Send at most 4 decimals.`
      return refuse(value, 'amount_invalid', message, `data.${name}`)
    }
  }
  return undefined
}

/** How many name–value pairs a parsed value has, at every depth. */
function pairsIn(value: unknown): number {
  let pairs = 0
  if (Array.isArray(value)) {
    for (const each of value) pairs += pairsIn(each)
  } else if (isObject(value)) {
    for (const name in value) {
      pairs++
      const each = value[name]
      if (typeof each === 'object' && each !== null) pairs += pairsIn(each)
    }
  }
  return pairs
}

function hasHalfPair(value: unknown): boolean {
  if (typeof value === 'string') return HALF_PAIR.test(value)
  if (Array.isArray(value)) return value.some(hasHalfPair)
  if (!isObject(value)) return false
  return Object.entries(value).some(([name, each]) => HALF_PAIR.test(name) || hasHalfPair(each))
}

const NUL = '\u0000'
/** A name that can be written into a path as it is. */
const PLAIN_NAME = /^[\w-]{1,64}$/

/**
 * The first text or name with the character U+0000, and a sentence about it: PostgreSQL keeps no such text, so the event would be in the log and
 * could never come into the cases. Only an escape can spell it. The path ends at the last name that can be told as it is.
 */
function nulIn(value: unknown, path: string): { path: string; message: string } | undefined {
  if (typeof value === 'string') {
    if (!value.includes(NUL)) return undefined
    const message = `${path || 'A text'} has the character U+0000 (\\u0000), which no text may have. Send it without.`
    return { path, message }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, each] of Object.entries(value)) {
    if (name.includes(NUL)) {
      const place = path || 'the event'
      return { path, message: `A name in ${place} has the character U+0000 (\\u0000). Send it without.` }
    }
    const found = nulIn(each, within(path, name, Array.isArray(value)))
    if (found) return found
  }
  return undefined
}

function within(path: string, name: string, isPlace: boolean): string {
  if (path.length > 200 || !PLAIN_NAME.test(name)) return path
  return isPlace ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
}
