import type { SparkPoint } from '@/lib/metrics/overview-types'

/**
 * A small line without axes: shape only, the number stands beside it. Stretches to its box (a phone's tile is narrow), the
 * stroke does not; what is not complete or not mature yet is dashed, and only the last complete value has a dot.
 */
export function Spark({ points, label }: { points: readonly SparkPoint[]; label: string }) {
  const known = points.flatMap((point, i) =>
    point.value === null ? [] : [{ i, value: point.value, complete: point.complete }],
  )
  if (known.length < 2) return <div className="h-8" aria-hidden="true" />
  const values = known.map((point) => point.value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (i: number) => (i / (points.length - 1)) * 100
  const y = (value: number) => (high === low ? 50 : 92 - ((value - low) / (high - low)) * 84)
  const path = (part: typeof known) =>
    part.map((point, n) => `${n ? 'L' : 'M'}${x(point.i).toFixed(1)} ${y(point.value).toFixed(1)}`).join('')
  const lastComplete = known.findLastIndex((point) => point.complete)
  const dot = known[lastComplete]
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing made of elements
    <div className="relative h-8 w-full pr-1" role="img" aria-label={label}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" className="size-full overflow-visible" aria-hidden="true">
        <path
          d={path(known.slice(0, lastComplete + 1))}
          fill="none"
          stroke="var(--prior)"
          strokeWidth={1.5}
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={path(known.slice(Math.max(lastComplete, 0)))}
          fill="none"
          stroke="var(--prior)"
          strokeWidth={1.5}
          strokeDasharray="2 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {dot ? (
        <i
          className="mark absolute size-[5px] -translate-x-1/2 -translate-y-1/2 rounded-full bg-ink"
          style={{ left: `calc(${(x(dot.i) / 100).toFixed(4)} * (100% - 4px))`, top: `${y(dot.value)}%` }}
          aria-hidden="true"
        />
      ) : null}
    </div>
  )
}
