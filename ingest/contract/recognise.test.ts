import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInstant } from './fields'
import { BAD_INPUT, NOW } from './fixtures/bad-input'
import { FIXTURES } from './fixtures/load'
import { mutation } from './fixtures/mutation'
import { readEvent } from './read'
import { Recogniser } from './recognise'

/** The recogniser exists for speed alone: what it takes, the reading that makes values must take too, and find the same in it. */

const CURRENCIES = new Set(['EUR', 'USD', 'GBP'])
const recogniser = new Recogniser(CURRENCIES)

/** Whether it was recognised; fails when the plain reading says otherwise. */
function recognised(raw: Buffer, before = '', after = ''): boolean {
  const bytes = Buffer.concat([Buffer.from(before), raw, Buffer.from(after)])
  const from = Buffer.byteLength(before)
  if (!recogniser.recognise(bytes, from, from + raw.length, NOW)) return false
  const read = readEvent(raw, NOW, { currencies: CURRENCIES })
  if (!read.ok) throw new Error(`recognised, but ${read.reason}: ${raw.toString()}`)
  expect(recogniser.time).toBe(parseInstant(read.event.time))
  expect(recogniser.revision).toBe(read.event.revision ?? 0)
  return true
}

const spaced = (value: unknown) => JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ')

test('every golden event is recognised, compact and with spaces, in the middle of other lines', () => {
  for (const { event } of FIXTURES) {
    const withRate = 'currency' in event.data ? { ...event, data: { ...event.data, currency: 'EUR' } } : event
    for (const text of [JSON.stringify(withRate), spaced(withRate)]) {
      expect(recognised(Buffer.from(text), '{"type":"x"}\n', '\n{"id":1}'), text).toBe(true)
    }
  }
})

test('fields outside the contract and letters of other alphabets do not hide an event', () => {
  const [first] = FIXTURES
  const event = { ...first?.event, extra: null, more: 1.5, flag: true, trace: 'a-b', region: '\u4e2d\u6587 \u{1f45f}' }
  expect(recognised(Buffer.from(JSON.stringify(event)))).toBe(true)
})

test('null in the place of what may be left out does not hide an event', () => {
  for (const { event, name } of FIXTURES) {
    if (name !== 'full') continue
    const minimal = FIXTURES.find((each) => each.name === 'minimal' && each.event.type === event.type)?.event
    const absent = Object.fromEntries(Object.keys(event.data).map((field) => [field, null]))
    const currency = minimal && 'currency' in minimal.data ? { currency: 'EUR' } : {}
    const sent = { ...minimal, revision: null, subject: null, data: { ...absent, ...minimal?.data, ...currency } }
    for (const text of [JSON.stringify(sent), spaced(sent)]) expect(recognised(Buffer.from(text)), text).toBe(true)
    const lacking = { ...sent, data: { ...sent.data, [Object.keys(minimal?.data ?? {})[0] ?? '']: null } }
    expect(recognised(Buffer.from(JSON.stringify(lacking)))).toBe(false)
  }
})

test('no documented bad input is recognised, and what is recognised of it is documented as accepted', () => {
  for (const { raw, outcome, name } of BAD_INPUT) {
    const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw)
    if (recognised(bytes)) expect(outcome, name).toBe('accepted')
  }
})

test('an event whose currency has no rate, or that lies in the future, is not recognised', () => {
  const cost = FIXTURES.find(({ event }) => event.type === 'cost.incurred.v1')?.event
  const text = (changed: object, data: object) =>
    Buffer.from(JSON.stringify({ ...cost, ...changed, data: { ...cost?.data, ...data } }))
  expect(recognised(text({}, { currency: 'EUR' }))).toBe(true)
  expect(recognised(text({}, { currency: 'JPY' }))).toBe(false)
  const after = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString()
  expect(recognised(text({ time: after(23) }, { currency: 'EUR' }))).toBe(true)
  expect(recognised(text({ time: after(25) }, { currency: 'EUR' }))).toBe(false)
})

test('events that were changed at random: what is recognised is an event', () => {
  let seen = 0
  fc.assert(
    fc.property(fc.constantFrom(...FIXTURES), mutation, fc.boolean(), ({ event }, mutate, compact) => {
      const value = mutate(event)
      const text = compact ? JSON.stringify(value) : spaced(value)
      if (text !== undefined && recognised(Buffer.from(text))) seen++
    }),
    { numRuns: 10_000 },
  )
  expect(seen).toBeGreaterThan(500)
})

const piece = fc
  .oneof(
    fc.constantFrom(
      '"',
      '\\',
      '\\u0041',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      ' ',
      '\n',
      '0',
      '-',
      '1e3',
      'null',
      '"type":"x",',
      '"x":1,',
      '"x":1,"x":2,',
    ),
    fc.constantFrom(
      '"id":"a",',
      '"debit":1,',
      '"amount":"x",',
      '"currency":"JPY",',
      '"into":[],',
      '9007199254740993',
      '0.1',
      '.5',
      '\u007f',
      '\u0080',
      'é',
      '\u202e',
    ),
    fc.string({ maxLength: 4 }),
  )
  .map((text) => Buffer.from(text))
const bytes = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((each) => Buffer.from(each))
const patch = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  fc.integer({ min: 0, max: 6 }),
  fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: bytes }),
)

test('events whose bytes were damaged at random: what is recognised is an event', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FIXTURES), fc.array(patch, { minLength: 1, maxLength: 3 }), ({ event }, patches) => {
      const damaged = patches.reduce(
        (raw, [where, length, put]) => {
          const at = Math.floor(where * raw.length)
          return Buffer.concat([raw.subarray(0, at), put, raw.subarray(at + length)])
        },
        Buffer.from(JSON.stringify(event)),
      )
      recognised(damaged)
    }),
    { numRuns: 30_000 },
  )
})

test('texts and numbers of every field, at their edges', () => {
  const value = fc.oneof(
    fc.string(),
    fc.stringMatching(/^-?\d{0,15}(\.\d{0,6})?$/),
    fc.integer({ min: -3, max: 130 }).map((length) => 'x'.repeat(Math.max(0, length))),
    fc.stringMatching(/^(19|20)\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,4})?(Z|\+02:00)$/),
    fc.double(),
    fc.integer(),
    fc.double({ min: -1e4, max: 1e4 }).map((each) => Math.round(each * 100) / 100),
    fc.boolean(),
  )
  const field = fc
    .constantFrom(...FIXTURES)
    .chain(({ event }) =>
      fc.tuple(
        fc.constant(event),
        fc.constantFrom(...Object.keys(event.data)),
        fc.constantFrom(...Object.keys(event)),
        fc.boolean(),
        value,
      ),
    )
  fc.assert(
    fc.property(field, ([event, inData, inEvent, data, put]) => {
      const changed = data ? { ...event, data: { ...event.data, [inData]: put } } : { ...event, [inEvent]: put }
      recognised(Buffer.from(JSON.stringify(changed)))
    }),
    { numRuns: 20_000 },
  )
})
