'use client'
import { Area, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Tip } from './tip'
import type { TrendView } from './trend-view'

const line = { dot: false, isAnimationActive: false, type: 'linear', connectNulls: false } as const

/** The interactive form of StaticLines: same box, same scale, no room of its own. */
export function LiveTrend({ view, label }: { view: TrendView; label: string }) {
  const data = view.points.map((point, index) => ({ ...point, index }))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={data}
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
        accessibilityLayer
        title={label}
        className="live-chart"
      >
        <XAxis dataKey="index" type="number" domain={[0, Math.max(data.length - 1, 1)]} hide />
        <YAxis domain={view.domain} allowDataOverflow hide />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--faint)', strokeWidth: 1 }}
          allowEscapeViewBox={{ x: false, y: true }}
          content={({ active, payload }) => {
            const index: unknown = payload[0]?.payload?.index
            const point = typeof index === 'number' ? view.points[index] : undefined
            return active && point ? <Tip title={point.label} facts={point.facts} /> : null
          }}
        />
        <Area
          dataKey="band"
          stroke="none"
          fill="var(--s1)"
          fillOpacity={0.14}
          isAnimationActive={false}
          activeDot={false}
        />
        <Line dataKey="previous" stroke="var(--prior)" strokeWidth={1.5} activeDot={{ r: 3 }} {...line} />
        <Line dataKey="value" stroke="var(--s1)" strokeWidth={2} activeDot={{ r: 4 }} {...line} />
        <Line dataKey="tail" stroke="var(--s1)" strokeWidth={2} strokeDasharray="4 4" activeDot={{ r: 4 }} {...line} />
      </ComposedChart>
    </ResponsiveContainer>
  )
}
