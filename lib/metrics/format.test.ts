import { expect, test } from 'vitest'
import { EVERYTHING } from '../auth/actor'
import { format } from './format'
import { normalize } from './normalize'
import { plan } from './plan'
import type { Ask } from './question'

test('a row that only the earlier dates have is no row of the dates asked for, though its divisor stands beside it', () => {
  const question = normalize(
    { scope: EVERYTHING },
    {
      metrics: ['return_rate_units'],
      by: ['reason'],
      from: '2026-03-01',
      to: '2026-03-29',
      tz: 'UTC',
      filters: [],
      compare: 'previous_period',
    },
    new Date('2026-06-01T00:00:00Z'),
  )
  const { current, previous, metrics } = question
  if (!previous) throw new Error('nothing to compare with')
  const asks: Ask[] = [current, previous].map((frame) => ({ frame, metrics }))
  const planned = plan(question, asks)
  // Sales know no reason: their sums stand beside every row.
  const sums = planned.sums.map(({ partId, frame }) =>
    partId === 'sold_quantity' ? '100' : frame === previous ? '3' : '0',
  )
  const answer = { rows: [['gift', ...sums]], totals: undefined }
  const rows = asks.map((ask) => format(planned, answer, ask).rows)
  expect(rows).toEqual([[], [{ reason: 'gift', return_rate_units: 0.03 }]])
})
