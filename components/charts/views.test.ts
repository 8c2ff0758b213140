import { describe, expect, it } from 'vitest'
import { formatFor } from '@/lib/format'
import type { Trend, TrendPoint, Waterfall } from '@/lib/metrics/overview-types'
import { lay } from './bars-view'
import { trappedView } from './trapped-view'
import { trendView } from './trend-view'
import { waterfallView } from './waterfall-view'

const format = formatFor({ locale: 'en-GB', tz: 'Europe/Berlin', currency: 'EUR' })
const spec = { metrics: [], by: [], from: '2026-08-24', to: '2026-11-24', tz: 'Europe/Berlin', filters: [] }
const names = { current: 'This period', previous: 'Prior year', subject: 'Return rate' }

const point = (at: string, state: TrendPoint['state'], value: number | null): TrendPoint => ({
  at,
  state,
  value,
  observed: value,
  low: state === 'immature' && value !== null ? value - 0.01 : null,
  high: state === 'immature' && value !== null ? value + 0.01 : null,
  maturity: 1,
  numerator: 1,
  denominator: 10,
  previous: 0.1,
})

const trend = (points: TrendPoint[], annotations: Trend['annotations'] = []): Trend => ({
  metric: 'return_rate_units',
  bucket: 'week',
  points,
  annotations,
  spec,
})

describe('a trend', () => {
  const view = trendView(
    trend(
      [
        point('2026-08-24', 'final', 0.12),
        point('2026-08-31', 'final', 0.13),
        point('2026-09-07', 'immature', 0.14),
        point('2026-09-14', 'early', null),
      ],
      [
        { at: '2026-08-27T12:00:00Z', kind: 'policy', label: 'Policy v7', author: '' },
        { at: '2026-12-01T00:00:00Z', kind: 'note', label: 'outside', author: '' },
      ],
    ),
    format,
    names,
  )

  it('joins the dashed tail to the last mature value and never draws it solid', () => {
    expect(view.points.map((p) => p.value)).toEqual([0.12, 0.13, null, null])
    expect(view.points.map((p) => p.tail)).toEqual([null, 0.13, 0.14, null])
    expect(view.points.map((p) => p.band)).toEqual([null, [0.13, 0.13], [0.14 - 0.01, 0.14 + 0.01], null])
  })

  it('says only mature values in its sentence', () => {
    expect(view.sentence).toBe(
      'Between 12.0 and 13.0\u202f% since 24 Aug; 13.0\u202f% in the week of 31 Aug, prior year 10.0\u202f%. 2 weeks are not mature yet: dashed.',
    )
  })

  it('holds every line, its band and round ticks on its scale', () => {
    const [low, high] = view.domain
    expect(low).toBeLessThanOrEqual(0.1)
    expect(high).toBeGreaterThanOrEqual(0.15)
    expect(view.ticks.every((tick) => tick.value >= low && tick.value <= high)).toBe(true)
  })

  it('marks what happened between two points and leaves out what happened elsewhere', () => {
    expect(view.marks.map(({ text, position }) => [text, position])).toEqual([['Policy v7', 0.5]])
  })

  it('calls the running week running, not immature', () => {
    const activity = trendView(
      trend([point('2026-08-24', 'final', 0.12), point('2026-08-31', 'unfinished', 0.05)]),
      format,
      names,
    )
    expect(activity.sentence).toContain('The running week is dashed.')
    expect(activity.names.tail).toBe('Running week')
  })

  it('is drawn of one point, and of none', () => {
    expect(trendView(trend([point('2026-08-24', 'early', null)]), format, names).sentence).toContain('mature yet')
    expect(trendView(trend([]), format, names).points).toEqual([])
  })
})

describe('a waterfall', () => {
  const step = (metric: string, kind: 'component' | 'total', value: string, previous: string | null) => ({
    metric,
    kind,
    value,
    previous,
    spec,
  })
  const waterfall: Waterfall = {
    steps: [
      step('refunds', 'component', '-100.0000', '-80.0000'),
      step('restocked', 'component', '60.0000', null),
      step('total', 'total', '-40.0000', '-30.0000'),
    ],
    total: { metric: 'total', value: '-40.0000', spec },
  }
  const view = waterfallView(waterfall, format, { label: (id) => id, href: () => '#', previous: 'Prior year' })

  it('floats each part from where the one before ended, and stands the total on zero', () => {
    expect(view.rows.map((row) => row.spans.map((span) => [span.from, span.to])[0])).toEqual([
      [0, -100],
      [-100, -40],
      [0, -40],
    ])
    expect(view.rows.map((row) => row.previous)).toEqual([[0, -80], null, [0, -30]])
  })

  it('keeps zero in the picture and every figure exact in its facts', () => {
    expect(view.domain[1]).toBe(0)
    expect(view.rows[0]?.facts[0]).toEqual({ name: 'This period', text: '−€100.00' })
  })

  it('centres a bar together with its comparison', () => {
    const [first, second] = view.rows
    expect(first && lay(first, 28)).toEqual({ top: 5.5, previousTop: 19.5 })
    expect(second && lay(second, 28).top).toBe(8)
  })
})

it('stacks trapped value from zero, and its shares add up', () => {
  const view = trappedView(
    {
      asOf: '2026-11-23T12:00:00Z',
      cells: [
        { status: 'hold', bucket: '0–2', value: '30.0000', units: 3 },
        { status: 'received', bucket: '0–2', value: '70.0000', units: 7 },
        { status: 'vendor', bucket: '60+', value: '100.0000', units: 1 },
      ],
      total: { metric: 'trapped_value', value: '200.0000', spec },
    },
    format,
    (bucket) => bucket,
  )
  expect(view.rows[0]?.spans.map((span) => [span.id, span.from, span.to])).toEqual([
    ['received', 0, 70],
    ['hold', 70, 100],
  ])
  expect(view.rows[0]?.facts).toContainEqual({ name: 'Share', text: '50.0\u202f%' })
  expect(view.legend.map((entry) => entry.status)).toEqual(['received', 'hold', 'vendor'])
})
