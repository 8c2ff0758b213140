import type { Answer, Cells } from './execute'
import { needed, type Plan, sumKey } from './plan'
import type { Ask } from './question'
import type { Row } from './types'
import { rawOf, reckon } from './values'

/** One frame's rows and totals. */
export interface Formatted {
  rows: Row[]
  totals: Row
}

/**
 * Fifth step: metrics from sums. A frame's rows are those in which any of its sums that have all dimensions is not zero: the
 * others stand beside every row, also beside those that only another frame has. Without `by` there is always one row.
 */
export function format(plan: Plan, answer: Answer, ask: Ask): Formatted {
  const rows = answer.rows
    .filter((cells) => plan.totals === 'row' || hasAny(plan, cells, ask))
    .map((cells) => rowOf(plan, cells, ask))
  const totals = plan.totals === 'row' ? answer.rows[0] : answer.totals
  return { rows, totals: totals ? metricsOf(plan, totals, ask) : metricsOf(plan, [], ask) }
}

const rowOf = (plan: Plan, cells: Cells, ask: Ask): Row => ({
  ...Object.fromEntries(plan.question.by.map(({ id }, index) => [id, String(cells[index] ?? '')])),
  ...metricsOf(plan, cells, ask),
})

function hasAny({ sums, groups, question }: Plan, cells: Cells, { frame }: Ask): boolean {
  const whole = new Set(groups[0]?.scans.flatMap((scan) => scan.sums.map(({ alias }) => alias)))
  return sums.some(
    (sum, index) =>
      sum.frame === frame && whole.has(sum.alias) && Number(rawOf(cells[question.by.length + index])) !== 0,
  )
}

function metricsOf({ question, sums }: Plan, cells: Cells, { frame, metrics }: Ask): Row {
  const raw = new Map(
    sums.map(({ partId, basis, frame: own }, index) => [
      sumKey(partId, basis, own),
      rawOf(cells[question.by.length + index]),
    ]),
  )
  return Object.fromEntries(
    metrics.map((metric) => {
      const keys = new Map(needed(metric).map(({ partId, basis }) => [partId, sumKey(partId, basis, frame)]))
      return [metric.definition.id, reckon(metric, (partId) => raw.get(keys.get(partId) ?? '') ?? 0n)]
    }),
  )
}
