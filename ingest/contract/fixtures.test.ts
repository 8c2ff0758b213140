import { expect, test } from 'vitest'
import { FIXTURES } from './fixtures/load'
import { readEvent } from './read'
import { DATA, EVENT_TYPES, isEventType } from './types'
import { shapeOf } from './vocabulary'

const NOW = Date.parse('2026-06-01T00:00:00Z')

test.each(FIXTURES)('$file $name is valid', ({ event, file }) => {
  expect(readEvent(JSON.stringify(event), NOW)).toEqual({ ok: true, event })
  expect(file).toBe(`${event.type}.json`)
})

test('every type has a fixture with every field and one with the required fields alone', () => {
  expect(FIXTURES.filter(({ name }) => name === 'full').map(({ event }) => event.type)).toEqual([...EVENT_TYPES].sort())
  for (const { event, name } of FIXTURES) {
    if (!isEventType(event.type)) throw new Error(event.type)
    const shape = shapeOf(DATA[event.type])
    if (name === 'full') expect(Object.keys(event.data)).toEqual(expect.arrayContaining(Object.keys(shape)))
    else for (const field of Object.keys(event.data)) expectRequired(event, field)
  }
})

function expectRequired(event: { data: Record<string, unknown> }, field: string) {
  const { [field]: _gone, ...rest } = event.data
  expect(readEvent(JSON.stringify({ ...event, data: rest }), NOW).ok, field).toBe(false)
}

/** The minimal events, with null for every field and attribute that they may have. */
const nulls = FIXTURES.flatMap(({ event, name }) => {
  if (name !== 'minimal' || !isEventType(event.type)) return []
  const fields = Object.keys(shapeOf(DATA[event.type]))
  const absent = (names: readonly string[]) => Object.fromEntries(names.map((each) => [each, null]))
  const attributes = ['subject', 'sequence', 'revision', 'voided', 'datacontenttype', 'dataschema']
  return [
    { type: event.type, event, sent: { ...absent(attributes), ...event, data: { ...absent(fields), ...event.data } } },
  ]
})

test.each(nulls)('$type: null for whatever may be left out is as if it were', ({ event, sent }) => {
  expect(readEvent(JSON.stringify(sent), NOW)).toEqual({ ok: true, event })
})

test.each(nulls)('$type: null for what is required is told as missing', ({ event, sent }) => {
  for (const field of Object.keys(event.data)) {
    const { [field]: _gone, ...rest } = event.data
    const missing = readEvent(JSON.stringify({ ...event, data: rest }), NOW)
    expect(readEvent(JSON.stringify({ ...sent, data: { ...sent.data, [field]: null } }), NOW)).toEqual(missing)
  }
})
