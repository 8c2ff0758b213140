/**
 * One pass over the bytes of a JSON text, without building anything: where each value ends, and the few things about its spelling that
 * `JSON.parse` hides and that another JSON reader (ClickHouse) would read otherwise.
 */
export interface Spelling {
  /** Offset after the value. */
  end: number
  /** Name–value pairs in the text; more than in the parsed value when a name occurs twice in one object. */
  pairs: number
  /** How deep objects and arrays are nested. */
  depth: number
  /** A `\u` escape occurs: it may spell half of a surrogate pair. */
  unicodeEscape: boolean
  /** A name is spelled with an escape. */
  escapedName: boolean
  /** A number is written with 17 characters or more: more digits than a double keeps. */
  longNumber: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LETTER_U = 0x75
const LONG_NUMBER = 17

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
/** Characters of a JSON number: digits, `+`, `-`, `.`, `e`, `E`. */
const inNumber = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x2b || byte === 0x65 || byte === 0x45

/**
 * Scans one JSON value from `from`. Lenient: it follows quotes and brackets and leaves it to `JSON.parse` to say whether the text is JSON.
 * A bare value ends at a comma or a closing bracket. `end` is -1 when the text ends inside the value.
 */
export function scanValue(bytes: Uint8Array, from: number, to: number): Spelling {
  const found: Spelling = {
    end: -1,
    pairs: 0,
    depth: 0,
    unicodeEscape: false,
    escapedName: false,
    longNumber: false,
  }
  let depth = 0
  let escaped = false
  let at = from
  while (at < to) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      escaped = false
      at++
      for (; at < to && bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) {
          escaped = true
          at++
          if (bytes[at] === LETTER_U) found.unicodeEscape = true
        }
      }
      if (at >= to) return found
    } else if (byte === COLON) {
      found.pairs++
      if (escaped) found.escapedName = true
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++
      if (depth > found.depth) found.depth = depth
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) break
      depth--
      if (depth === 0) {
        found.end = at + 1
        return found
      }
    } else if (byte === COMMA) {
      if (depth === 0) break
    } else if (byte >= 0x2b && byte <= 0x39) {
      const start = at
      while (at + 1 < to && inNumber(bytes[at + 1]!)) at++
      if (at - start + 1 >= LONG_NUMBER) found.longNumber = true
    }
    at++
  }
  if (depth > 0) return found
  found.end = at
  return found
}

/** The names of a JSON text that are spelled with an escape, as they are read. For text that `JSON.parse` takes. */
export function namesWithEscapes(bytes: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== QUOTE) continue
    const start = at++
    let escaped = false
    for (; at < bytes.length && bytes[at] !== QUOTE; at++) {
      if (bytes[at] === BACKSLASH) {
        escaped = true
        at++
      }
    }
    if (!escaped || bytes[skipSpace(bytes, at + 1)] !== COLON) continue
    names.push(String(JSON.parse(bytes.toString('utf8', start, at + 1))))
  }
  return names
}

export interface Slice extends Spelling {
  start: number
}

/**
 * The elements of a JSON array, each as the exact range of its bytes. `undefined` when the text is no array from end to end; at most
 * `limit` + 1 elements are looked for, so that a caller can tell "too many" from "many".
 */
export function sliceArray(bytes: Uint8Array, limit: number): Slice[] | undefined {
  const slices: Slice[] = []
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== OPEN_ARRAY) return undefined
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_ARRAY) return skipSpace(bytes, at + 1) === bytes.length ? slices : undefined
  for (;;) {
    const start = at
    const found = scanValue(bytes, start, bytes.length)
    if (found.end <= start) return undefined
    slices.push({ start, ...found, end: trimEnd(bytes, start, found.end) })
    if (slices.length > limit) return slices
    at = skipSpace(bytes, found.end)
    if (bytes[at] === CLOSE_ARRAY) return skipSpace(bytes, at + 1) === bytes.length ? slices : undefined
    if (bytes[at] !== COMMA) return undefined
    at = skipSpace(bytes, at + 1)
  }
}

/** The lines of newline-delimited JSON that are not blank, each as the range of its bytes without surrounding white space. */
export function sliceLines(bytes: Buffer, limit: number): { start: number; end: number }[] {
  const slices: { start: number; end: number }[] = []
  for (let from = 0; from < bytes.length && slices.length <= limit; ) {
    const newline = bytes.indexOf(0x0a, from)
    const to = newline === -1 ? bytes.length : newline
    const start = Math.min(skipSpace(bytes, from), to)
    const end = trimEnd(bytes, start, to)
    if (end > start) slices.push({ start, end })
    from = to + 1
  }
  return slices
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(bytes[at - 1])) at--
  return at
}
