import { scaleLinear } from 'd3-scale'
import type { Formatter } from '@/lib/format'
import type { Trend, TrendPoint } from '@/lib/metrics/overview-types'

/**
 * A trend as both its drawings need it: scale, ticks and every word decided once on the server, so that the static and the
 * interactive form cannot differ.
 */
export interface TrendView {
  /** One sentence: range, last complete value, change. */
  sentence: string
  domain: [number, number]
  ticks: { value: number; text: string }[]
  /** The value axis does not begin at zero. */
  cut: boolean
  points: TrendDot[]
  /** Index of each labelled point; `minor` ones are left out where space is short. */
  labels: { index: number; text: string; minor: boolean }[]
  /** Position in points, fractional: an annotation may fall between two. */
  marks: { position: number; text: string; end: boolean; room: number }[]
  /** What stands at the right end of a line. */
  ends: { value: number; text: string; series: 'current' | 'previous' }[]
  names: { current: string; previous: string; tail: string }
}

export interface TrendDot {
  label: string
  /** Solid line. */
  value: number | null
  /** Dashed line; holds the last solid value too, so that the lines join. */
  tail: number | null
  band: [number, number] | null
  previous: number | null
  /** Rows of the tooltip and of the table. */
  facts: { name: string; text: string }[]
}

const STEP_DAYS = { day: 1, week: 7, month: 30.4 } as const

export function trendView(
  trend: Trend,
  format: Formatter,
  names: { current: string; previous: string; subject: string },
): TrendView {
  const { points } = trend
  const solid = points.map((point) => (point.state === 'final' ? point.value : null))
  const lastSolid = solid.findLastIndex((value) => value !== null)
  const dots = points.map((point, index) => dot(point, index, lastSolid, trend, format, names))
  const known = dots.flatMap((d) => [d.value, d.tail, d.previous, ...(d.band ?? [])]).filter((v) => v !== null)
  const scale = scaleLinear().domain(span(known)).nice(4)
  const [low = 0, high = 1] = scale.domain()
  const first = points[0]
  const last = points[lastSolid]
  return {
    sentence: sentence(trend, solid, format, names),
    domain: [low, high],
    ticks: scale.ticks(4).map((value) => ({ value, text: tickText(value, format) })),
    cut: low > 0,
    points: dots,
    labels: dots.flatMap((d, index) => {
      const every = Math.max(1, Math.ceil(dots.length / 7))
      return index % every === 0 ? [{ index, text: d.label, minor: (index / every) % 2 === 1 }] : []
    }),
    marks: first ? marks(trend, first.at) : [],
    ends: ends(dots, format, last?.at),
    names: {
      ...names,
      tail: dots.some((d) => d.band && d.band[0] !== d.band[1])
        ? 'Not yet mature, 80\u202f% band'
        : `Running ${trend.bucket}`,
    },
  }
}

