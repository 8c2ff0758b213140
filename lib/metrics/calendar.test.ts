import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addDaysTo,
  bucketOf,
  buckets,
  dateOf,
  daysBetween,
  isDate,
  offsetsAreWhole,
  startOfDate,
  startOfMonthFrom,
  TIME_UNITS,
  workingWeekBefore,
  zoneName,
} from './calendar'

const iso = (instant: number) => new Date(instant).toISOString()
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Apia',
]
const zone = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') })

describe('days of a zone', () => {
  test('begin at their first instant, which the clock change may move', () => {
    expect(iso(startOfDate('2026-03-29', 'Europe/Berlin'))).toBe('2026-03-28T23:00:00.000Z')
    expect(iso(startOfDate('2026-03-30', 'Europe/Berlin'))).toBe('2026-03-29T22:00:00.000Z')
    // In Santiago the clock goes from 23:59 to 01:00: the day has no midnight.
    expect(iso(startOfDate('2026-09-06', 'America/Santiago'))).toBe('2026-09-06T04:00:00.000Z')
  })

  test('hold each of their instants and no other', () => {
    fc.assert(
      fc.property(zone, instant, (tz, at) => {
        const date = dateOf(at, tz)
        expect(startOfDate(date, tz)).toBeLessThanOrEqual(at)
        expect(startOfDate(addDays(date, 1), tz)).toBeGreaterThan(at)
      }),
    )
  })

  test('a move by days keeps the time on the clock over the clock change', () => {
    expect(iso(addDaysTo(Date.parse('2026-10-24T12:00:00Z'), 1, 'Europe/Berlin'))).toBe('2026-10-25T13:00:00.000Z')
    expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3)
  })
})

describe('buckets', () => {
  test('follow each other without gap or overlap, from the one that holds the first day', () => {
    fc.assert(
      fc.property(
        zone,
        instant,
        fc.constantFrom(...TIME_UNITS),
        fc.integer({ min: 1, max: 30 }),
        (tz, at, unit, days) => {
          const from = dateOf(at, tz)
          const before = startOfDate(addDays(from, days), tz)
          const found = buckets(unit, from, before, tz, 10_000)
          expect(found[0]?.start).toBeLessThanOrEqual(startOfDate(from, tz))
          expect(found.at(-1)?.start).toBeLessThan(before)
          expect(found.at(-1)?.end).toBeGreaterThanOrEqual(before)
          for (const [index, bucket] of found.entries()) {
            expect(bucket.end).toBeGreaterThan(bucket.start)
            if (index > 0) expect(bucket.start).toBe(found[index - 1]?.end)
          }
          expect(new Set(found.map(({ label }) => label)).size).toBe(found.length)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('weeks begin on Monday, quarters on their first month', () => {
    expect(bucketOf('2026-11-22', 'week')).toBe('2026-11-16')
    expect(bucketOf('2026-11-23', 'week')).toBe('2026-11-23')
    expect(bucketOf('2026-11-22', 'quarter')).toBe('2026-10-01')
    expect(bucketOf('2026-11-22', 'month')).toBe('2026-11-01')
  })

  test('a day of 25 hours has 25', () => {
    const hours = buckets('hour', '2026-10-25', startOfDate('2026-10-26', 'Europe/Berlin'), 'Europe/Berlin', 100)
    expect(hours).toHaveLength(25)
  })
})

test('five working days before a Tuesday reach back over one weekend', () => {
  const { start, end } = workingWeekBefore(Date.parse('2026-11-24T09:00:00Z'), 'Europe/Berlin')
  expect([iso(start), iso(end)]).toEqual(['2026-11-16T23:00:00.000Z', '2026-11-23T23:00:00.000Z'])
})

test('months are counted on the calendar of the zone', () => {
  expect(iso(startOfMonthFrom(Date.parse('2026-03-31T22:30:00Z'), -2, 'Europe/Berlin'))).toBe(
    '2026-01-31T23:00:00.000Z',
  )
})

test('a zone with half hours is not cut by whole hours', () => {
  const year = [Date.parse('2026-01-01'), Date.parse('2027-01-01')] as const
  expect(offsetsAreWhole(60, ...year, 'Europe/Berlin')).toBe(true)
  expect(offsetsAreWhole(60, ...year, 'Asia/Kolkata')).toBe(false)
  expect(offsetsAreWhole(15, ...year, 'Asia/Kathmandu')).toBe(true)
  expect(offsetsAreWhole(60, ...year, 'Australia/Lord_Howe')).toBe(false)
})

test('zones and dates that are none are known as such', () => {
  expect(zoneName('europe/berlin')).toBe('Europe/Berlin')
  expect(zoneName('Mars/Base')).toBeUndefined()
  expect(zoneName('+02:00')).toBeUndefined()
  expect(['2026-02-29', '2026-2-1', '2024-02-29', '1969-12-31'].map(isDate)).toEqual([false, false, true, false])
})
