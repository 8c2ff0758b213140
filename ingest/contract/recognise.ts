import { isUtf8 } from 'node:buffer'
import { withoutNulls } from './canonical'
import { parseInstant } from './fields'
import { type EventShapes, eventShapes, type ObjectShape, type Shape, TEXT } from './shapes'
import { AHEAD } from './validate'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const SPACE = 0x20
const DELETE = 0x7f
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const NOT = -1
/** Digits of a number that a double holds exactly, with room to spare. */
const MOST_DIGITS = 15
/** Names outside the contract that are told apart in one object. */
const MOST_UNKNOWN = 16

/** Bytes of a text that need no second look: printable ASCII but for the quote and the backslash. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= SPACE && byte < DELETE && byte !== QUOTE && byte !== BACKSLASH),
)
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= ZERO && byte <= ZERO + 9

/**
 * Recognises events of the contract in bytes, without making values of them: a fraction of what parsing and checking costs. It knows the
 * forms that programs write and says yes only to what `readEvent` accepts; its no says nothing, then `readEvent` decides (a property test
 * holds the two together). After a yes it knows the event's `time` and `revision`.
 */
export class Recogniser {
  /** When it happened, milliseconds. */
  time = 0
  revision = 0
  readonly #shapes: EventShapes
  #data: ObjectShape | undefined
  /** The scalar that was read last, where it is a time or a number. */
  #value = 0

  /** `currencies`: see `CheckOptions`. */
  constructor(currencies?: ReadonlySet<string>) {
    this.#shapes = eventShapes(currencies)
  }

  /** Whether the bytes between two places are one event, with nothing before it and nothing after. `now`: the clock, milliseconds. */
  recognise(bytes: Buffer, from: number, to: number, now: number): boolean {
    this.time = 0
    this.revision = 0
    this.#data = undefined
    return this.#object(bytes, from, this.#shapes.envelope) === to && this.time <= now + AHEAD
  }

  // The methods below read from a place on and give the place after what they read, or `NOT`.

