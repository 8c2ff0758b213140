import { expect, it } from 'vitest'
import { shiftAt } from './shift'

const lodz = {
  tz: 'Europe/Warsaw',
  shifts: [
    { id: 'early', from: '06:00', to: '14:00' },
    { id: 'late', from: '14:00', to: '22:00' },
    { id: 'night', from: '22:00', to: '06:00' },
  ],
}

it('goes by the facility clock, over midnight and through a change of clocks', () => {
  expect(shiftAt(lodz, new Date('2026-07-01T03:59:00Z'))).toBe('night')
  expect(shiftAt(lodz, new Date('2026-07-01T04:00:00Z'))).toBe('early')
  expect(shiftAt(lodz, new Date('2026-01-05T04:30:00Z'))).toBe('night')
  expect(shiftAt(lodz, new Date('2026-01-05T21:00:00Z'))).toBe('night')
  expect(shiftAt(lodz, new Date('2026-01-05T20:59:59Z'))).toBe('late')
  expect(shiftAt({ tz: 'UTC', shifts: [] }, new Date())).toBe('')
})
