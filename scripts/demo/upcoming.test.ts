import { expect, test } from 'vitest'
import type { CanonicalEvent } from '../../ingest/contract/event'
import { DAY, HOUR } from './calendar'
import { makeWorld } from './company'
import { paceAt } from './live'
import { upcoming } from './upcoming'

const TODAY = new Date('2026-11-23T14:00:00Z')
const world = makeWorld({ seed: 7, today: TODAY, months: 3, scale: 0.02 })
const end = TODAY.getTime()
const lines = (events: { event: CanonicalEvent }[]) => events.map(({ event }) => JSON.stringify(event))

test('the company goes on where its history ends, the same however the time is cut', async () => {
  const whole = await upcoming(world, end, end + 3 * DAY)
  const first = await upcoming(world, end, end + 10 * HOUR)
  const second = await upcoming(world, end + 10 * HOUR, end + 3 * DAY)
  expect(lines([...first.events, ...second.events])).toEqual(lines(whole.events))
  expect(new Set(whole.events.map(({ event }) => event.type)).size).toBeGreaterThan(12)
  expect(whole.events.every(({ known }) => known > end && known <= end + 3 * DAY)).toBe(true)
})

test('units that the history left open go on', async () => {
  const { events, underWay } = await upcoming(world, end, end + 3 * DAY)
  const received = events.filter(({ event }) => event.type === 'unit.received.v1').map(({ event }) => event.subject)
  expect(received.length).toBeGreaterThan(3)
  expect(underWay.size).toBeGreaterThan(3)
  expect(received.some((unit) => unit !== undefined && underWay.has(unit))).toBe(true)
})

test('the stream is two to three events a second by day, and thin at night', () => {
  expect(paceAt(Date.UTC(2026, 10, 23, 13))).toBeGreaterThan(2)
  expect(paceAt(Date.UTC(2026, 10, 23, 13))).toBeLessThan(4)
  expect(paceAt(Date.UTC(2026, 10, 23, 2))).toBeLessThan(1)
})
