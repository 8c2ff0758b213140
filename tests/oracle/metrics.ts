import { type Asked, type Company, type Contribution, leaks, open, RATIOS, SPANS, SUMS, span } from './contributions'
import { ESTIMATES } from './estimates'
import { counting, dimension, groups, KEY, total } from './groups'

export type { Asked, Company } from './contributions'

export const ORACLE_METRICS = [
  ...Object.keys(SUMS),
  ...Object.keys(RATIOS),
  ...Object.keys(SPANS).flatMap((id) => [id, `${id}_p50`, `${id}_p90`, `${id}_open_units`, `${id}_open_age`]),
  'leakage_cases',
]
export const ORACLE_ESTIMATES = Object.keys(ESTIMATES)

/** What a metric is in each group: an exact decimal string for money and counts, a number for the rest, null where nothing divides. */
export type Answer = Map<string, string | number | null>

function quantile(items: readonly Contribution[], level: number): number | null {
  const weight = total(items)
  if (weight === 0n) return null
  const threshold = Math.ceil(Number(weight) * level)
  let reached = 0n
  for (const item of [...items].sort((a, b) => (a.span ?? 0) - (b.span ?? 0))) {
    reached += item.value
    if (reached >= BigInt(threshold)) return (item.span ?? 0) / 86_400_000
  }
  return null
}

/** Evaluates one metric. Groups in which everything is zero are left out, as in docs/metrics.md, "Answers". */
export function answer(company: Company, metric: string, asked: Asked): Answer {
  const estimate = ESTIMATES[metric]
  if (estimate) return estimate(company, asked)
  const result: Answer = new Map()
  const sum = SUMS[metric]
  if (sum) {
    for (const [key, items] of groups(counting(sum.list, company, asked), asked.by, asked)) {
      const value = total(items)
      if (value !== 0n) result.set(key, (sum.money ? value : value * 10_000n).toString())
    }
    return result
  }
  if (metric === 'leakage_cases') {
    for (const [key, items] of groups(
      counting(leaks, company, asked).filter(({ value }) => value !== 0n),
      asked.by,
      asked,
    )) {
      const ids = new Set(
        items.flatMap(({ unit, at, own }) =>
          (unit?.leaks ?? [])
            .filter((leak) => leak.at === at && leak.category === own?.leakage_category)
            .map(({ settlement }) => settlement),
        ),
      )
      result.set(key, (BigInt(ids.size) * 10_000n).toString())
    }
    return result
  }
  const ratio = RATIOS[metric]
  if (ratio) {
    const of = counting(ratio.of, company, asked)
    const by = counting(ratio.by, company, asked)
    // A side without a dimension is divided by what the other dimensions alone give.
    const sample = by[0]
    const shared = asked.by.filter((name) => !sample || dimension(name, sample, asked) !== undefined)
    const divisors = groups(by, shared, asked)
    const numerators = groups(of, asked.by, asked)
    const keys = new Set([...numerators.keys(), ...(shared.length === asked.by.length ? divisors.keys() : [])])
    for (const key of keys) {
      const parts = key.split(KEY)
      const divisor = total(divisors.get(shared.map((name) => parts[asked.by.indexOf(name)] ?? '').join(KEY)))
      const numerator = total(numerators.get(key))
      if (numerator === 0n && divisor === 0n) continue
      result.set(key, divisor === 0n ? null : (Number(numerator) / Number(divisor)) * (ratio.times ?? 1))
    }
    return result
  }
  const id = metric.replace(/_(p50|p90|open_units|open_age)$/, '')
  const list = metric.includes('_open_') ? open(id) : span(id)
  for (const [key, items] of groups(counting(list, company, asked), asked.by, asked)) {
    const weight = total(items)
    if (weight === 0n) continue
    if (metric.endsWith('_open_units')) result.set(key, (weight * 10_000n).toString())
    else if (metric.endsWith('_p50')) result.set(key, quantile(items, 0.5))
    else if (metric.endsWith('_p90')) result.set(key, quantile(items, 0.9))
    else
      result.set(
        key,
        items.reduce((days, item) => days + Number(item.value) * (item.span ?? 0), 0) / Number(weight) / 86_400_000,
      )
  }
  return result
}
