import { scaleLinear } from 'd3-scale'
import { type Formatter, magnitude } from '@/lib/format'
import type { Waterfall } from '@/lib/metrics/overview-types'
import type { BarsRow, BarsView } from './bars-view'

/** Floating bars from the running sum, zero in the picture; subtotals and the total stand on zero. */
export function waterfallView(
  waterfall: Waterfall,
  format: Formatter,
  words: { label: (metric: string) => string; href: (step: Waterfall['steps'][number]) => string; previous: string },
): BarsView {
  let running = 0
  const rows = waterfall.steps.map((step): BarsRow => {
    const value = magnitude(step.value) ?? 0
    const from = step.kind === 'component' ? running : 0
    const to = step.kind === 'component' ? running + value : value
    running = to
    const previous = magnitude(step.previous)
    const color = step.kind !== 'component' ? 'var(--faint)' : value < 0 ? 'var(--worse)' : 'var(--better)'
    return {
      id: step.metric,
      label: words.label(step.metric),
      text: format.compactMoney(step.value),
      href: words.href(step),
      strong: step.kind !== 'component',
      spans: [{ id: step.metric, from, to, color }],
      previous: previous === null ? null : [from, from + previous],
      facts: [
        { name: 'This period', text: format.money(step.value) },
        ...(previous === null ? [] : [{ name: words.previous, text: format.money(step.previous) }]),
        ...(step.kind === 'component' ? [{ name: 'Running sum', text: format.wholeMoney(running) }] : []),
      ],
    }
  })
  return { ...axis(rows, format), row: 28, rows }
}

/** A scale that holds every span and zero, with round ticks. */
export function axis(rows: BarsRow[], format: Formatter): Pick<BarsView, 'domain' | 'ticks'> {
  const ends = rows.flatMap((row) => [...row.spans.flatMap((span) => [span.from, span.to]), ...(row.previous ?? [])])
  const scale = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0, ...ends)])
    .nice(4)
  const [low = 0, high = 1] = scale.domain()
  const domain: [number, number] = low === high ? [0, 1] : [low, high]
  return { domain, ticks: scale.ticks(3).map((value) => ({ value, text: format.compactMoney(value) })) }
}
