import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAmount } from '../../lib/money'
import { withoutNulls } from './canonical'
import { compile } from './compile'
import { isAmountValue, isPrintable, parseInstant, positive } from './fields'
import { FIXTURES } from './fixtures/load'
import { mutation } from './fixtures/mutation'
import { readEvent } from './read'
import { isEventType } from './types'
import { checkEvent, schemaOf } from './validate'

/** The compiled predicates and the hand-written readers exist for speed alone: they must say exactly what the definitions say. */

const RUNS = { numRuns: 4000 }

test('the compiled predicate and zod agree on events that were changed at random', () => {
  const compiled = new Map(
    FIXTURES.map(({ event: { type } }) => [type, isEventType(type) ? compile(schemaOf(type)) : undefined]),
  )
  let valid = 0
  fc.assert(
    fc.property(fc.constantFrom(...FIXTURES), mutation, ({ event }, mutate) => {
      const value = mutate(event)
      const type = event.type
      if (!isEventType(type)) throw new Error(type)
      const said = schemaOf(type).safeParse(value).success
      if (said) valid++
      expect(compiled.get(type)?.(value)).toBe(said)
    }),
    RUNS,
  )
  expect(valid).toBeGreaterThan(RUNS.numRuns / 20)
})

test('whatever is checked gets an answer: the event itself, but for its nulls, or a reason with a sentence', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.constantFrom(...FIXTURES).map(({ event }) => event),
      ),
      mutation,
      (value, mutate) => {
        const mutated = mutate(value)
        const checked = checkEvent(mutated, Date.parse('2026-06-01'))
        if (checked.ok && checked.event !== mutated) expect(checked.event).toEqual(withoutNulls(mutated))
        if (!checked.ok) expect(checked.message.length).toBeGreaterThan(20)
      },
    ),
    RUNS,
  )
})

test('whatever is read gets an answer, however its text was damaged', () => {
  const patch = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.integer({ min: 0, max: 8 }),
    fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '\\u',
        '\\ud83d',
        '\\"',
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '1e999',
        '"amount":0.12345678901234567',
      ),
      fc.string(),
    ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...FIXTURES), fc.array(patch, { minLength: 1, maxLength: 4 }), ({ event }, patches) => {
      const damaged = patches.reduce((text, [where, length, put]) => {
        const at = Math.floor(where * text.length)
        return text.slice(0, at) + put + text.slice(at + length)
      }, JSON.stringify(event))
      const read = readEvent(Buffer.from(damaged), Date.parse('2026-06-01'))
      if (!read.ok) expect(read.message.length).toBeGreaterThan(20)
    }),
    { numRuns: 10_000 },
  )
})

const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))
const timeLike = fc
  .tuple(
    fc.integer({ min: 1985, max: 2103 }),
    two(13),
    two(32),
    two(25),
    two(61),
    two(61),
    fc.stringMatching(/^(\.\d{0,10})?$/),
    fc.oneof(fc.constant('Z'), fc.stringMatching(/^[+-]\d\d:\d\d$/)),
  )
  .map(
    ([year, month, day, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
  )

/** RFC 3339 by pattern, calendar and Date.parse: slow and plain. */
function slowInstant(value: string): number | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(value)
  if (!match) return undefined
  const [, year, month, day] = match.map(Number)
  const calendar = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day))
  if (calendar.getUTCDate() !== day || calendar.getUTCMonth() + 1 !== month) return undefined
  const at = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'))
  return at >= Date.UTC(1990, 0, 1) && at < Date.UTC(2100, 0, 1) ? at : undefined
}

test('times are read as the plain reading does', () => {
  fc.assert(
    fc.property(fc.oneof(timeLike, fc.string()), (text) => {
      expect(parseInstant(text)).toBe(slowInstant(text))
    }),
    RUNS,
  )
})

const amountLike = fc.oneof(
  fc.stringMatching(/^-?\d{0,14}(\.\d{0,6})?$/),
  fc.double(),
  fc.integer(),
  fc.double({ min: -1e6, max: 1e6 }).map((value) => Math.round(value * 100) / 100),
  fc.string(),
  fc.constantFrom(
    '-0',
    '-0.00',
    '-',
    '.',
    '1.',
    '.5',
    '00012.5',
    '1000000000000',
    '1000000000000.0001',
    '-1000000000000',
  ),
)

test('amounts are recognised as the exact reading does', () => {
  const isPositive = compile(positive)
  fc.assert(
    fc.property(amountLike, (value) => {
      const read = parseAmount(value)
      expect(isAmountValue(value)).toBe(read !== undefined)
      expect(isPositive(value)).toBe(read !== undefined && read >= 0n)
    }),
    RUNS,
  )
})

test('printable means no control character and no half of a pair', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      (text) => {
        expect(isPrintable(text)).toBe(!/[\p{Cc}\p{Cs}]/u.test(text))
      },
    ),
    RUNS,
  )
})
