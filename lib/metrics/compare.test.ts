import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, daysBetween } from './calendar'
import { compared } from './compare'

const T = Date.parse('2026-11-22T14:11:12.345Z')
const period = { from: '2026-08-24', to: '2026-11-23', instant: T, tz: 'Europe/Berlin' }
const iso = (instant: number) => new Date(instant).toISOString()

test('the year before is 364 days back, with its own as-of instant', () => {
  const before = compared(period, 'previous_year')
  expect([before.from, before.to, iso(before.instant)]).toEqual([
    '2025-08-25',
    '2025-11-24',
    '2025-11-23T14:11:12.345Z',
  ])
})

test('a calendar month moves by five weeks, so that it neither overlaps nor loses its weekdays', () => {
  expect(compared({ ...period, from: '2026-10-01', to: '2026-11-01' }, 'previous_period')).toMatchObject({
    from: '2026-08-27',
    to: '2026-09-27',
  })
})

test('weekdays meet weekdays, and the earlier period ends before the later begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 400 }), (start, length) => {
      const from = addDays('2020-01-01', start)
      const to = addDays(from, length)
      for (const compare of ['previous_period', 'previous_year'] as const) {
        const before = compared({ ...period, from, to }, compare)
        expect(daysBetween(before.from, from) % 7).toBe(0)
        expect(daysBetween(before.from, before.to)).toBe(length)
        if (compare === 'previous_period') expect(daysBetween(before.to, from)).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('dates of one’s own keep their end and never look past T', () => {
  const dates = { from: '2026-12-01', to: '2026-12-24' }
  expect(compared(period, dates)).toEqual({ ...dates, instant: T })
  expect(iso(compared(period, { from: '2026-07-27', to: '2026-10-26' }).instant)).toBe('2026-10-25T14:11:12.345Z')
})