function span(known: number[]): [number, number] {
  if (known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const room = (high - low || high || 1) * 0.15
  // A line's axis may be cut, but a line that is near zero anyway begins there.
  return [low - room < high * 0.35 ? 0 : low - room, high + room / 2]
}

const tickText = (value: number, format: Formatter): string => format.percent(value).replace(/[.,]0(?=\u202f)/, '')

function dot(
  point: TrendPoint,
  index: number,
  lastSolid: number,
  trend: Trend,
  format: Formatter,
  names: { current: string; previous: string },
): TrendDot {
  const solid = point.state === 'final'
  const banded = !solid && point.low !== null && point.high !== null
  return {
    label: trend.bucket === 'month' ? format.month(point.at) : format.day(point.at),
    value: solid ? point.value : null,
    tail: !solid || index === lastSolid ? point.value : null,
    band: banded
      ? [point.low ?? 0, point.high ?? 0]
      : index === lastSolid && point.value !== null
        ? [point.value, point.value]
        : null,
    previous: point.previous,
    facts: facts(point, format, names),
  }
}

function facts(point: TrendPoint, format: Formatter, names: { current: string; previous: string }) {
  const rows: { name: string; text: string }[] = []
  if (point.state === 'final') rows.push({ name: names.current, text: format.percent(point.value) })
  if (point.state === 'immature' || (point.state === 'unfinished' && point.low !== null)) {
    rows.push({ name: 'Projected', text: format.percent(point.value) })
    rows.push({ name: '80\u202f% band', text: `${format.percentCell(point.low)} to ${format.percent(point.high)}` })
    rows.push({ name: 'Visible so far', text: format.percent(point.observed) })
    rows.push({ name: 'Maturity', text: format.percent(point.maturity) })
  } else if (point.state === 'unfinished') {
    rows.push({ name: 'So far', text: format.percent(point.value) })
    rows.push({ name: 'Elapsed', text: format.percent(point.maturity) })
  } else if (point.state === 'early') {
    rows.push({ name: 'Visible so far', text: `${format.percent(point.observed)}, too young to project` })
  }
  if (point.previous !== null) rows.push({ name: names.previous, text: format.percent(point.previous) })
  if (point.denominator !== null) {
    rows.push({
      name: 'Returned of sold',
      text: `${format.count(point.numerator)} of ${format.count(point.denominator)}`,
    })
  }
  return rows
}

/** Annotations within the picture; `room` is the share of its width that a text may take before it meets another. */
function marks(trend: Trend, start: string): TrendView['marks'] {
  const last = trend.points.length - 1
  const inside = trend.annotations
    .map((note) => {
      const days = (Date.parse(note.at) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000
      return { position: days / STEP_DAYS[trend.bucket], text: note.label }
    })
    .filter((note) => note.position >= 0 && note.position <= last)
    .toSorted((a, b) => a.position - b.position)
    // Text of a mark in the right third stands to its left, else it would run out of the picture.
    .map((note) => ({ ...note, end: note.position > last * 0.66 }))
  return inside.map((note, i) => {
    const other = note.end ? inside[i - 1] : inside[i + 1]
    const edge = other?.position ?? (note.end ? 0 : last)
    const shared = other && other.end !== note.end ? 2 : 1
    return { ...note, room: Math.abs(edge - note.position) / last / shared }
  })
}

function ends(dots: TrendDot[], format: Formatter, lastMature: string | undefined): TrendView['ends'] {
  const current = dots.findLast((d) => d.tail !== null || d.value !== null)
  const previous = dots.findLast((d) => d.previous !== null)
  const result: TrendView['ends'] = []
  const now = current ? (current.tail ?? current.value) : null
  if (now !== null && lastMature) result.push({ value: now, text: format.percent(now), series: 'current' })
  if (previous?.previous != null && dots.at(-1)?.previous != null) {
    result.push({ value: previous.previous, text: format.percent(previous.previous), series: 'previous' })
  }
  return result
}

function sentence(
  trend: Trend,
  solid: (number | null)[],
  format: Formatter,
  names: { current: string; previous: string; subject: string },
): string {
  const complete = trend.points.filter((_, i) => solid[i] !== null)
  const [first, last] = [complete[0], complete.at(-1)]
  if (!first || !last)
    return `${names.subject}: no ${trend.bucket} in this period is mature yet; the dashed line is a projection.`
  const values = complete.flatMap((point) => point.value ?? [])
  const against = last.previous === null ? '' : `, ${names.previous.toLowerCase()} ${format.percent(last.previous)}`
  const tail = trend.points.length - complete.length
  const running = trend.points.every((point) => point.state === 'final' || point.state === 'unfinished')
  const young = tail === 1 ? `One ${trend.bucket} is` : `${tail} ${trend.bucket}s are`
  const open =
    tail === 0 ? '' : running ? ` The running ${trend.bucket} is dashed.` : ` ${young} not mature yet: dashed.`
  return `Between ${format.percentCell(Math.min(...values))} and ${format.percent(Math.max(...values))} since ${format.day(first.at)}; ${format.percent(last.value)} in the ${trend.bucket} of ${format.day(last.at)}${against}.${open}`
}
