'use client'
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { BAR, type BarsRow, type BarsView, lay, PREVIOUS } from './bars-view'
import { Tip } from './tip'

/** The interactive form of the static bars: recharts finds the row under a pointer or an arrow key, the spans are ours. */
export function LiveBars({ view, label }: { view: BarsView; label: string }) {
  const data = view.rows.map((row, index) => ({ index, extent: view.domain, row }))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
        barCategoryGap={0}
        accessibilityLayer
        title={label}
      >
        <XAxis type="number" domain={view.domain} allowDataOverflow hide />
        <YAxis type="category" dataKey="index" hide />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--sel)', fillOpacity: 0.6 }}
          allowEscapeViewBox={{ x: false, y: true }}
          content={({ active, payload }) => {
            const index: unknown = payload[0]?.payload?.index
            const row = typeof index === 'number' ? view.rows[index] : undefined
            return active && row ? <Tip title={row.label} facts={row.facts} /> : null
          }}
        />
        <Bar
          dataKey="extent"
          isAnimationActive={false}
          shape={({ x, y, width, height, index }) => {
            const row = view.rows[index]
            return row ? <Spans row={row} view={view} x={x} y={y} width={width} height={height} /> : <g />
          }}
        />
      </BarChart>
    </ResponsiveContainer>
  )
}

function Spans(props: { row: BarsRow; view: BarsView; x: number; y: number; width: number; height: number }) {
  const [low, high] = props.view.domain
  const place = (value: number) => props.x + ((value - low) / (high - low)) * props.width
  const { top, previousTop } = lay(props.row, props.height)
  return (
    <g>
      {props.row.spans.map((span) => (
        <rect
          key={span.id}
          x={place(Math.min(span.from, span.to))}
          width={Math.abs(place(span.to) - place(span.from))}
          y={props.y + top}
          height={BAR}
          fill={span.color}
        />
      ))}
      {props.row.previous ? (
        <rect
          x={place(Math.min(...props.row.previous))}
          width={Math.abs(place(props.row.previous[1]) - place(props.row.previous[0]))}
          y={props.y + previousTop}
          height={PREVIOUS}
          fill="var(--prior)"
        />
      ) : null}
    </g>
  )
}
