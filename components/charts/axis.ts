import { scaleLinear } from 'd3-scale'
import type { BarsRow, BarsView } from './bars-view'

/** A scale that holds every span and zero, with round ticks. */
export function axis(rows: BarsRow[], words: (value: number) => string): Pick<BarsView, 'domain' | 'ticks'> {
  const ends = rows.flatMap((row) => [...row.spans.flatMap((span) => [span.from, span.to]), ...(row.previous ?? [])])
  const scale = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0, ...ends)])
    .nice(4)
  const [low = 0, high = 1] = scale.domain()
  const domain: [number, number] = low === high ? [0, 1] : [low, high]
  return { domain, ticks: scale.ticks(3).map((value) => ({ value, text: words(value) })) }
}
