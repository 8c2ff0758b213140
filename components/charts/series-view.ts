import { scaleLinear } from 'd3-scale'
import { type Formatter, NONE, type Unit } from '@/lib/format'
import type { TrendDot, TrendView } from './trend-view'

/** A figure in one step of time. */
export interface SeriesPoint {
  /** Short, under the axis. */
  label: string
  value: number | null
  /** Not all of it is in: the step runs, or its cohort is young. Drawn dashed, and never spoken of as the latest. */
  open: boolean
  /** What an open one is expected to end at, and its interval. */
  end: number | null
  band: [number, number] | null
  previous: number | null
  facts: { name: string; text: string }[]
}

export interface SeriesWords {
  label: string
  unit: Unit
  /** "month" */
  step: string
  previous: string
  /** Why the open ones are open. */
  open: string
}

/** A line of any unit over time, in the form that the trend is drawn from. Amounts and counts begin at zero. */
export function seriesView(points: readonly SeriesPoint[], words: SeriesWords, format: Formatter): TrendView {
  const last = points.findLastIndex(({ value, open }) => value !== null && !open)
  const dots = points.map((point, index): TrendDot => {
    const tail = point.end ?? point.value
    return {
      label: point.label,
      value: point.open ? null : point.value,
      tail: point.open ? tail : index === last ? point.value : null,
      band: point.open ? point.band : index === last && point.value !== null ? [point.value, point.value] : null,
      previous: point.previous,
      facts: point.facts,
    }
  })
  const known = dots
    .flatMap((dot) => [dot.value, dot.tail, dot.previous, ...(dot.band ?? [])])
    .filter((v) => v !== null)
  const scale = scaleLinear().domain(span(known, words.unit)).nice(4)
  const [low = 0, high = 1] = scale.domain()
  const brief = (value: number) => format.brief(value, words.unit)
  const every = Math.max(1, Math.ceil(dots.length / 7))
  return {
    sentence: sentence(points, last, words, brief),
    domain: [low, high],
    ticks: scale.ticks(4).map((value) => ({ value, text: brief(value).replace(/[.,]0(?=\u202f)/, '') })),
    cut: low > 0,
    points: dots,
    labels: dots.flatMap(({ label }, index) =>
      index % every === 0 ? [{ index, text: label, minor: (index / every) % 2 === 1 }] : [],
    ),
    marks: [],
    ends: ends(dots, brief),
    names: { current: 'This period', previous: words.previous, tail: words.open },
  }
}

function span(known: number[], unit: Unit): [number, number] {
  if (known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const room = (high - low || Math.abs(high) || 1) * 0.1
  if (unit !== 'ratio' && unit !== 'days') return [Math.min(0, low), Math.max(0, high) || (low < 0 ? 0 : 1)]
  // A line's axis may be cut, but a line that is near zero anyway begins there.
  return [low > 0 && low - room < high * 0.35 ? 0 : low - room, high + room]
}

function ends(dots: readonly TrendDot[], brief: (value: number) => string): TrendView['ends'] {
  const current = dots.findLast((dot) => (dot.tail ?? dot.value) !== null)
  const now = current?.tail ?? current?.value ?? null
  const then = dots.at(-1)?.previous ?? null
  return [
    ...(now === null ? [] : [{ value: now, text: brief(now), series: 'current' as const }]),
    ...(then === null ? [] : [{ value: then, text: brief(then), series: 'previous' as const }]),
  ]
}

function sentence(
  points: readonly SeriesPoint[],
  last: number,
  { label, step, previous, open }: SeriesWords,
  brief: (value: number) => string,
): string {
  const latest = points[last]
  const young = points.filter((point) => point.open && point.value !== null).length
  const dashed =
    young === 0 ? '' : ` ${young === 1 ? `One ${step} is` : `${young} ${step}s are`} dashed: ${open.toLowerCase()}.`
  if (!latest || latest.value === null) return `${label}: no ${step} of this period is complete yet.${dashed}`
  const values = points.flatMap(({ value, open: running }) => (value === null || running ? [] : [value]))
  const [low, high] = [brief(Math.min(...values)), brief(Math.max(...values))]
  const range = values.length > 1 ? ` Between ${low} and ${high}.` : ''
  const against = latest.previous === null ? '' : `, ${previous.toLowerCase()} ${brief(latest.previous)}`
  return `${label} ${brief(latest.value) || NONE} in ${latest.label}, the last complete ${step}${against}.${range}${dashed}`
}
