'use client'
import { BAR, type BarsView, lay, PREVIOUS } from './bars-view'
import { LivePlot } from './live-plot'

/** Horizontal bars from zero: names left, bars on one scale, exact figures right. Complete without scripts. */
export function BarsChart({
  view,
  label,
  wide = false,
  long = false,
}: {
  view: BarsView
  label: string
  wide?: boolean
  /** Room for an id and a name. */
  long?: boolean
}) {
  const [low, high] = view.domain
  const place = (value: number) => ((value - low) / (high - low)) * 100
  const height = view.rows.length * view.row
  return (
    <div
      className={`relative [--value:5rem] ${long ? '[--label:8.5rem] sm:[--label:12rem] xl:[--label:18rem]' : wide ? '[--label:8.5rem] sm:[--label:10rem]' : '[--label:5.5rem]'}`}
      style={{ height: height + 22 }}
    >
      <div className="absolute left-[var(--label)] right-[var(--value)]" style={{ height }} aria-hidden="true">
        {view.ticks.map((tick) => (
          <div
            key={tick.value}
            className={`absolute inset-y-0 border-l ${tick.value === 0 ? 'border-field' : 'border-line'}`}
            style={{ left: `${place(tick.value)}%` }}
          >
            <span className="num absolute top-full mt-1 -translate-x-1/2 text-2xs text-muted">{tick.text}</span>
          </div>
        ))}
      </div>
      <ul>
        {view.rows.map((row) => (
          <li
            key={row.id}
            className={`flex items-center justify-between text-sm ${row.strong ? 'border-t border-line font-medium' : ''}`}
            style={{ height: view.row }}
          >
            <span className="w-[var(--label)] truncate pr-3" title={row.label}>
              {row.label}
            </span>
            {row.href ? (
              <a className="num link w-[var(--value)] text-right text-ink" href={row.href}>
                {row.text}
              </a>
            ) : (
              <span className="num w-[var(--value)] text-right">{row.text}</span>
            )}
          </li>
        ))}
      </ul>
      <LivePlot
        kind="bars"
        view={view}
        label={label}
        className="left-[var(--label)] right-[var(--value)] top-0"
        style={{ height }}
      >
        <svg
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          className="mark size-full overflow-visible"
          aria-hidden="true"
        >
          {view.rows.map((row, i) => {
            const { top, previousTop } = lay(row, view.row)
            return (
              <g key={row.id} transform={`translate(0 ${i * view.row})`}>
                {row.spans.map((span) => (
                  <rect
                    key={span.id}
                    x={place(Math.min(span.from, span.to))}
                    width={Math.abs(place(span.to) - place(span.from))}
                    y={top}
                    height={BAR}
                    fill={span.color}
                  />
                ))}
                {row.previous ? (
                  <rect
                    x={place(Math.min(...row.previous))}
                    width={Math.abs(place(row.previous[1]) - place(row.previous[0]))}
                    y={previousTop}
                    height={PREVIOUS}
                    fill="var(--prior)"
                  />
                ) : null}
              </g>
            )
          })}
        </svg>
      </LivePlot>
    </div>
  )
}