  #object(bytes: Buffer, from: number, shape: ObjectShape): number {
    if (bytes[from] !== OPEN_OBJECT) return NOT
    let unknown: number[] | undefined
    let previous: Shape | undefined
    let seen = 0
    let at = skip(bytes, from + 1)
    for (;;) {
      if (bytes[at] !== QUOTE) return NOT
      const start = at + 1
      let field = previous === undefined ? shape.first : previous.next
      if (field !== undefined && startsWith(bytes, start, field.name)) {
        at = start + field.name.length
      } else {
        const end = plainEnd(bytes, start)
        const found = bytes[end] === QUOTE ? shape.fields.get(bytes, start, end) : 'elsewhere'
        if (found === 'elsewhere') return NOT
        if (found === undefined) {
          unknown ??= []
          if (unknown.length === 2 * MOST_UNKNOWN || isAmong(bytes, unknown, start, end)) return NOT
          unknown.push(start, end)
        } else if (previous === undefined) shape.first = found
        else previous.next = found
        field = found
        at = end + 1
      }
      at = skip(bytes, at)
      if (bytes[at] !== COLON) return NOT
      at = skip(bytes, at + 1)
      if (field === undefined) {
        at = this.#scalar(bytes, at, undefined)
      } else {
        if ((seen & (1 << field.bit)) !== 0) return NOT
        seen |= 1 << field.bit
        // Null in the place of an optional field is as if it were not there.
        if (!field.required && startsWith(bytes, at, NULL)) at += NULL.length
        else at = field.role === undefined ? this.#field(bytes, at, field) : this.#ofEnvelope(bytes, at, field)
        previous = field
      }
      if (at === NOT) return NOT
      at = skip(bytes, at)
      if (bytes[at] !== COMMA) break
      at = skip(bytes, at + 1)
    }
    if (bytes[at] !== CLOSE_OBJECT || (seen & shape.required) !== shape.required) return NOT
    at++
    if (shape.checks.length === 0) return at
    const whole = withoutNulls(JSON.parse(bytes.toString('utf8', from, at)))
    return shape.checks.every((check) => check(whole)) ? at : NOT
  }

  /** The fields that say how to read on, and those that are kept. */
  #ofEnvelope(bytes: Buffer, from: number, field: Shape): number {
    if (field.role === 'data') return this.#data ? this.#object(bytes, from, this.#data) : NOT
    if (field.role === 'type') {
      const end = plainEnd(bytes, from + 1)
      if (bytes[from] !== QUOTE || bytes[end] !== QUOTE) return NOT
      this.#data = this.#shapes.data.get(bytes, from + 1, end)
      return this.#data ? end + 1 : NOT
    }
    const end = this.#scalar(bytes, from, field)
    if (field.role === 'time') this.time = this.#value
    else this.revision = this.#value
    return end
  }

  #field(bytes: Buffer, from: number, field: Shape): number {
    if (field.element) return this.#array(bytes, from, field, field.element)
    return field.object ? this.#object(bytes, from, field.object) : this.#scalar(bytes, from, field)
  }

  #array(bytes: Buffer, from: number, { least, most }: Shape, element: Shape): number {
    if (bytes[from] !== OPEN_ARRAY) return NOT
    let at = skip(bytes, from + 1)
    let count = 0
    if (bytes[at] !== CLOSE_ARRAY) {
      for (;;) {
        at = this.#field(bytes, at, element)
        if (at === NOT) return NOT
        count++
        at = skip(bytes, at)
        if (bytes[at] !== COMMA) break
        at = skip(bytes, at + 1)
      }
    }
    return bytes[at] === CLOSE_ARRAY && count >= least && count <= most ? at + 1 : NOT
  }

  /** A text, a number, true, false or null; of a field outside the contract (`undefined`) whatever it says. */
  #scalar(bytes: Buffer, from: number, field: Shape | undefined): number {
    const first = bytes[from]
    if (first === QUOTE) return this.#text(bytes, from + 1, field)
    if (first === MINUS || isDigit(first)) return this.#number(bytes, from, field)
    for (const { word, value } of WORDS) {
      if (first !== word[0] || !startsWith(bytes, from, word)) continue
      return field === undefined || field.fits(value) ? from + word.length : NOT
    }
    return NOT
  }

  #text(bytes: Buffer, from: number, field: Shape | undefined): number {
    let end = plainEnd(bytes, from)
    if (bytes[end] !== QUOTE) {
      // Letters of other alphabets: read as a text, and checked as one.
      end = wideEnd(bytes, end)
      if (bytes[end] !== QUOTE || !isUtf8(bytes.subarray(from, end))) return NOT
      if (field === undefined) return end + 1
      return field.text !== TEXT.instant && field.fits(bytes.toString('utf8', from, end)) ? end + 1 : NOT
    }
    return field === undefined || this.#takes(bytes, from, end, field) ? end + 1 : NOT
  }

  /** Whether a text of printable ASCII fits its field. */
  #takes(bytes: Buffer, from: number, to: number, field: Shape): boolean {
    switch (field.text) {
      case TEXT.printable:
      case TEXT.free:
        return to - from >= field.least && to - from <= field.most
      case TEXT.amount:
      case TEXT.positive:
        return isPlainAmount(bytes, from, to) || field.fits(bytes.toString('latin1', from, to))
      case TEXT.instant: {
        const instant = plainInstant(bytes, from, to) ?? parseInstant(bytes.toString('latin1', from, to))
        this.#value = instant ?? 0
        return instant !== undefined
      }
      default:
        if (field.taken.get(bytes, from, to)) return true
        if (!field.fits(bytes.toString('latin1', from, to))) return false
        field.taken.set(bytes, from, to, true)
        return true
    }
  }

  /** Numbers without an exponent and with few digits: those that every reader of JSON reads alike. */
  #number(bytes: Buffer, from: number, field: Shape | undefined): number {
    const start = bytes[from] === MINUS ? from + 1 : from
    let at = start
    while (isDigit(bytes[at])) at++
    if (at === start || (bytes[start] === ZERO && at > start + 1)) return NOT
    if (bytes[at] === POINT) {
      const point = at++
      while (isDigit(bytes[at])) at++
      if (at === point + 1) return NOT
    }
    // 0x45, 0x65: an exponent.
    if (at - start > MOST_DIGITS || bytes[at] === 0x45 || bytes[at] === 0x65) return NOT
    if (field === undefined) return at
    this.#value = Number(bytes.toString('latin1', from, at))
    return field.fits(this.#value) ? at : NOT
  }
}

