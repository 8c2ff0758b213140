import { type Formatter, magnitude } from '@/lib/format'
import type { Waterfall } from '@/lib/metrics/overview-types'
import { axis } from './axis'
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
  return { ...axis(rows, format.compactMoney), row: 28, rows }
}
