import { type Asked, type Company, type Contribution, open, SPANS, span } from './contributions'
import { ESTIMATES } from './estimates'
import { counting, groups, instants, KEY, sides, TIMES, total } from './groups'
import { creditSpans, leaks, RATIOS, SUMS } from './sums'

export type { Asked, Company } from './contributions'

const OPEN = Object.keys(SPANS).flatMap((id) => [`${id}_open_units`, `${id}_open_age`])
const LEVELS: Record<string, number> = { p50: 0.5, p90: 0.9, p95: 0.95 }
const LAPSES = [...Object.keys(SPANS), 'days_to_credit'].flatMap((id) => [
  id,
  ...Object.keys(LEVELS).map((level) => `${id}_${level}`),
])
export const ORACLE_METRICS = [...Object.keys(SUMS), ...Object.keys(RATIOS), ...LAPSES, ...OPEN, 'leakage_cases']
export const ORACLE_ESTIMATES = Object.keys(ESTIMATES)

/** An exact decimal text of 1/10,000 for money and counts, a number for the rest, null where nothing divides. */
export type Value = string | number | null

/** What a metric is in each group. Groups in which all its parts are zero have no row of their own, but may stand in another's. */
export interface Answer {
  keys: Set<string>
  value: (key: string) => Value
}

/** Taken at an instant, not over a period. */
export const isAsOf = (metric: string): boolean =>
  /^(trapped|backlog|reserve)_|_open_(units|age)$|^(open_exposure_value|right_of_return_asset)$/.test(metric)

/** Evaluates one metric. */
export function answer(company: Company, metric: string, asked: Asked): Answer {
  const unit = asked.by.find((name) => TIMES.includes(name))
  if (unit && isAsOf(metric)) return byInstant(company, metric, asked, unit)
  const estimate = ESTIMATES[metric]
  if (estimate) return estimate(company, asked)
  const sum = SUMS[metric]
  if (sum) return sumOf(counting(sum.list, company, asked), asked, sum.money ? 1n : 10_000n)
  if (metric === 'leakage_cases') return leakageCases(counting(leaks, company, asked), asked)
  const ratio = RATIOS[metric]
  if (ratio) {
    const counted = ratio.counted ?? total
    const of = (asked.basis === 'activity' && ratio.activity) || ratio.of
    const { keys, above, below } = sides(asked, counting(of, company, asked), counting(ratio.by, company, asked))
    const value = (key: string) => {
      const divisor = total(below(key))
      return divisor === 0n ? null : (Number(counted(above(key))) / Number(divisor)) * (ratio.times ?? 1)
    }
    return { keys, value }
  }
  return lapse(company, metric, asked)
}

/** A snapshot for each bucket of time. */
function byInstant(company: Company, metric: string, asked: Asked, unit: string): Answer {
  const rest = asked.by.filter((name) => name !== unit)
  const looks = new Map(
    instants(unit, asked).map(({ label, at }) => [label, answer(company, metric, { ...asked, by: rest, asOf: at })]),
  )
  const whole = (label: string, key: string) => {
    const parts = rest.length === 0 ? [] : key.split(KEY)
    return asked.by.map((name) => (name === unit ? label : (parts[rest.indexOf(name)] ?? ''))).join(KEY)
  }
  return {
    keys: new Set([...looks].flatMap(([label, { keys }]) => [...keys].map((key) => whole(label, key)))),
    value(key) {
      const parts = key.split(KEY)
      const look = looks.get(parts[asked.by.indexOf(unit)] ?? '')
      return look ? look.value(parts.filter((_, index) => asked.by[index] !== unit).join(KEY)) : null
    },
  }
}

function sumOf(items: readonly Contribution[], asked: Asked, scale: bigint): Answer {
  const found = new Map([...groups(items, asked.by, asked)].map(([key, group]) => [key, total(group) * scale]))
  return {
    keys: new Set([...found].flatMap(([key, value]) => (value === 0n ? [] : [key]))),
    value: (key) => (found.get(key) ?? 0n).toString(),
  }
}

function leakageCases(items: readonly Contribution[], asked: Asked): Answer {
  const cases = (group: readonly Contribution[]) =>
    new Set(
      group.flatMap(({ unit, at, own }) =>
        (unit?.leaks ?? [])
          .filter((leak) => leak.at === at && leak.category === own?.leakage_category)
          .map(({ settlement }) => settlement),
      ),
    ).size
  const found = groups(items, asked.by, asked)
  return { keys: new Set(found.keys()), value: (key) => `${cases(found.get(key) ?? []) * 10_000}` }
}

function lapse(company: Company, metric: string, asked: Asked): Answer {
  const id = metric.replace(/_(p50|p90|p95|open_units|open_age)$/, '')
  const list = metric.includes('_open_') ? open(id) : id === 'days_to_credit' ? creditSpans : span(id)
  const items = counting(list, company, asked)
  if (metric.endsWith('_open_units')) return sumOf(items, asked, 10_000n)
  const found = groups(items, asked.by, asked)
  const level = LEVELS[metric.slice(id.length + 1)]
  return {
    keys: new Set([...found].flatMap(([key, group]) => (total(group) === 0n ? [] : [key]))),
    value(key) {
      const group = found.get(key) ?? []
      const weight = total(group)
      if (weight === 0n) return null
      if (level !== undefined) return quantile(group, level)
      return group.reduce((days, { value, span: ms = 0 }) => days + Number(value) * ms, 0) / Number(weight) / 86_400_000
    },
  }
}

function quantile(items: readonly Contribution[], level: number): number | null {
  const threshold = Math.ceil(Number(total(items)) * level)
  let reached = 0n
  for (const item of [...items].sort((a, b) => (a.span ?? 0) - (b.span ?? 0))) {
    reached += item.value
    if (reached >= BigInt(threshold)) return (item.span ?? 0) / 86_400_000
  }
  return null
}
