import type { QueryResult, QuerySpec, Row } from '../../lib/metrics/types'
import type { Asked, Company } from './contributions'
import { KEY, movedBack } from './groups'
import { type Answer, answer, type Value } from './metrics'
import type { Question } from './questions'

/** The question as the product takes it. */
export const specOf = ({ metrics, asked, back }: Question): QuerySpec => ({
  metrics,
  by: asked.by,
  from: asked.from,
  to: asked.to,
  tz: asked.tz,
  basis: asked.basis,
  filters: asked.filters,
  asOf: new Date(asked.asOf).toISOString(),
  ...(back ? { compare: 'previous_period' as const } : {}),
})

/** Where the product's answer is not the oracle's: rows, totals, and those of the earlier dates. A few of each. */
export function faultsOf(company: Company, { metrics, asked, back }: Question, result: QueryResult): string[] {
  const earlier = back ? movedBack(asked, back) : undefined
  return [
    ...frameFaults(company, metrics, asked, result),
    ...(earlier && result.comparison
      ? frameFaults(company, metrics, earlier, result.comparison)
      : earlier
        ? ['no comparison']
        : []),
  ]
}

function frameFaults(
  company: Company,
  metrics: readonly string[],
  asked: Asked,
  { rows, totals }: { rows: Row[]; totals: Row },
): string[] {
  const { by } = asked
  const named = new Map(rows.map((row) => [by.map((name) => String(row[name])).join(KEY), row]))
  const answers = metrics.map((metric) => ({ metric, expected: answer(company, metric, asked) }))
  // Without a dimension there is always one row.
  const idle =
    by.length === 0 ? [] : [...named.keys()].filter((key) => !answers.some((one) => one.expected.keys.has(key)))
  const faults = answers.flatMap(({ metric, expected }) => [
    ...rowFaults(named, metric, expected),
    ...totalFaults(totals, metric, by.length === 0 ? expected : answer(company, metric, { ...asked, by: [] })),
  ])
  const where = `by ${by.join(', ') || 'nothing'} (${asked.basis}, ${asked.tz}, ${asked.from} to ${asked.to} at ${new Date(asked.asOf).toISOString()}, ${asked.filters.length} filters)`
  return [...faults, ...idle.map((key) => `${shown(key)}: a row in which nothing is`)].map(
    (fault) => `${fault} ${where}`,
  )
}

const shown = (key: string) => key.replaceAll(KEY, ' | ') || '(all)'

function rowFaults(rows: ReadonlyMap<string, Row>, metric: string, expected: Answer): string[] {
  const keys = new Set([...rows.keys(), ...expected.keys])
  const faults = [...keys].flatMap((key) => {
    const row = rows.get(key)
    const value = expected.value(key)
    if (!row) return [`${metric}, ${shown(key)}: no row, oracle ${value}`]
    return same(row[metric], value) ? [] : [`${metric}, ${shown(key)}: product ${row[metric]}, oracle ${value}`]
  })
  return faults.slice(0, 2)
}

function totalFaults(totals: Row, metric: string, expected: Answer): string[] {
  const value = expected.value('')
  return same(totals[metric], value) ? [] : [`${metric}, total: product ${totals[metric]}, oracle ${value}`]
}

/** What is exact to the last digit; estimates and quotients as doubles go, and money of them to its last digit. No value is no number, and not 0. */
function same(ours: Value | undefined, theirs: Value): boolean {
  if (ours === undefined || ours === null || theirs === null) return ours === theirs
  if (typeof theirs === 'string') return BigInt(Math.round(Number(ours) * 10_000)).toString() === theirs
  const step = typeof ours === 'string' ? 0.0001 : 0
  return Math.abs(Number(ours) - theirs) <= step / 2 + 1e-9 * Math.max(1, Math.abs(Number(ours)), Math.abs(theirs))
}
