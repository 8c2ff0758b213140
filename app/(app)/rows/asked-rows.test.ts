import { describe, expect, it } from 'vitest'
import { readViewState } from '@/components/filters/view-state'
import { askedRows } from './asked-rows'

const state = readViewState({}, 'UTC', new Date('2026-11-25T13:00:00Z'))

describe('what the address of the rows asks for', () => {
  it.each(['constructor', 'toString', '__proto__', 'nothing'])(
    '%s is no figure: says so and shows the default',
    (id) => {
      const { metric, own, spec, unread } = askedRows({ metric: id }, state)
      expect(metric.id).toBe('return_rate_units')
      expect([own.metric, spec.metrics]).toEqual(['return_rate_units', ['return_rate_units']])
      expect(unread).toMatchObject([{ text: `metric=${id}` }])
    },
  )

  it('has nothing to say about a figure that there is', () => {
    expect(askedRows({ metric: 'sold_units' }, state)).toMatchObject({ metric: { id: 'sold_units' }, unread: [] })
    expect(askedRows({}, state).unread).toEqual([])
  })
})
