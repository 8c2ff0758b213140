import { describe, expect, it } from 'vitest'
import { formatFor, humanize, magnitude } from './format'

const en = formatFor({ locale: 'en-GB', tz: 'Europe/Berlin', currency: 'EUR' })
const de = formatFor({ locale: 'de-DE', tz: 'Europe/Berlin', currency: 'EUR' })

describe('words for numbers', () => {
  it('writes a true minus and keeps the percent sign at a narrow distance', () => {
    expect(en.brief('-418230.11', 'money')).toBe('−€418k')
    expect(en.percent(0.128)).toBe('12.8\u202f%')
    expect(de.percent(0.128)).toBe('12,8\u202f%')
    expect(en.percent(-0.039)).toBe('−3.9\u202f%')
  })

  it('says the day of what reaches no further than another day', () => {
    const now = new Date('2026-11-29T13:57:00Z')
    expect(en.reach('2026-11-29T13:51:53Z', now)).toBe('14:51:53')
    // In Berlin it is the 29th already.
    expect(en.reach('2026-11-28T23:10:00Z', now)).toBe('00:10:00')
    expect(en.reach('2026-11-27T14:51:53Z', now)).toBe('27 Nov, 15:51')
  })

  it('loses no digit of an amount', () => {
    expect(en.money('9007199254740993.1234')).toBe('€9,007,199,254,740,993.12')
  })

  it('tells a change of a rate in points, of money in money', () => {
    expect(en.step(-0.0112, 'ratio')).toBe('1.1\u202fpp')
    expect(en.step('-28227.28', 'money')).toBe('€28.2k')
    expect(en.signedPoints(0.0038)).toBe('+0.38')
    expect(en.signedPoints(-0.0038)).toBe('−0.38')
    expect(en.signedPoints(0)).toBe('0.00')
  })

  it('shows what has no value as a dash, never as zero', () => {
    for (const unit of ['money', 'ratio', 'days', 'count'] as const) expect(en.brief(null, unit)).toBe('–')
    expect(en.exact(undefined, 'ratio')).toBe('–')
    expect(en.percent(Number.NaN)).toBe('–')
    expect(magnitude('')).toBeNull()
  })

  it('ends a range on its last day and tells instants in the zone', () => {
    expect(en.range('2026-08-24', '2026-11-23')).toBe('24 Aug – 22 Nov 2026')
    expect(en.time('2026-10-25T01:30:00Z')).toBe('02:30:00')
    expect(de.day('2026-03-29')).toBe('29. März')
  })

  it('turns codes into words', () => {
    expect(humanize('too_small')).toBe('Too small')
    expect(humanize('')).toBe('Unknown')
  })
})
