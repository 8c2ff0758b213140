'use client'
import type { CSSProperties } from 'react'
import { LivePlot } from './live-plot'
import type { TrendView } from './trend-view'

const HEIGHT = 264
/** Room for words around the plot; the interactive form is drawn inside the very same plot box. */
const ROOM = { top: 22, right: 52, bottom: 26, left: 40 }

/**
 * A line over time, complete without scripts (it is drawn on the server too; the data travel once, as `view`): paths in a stretched viewBox, words in HTML around it. Only the plot in the
 * middle is replaced by the interactive form when a person reaches for it, so nothing else can move.
 */
export function TrendChart({ view }: { view: TrendView }) {
  const [low, high] = view.domain
  const n = Math.max(view.points.length - 1, 1)
  const x = (index: number) => (index / n) * 100
  const y = (value: number) => (1 - (value - low) / (high - low)) * 100
  const box: CSSProperties = { top: ROOM.top, right: ROOM.right, bottom: ROOM.bottom, left: ROOM.left }
  return (
    <div className="relative" style={{ height: HEIGHT }}>
      <div className="@container absolute" style={box} aria-hidden="true">
        {view.ticks.map((tick) => (
          <div key={tick.value} className="absolute inset-x-0" style={{ top: `${y(tick.value)}%` }}>
            <div className="h-px bg-line" />
            <span className="num absolute right-full -translate-y-1/2 pr-2 text-2xs text-muted">{tick.text}</span>
          </div>
        ))}
        {view.labels.map((label) => (
          <span
            key={label.index}
            className={`absolute top-full mt-1.5 -translate-x-1/2 whitespace-nowrap text-2xs text-muted ${label.minor ? '@max-lg:hidden' : ''}`}
            style={{ left: `${x(label.index)}%` }}
          >
            {label.text}
          </span>
        ))}
        {view.marks.map((mark) => (
          <div
            key={`${mark.position}${mark.text}`}
            className="absolute -top-5 bottom-0 border-l border-dashed border-faint"
            style={{ left: `${x(mark.position)}%` }}
          >
            <span
              className={`absolute top-0 truncate whitespace-nowrap px-1.5 text-2xs text-muted ${mark.end ? 'right-0' : 'left-0'}`}
              style={{ maxWidth: `${(mark.room * 100).toFixed(1)}cqw` }}
              title={mark.text}
            >
              {mark.text}
            </span>
          </div>
        ))}
        {spread(view).map((end) => (
          <span
            key={end.series}
            className={`num absolute left-full -translate-y-1/2 pl-2 text-xs ${end.series === 'current' ? 'font-medium' : 'text-muted'}`}
            style={{ top: `${y(end.at)}%` }}
          >
            {end.text}
          </span>
        ))}
      </div>
      <LivePlot kind="trend" view={view} label={view.sentence} style={box}>
        <StaticLines view={view} x={x} y={y} />
      </LivePlot>
    </div>
  )
}

/** End labels that would lie upon each other are moved apart, each by half of what lacks. */
function spread(view: TrendView): (TrendView['ends'][number] & { at: number })[] {
  const [low, high] = view.domain
  const line = ((high - low) * 16) / (HEIGHT - ROOM.top - ROOM.bottom)
  const [a, b] = view.ends
  if (!a) return []
  if (!b || Math.abs(a.value - b.value) >= line) return view.ends.map((end) => ({ ...end, at: end.value }))
  const middle = (a.value + b.value) / 2
  const half = line / 2
  return [
    { ...a, at: middle + (a.value >= b.value ? half : -half) },
    { ...b, at: middle + (a.value >= b.value ? -half : half) },
  ]
}

function StaticLines({ view, x, y }: { view: TrendView; x: (i: number) => number; y: (v: number) => number }) {
  const path = (pick: (point: TrendView['points'][number]) => number | null) => {
    let pen = 'M'
    return view.points
      .map((point, i) => {
        const value = pick(point)
        if (value === null) {
          pen = 'M'
          return ''
        }
        const step = `${pen}${x(i).toFixed(2)} ${y(value).toFixed(2)}`
        pen = 'L'
        return step
      })
      .join('')
  }
  const band = view.points.flatMap((point, i) => (point.band ? [{ i, low: point.band[0], high: point.band[1] }] : []))
  const edge = (points: { i: number; value: number }[]) =>
    points.map((point) => `${x(point.i).toFixed(2)} ${y(point.value).toFixed(2)}`).join('L')
  const upper = edge(band.map((b) => ({ i: b.i, value: b.high })))
  const lower = edge(band.toReversed().map((b) => ({ i: b.i, value: b.low })))
  const stroke = { fill: 'none', vectorEffect: 'non-scaling-stroke', strokeLinejoin: 'round' } as const
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="mark size-full overflow-visible"
      aria-hidden="true"
    >
      {band.length > 1 ? <path d={`M${upper}L${lower}Z`} fill="var(--s1)" opacity={0.14} /> : null}
      <path d={path((p) => p.previous)} stroke="var(--prior)" strokeWidth={1.5} {...stroke} />
      <path d={path((p) => p.value)} stroke="var(--s1)" strokeWidth={2} {...stroke} />
      <path d={path((p) => p.tail)} stroke="var(--s1)" strokeWidth={2} strokeDasharray="4 4" {...stroke} />
    </svg>
  )
}