const NULL = Buffer.from('null')
const WORDS = [
  { word: Buffer.from('true'), value: true },
  { word: Buffer.from('false'), value: false },
  { word: NULL, value: null },
] as const

function startsWith(bytes: Buffer, from: number, word: Buffer): boolean {
  for (let at = 0; at < word.length; at++) if (bytes[from + at] !== word[at]) return false
  return true
}

function skip(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === SPACE) at++
  return at
}

/** The first byte that is not plain, which is the quote at the end of most texts. */
function plainEnd(bytes: Buffer, from: number): number {
  let at = from
  while (PLAIN[bytes[at]!] === 1) at++
  return at
}

/** The same, over bytes of characters beyond ASCII as well. */
function wideEnd(bytes: Buffer, from: number): number {
  let at = from
  while (PLAIN[bytes[at]!] === 1 || bytes[at]! >= DELETE) at++
  return at
}

/** Whether a name was there before, among pairs of places. */
function isAmong(bytes: Buffer, places: readonly number[], from: number, to: number): boolean {
  for (let each = 0; each < places.length; each += 2) {
    const start = places[each]!
    if (places[each + 1]! - start !== to - from) continue
    let same = 0
    while (same < to - from && bytes[start + same] === bytes[from + same]) same++
    if (same === to - from) return true
  }
  return false
}

/** Up to twelve digits, up to four after a point: the amounts that `isAmountValue` takes without another look. None with a sign. */
function isPlainAmount(bytes: Buffer, from: number, to: number): boolean {
  let at = from
  while (isDigit(bytes[at])) at++
  const whole = at - from
  if (whole === 0 || whole > 12) return false
  if (at === to) return true
  if (bytes[at] !== POINT) return false
  const point = at++
  while (isDigit(bytes[at])) at++
  return at === to && at - point >= 2 && at - point <= 5
}

/** `2026-05-10T14:02:11Z` and `2026-05-10T14:02:11.123Z` of a day that every month has; anything else `undefined`. */
function plainInstant(bytes: Buffer, from: number, to: number): number | undefined {
  const milliseconds = to - from === 24
  if (!milliseconds && to - from !== 20) return undefined
  const marks =
    bytes[from + 4] === MINUS && bytes[from + 7] === MINUS && bytes[from + 10] === 0x54 && bytes[from + 13] === COLON
  if (!marks || bytes[from + 16] !== COLON || bytes[to - 1] !== 0x5a) return undefined
  const year = two(bytes, from) * 100 + two(bytes, from + 2)
  const month = two(bytes, from + 5)
  const day = two(bytes, from + 8)
  const hour = two(bytes, from + 11)
  const minute = two(bytes, from + 14)
  const second = two(bytes, from + 17)
  // `two` gives NaN for what is not two digits, and no comparison with NaN holds.
  if (!(year >= 1990 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return undefined
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  if (!milliseconds) return Date.UTC(year, month - 1, day, hour, minute, second)
  const rest = two(bytes, from + 20) * 10 + (two(bytes, from + 21) % 10)
  return bytes[from + 19] === POINT && rest >= 0
    ? Date.UTC(year, month - 1, day, hour, minute, second, rest)
    : undefined
}

/** Two decimal digits, or NaN. */
function two(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - ZERO
  const ones = bytes[at + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
