import { parseAmount } from '../money'

/** What one input must be for a row to decide. Bounds are inclusive. */
export type Condition =
  | { readonly in: readonly string[] }
  | { readonly not: readonly string[] }
  | { readonly from?: number; readonly to?: number }
  | { readonly is: boolean }

export type PolicyValue = string | number | boolean

/** One row: when all of these hold, then this. */
export interface PolicyRow {
  readonly id: string
  readonly note: string
  readonly when: Readonly<Record<string, Condition>>
  readonly then: Readonly<Record<string, PolicyValue>>
}

/** Rows are read from the top: the first whose every condition holds decides. */
export interface DecisionTable {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly rows: readonly PolicyRow[]
}

export type PolicyFacts = Readonly<Record<string, PolicyValue | undefined>>

export interface Decision {
  /** The row that decided; undefined when none did, which callers treat as the most careful answer. */
  readonly row: PolicyRow | undefined
  readonly outputs: Readonly<Record<string, PolicyValue>>
  /** In words, why the rows above did not decide and this one did. */
  readonly explanation: readonly string[]
}

/** Exact comparison of decimals: numbers of main units as integers of 1/10,000. */
const scaled = (value: number): bigint | undefined => parseAmount(Number(value.toFixed(4)))

function holds(condition: Condition, fact: PolicyValue | undefined): boolean {
  if (fact === undefined) return false
  if ('in' in condition) return condition.in.includes(String(fact))
  if ('not' in condition) return !condition.not.includes(String(fact))
  if ('is' in condition) return fact === condition.is
  if (typeof fact !== 'number') return false
  const value = scaled(fact)
  const from = condition.from === undefined ? undefined : scaled(condition.from)
  const to = condition.to === undefined ? undefined : scaled(condition.to)
  if (value === undefined) return false
  return (from === undefined || value >= from) && (to === undefined || value <= to)
}

/** A condition in words. */
export function inWords(input: string, condition: Condition): string {
  const name = input.replaceAll('_', ' ')
  if ('in' in condition) return `${name} is ${condition.in.join(' or ')}`
  if ('not' in condition) return `${name} is not ${condition.not.join(' or ')}`
  if ('is' in condition) return condition.is ? name : `not ${name}`
  if (condition.from !== undefined && condition.to !== undefined)
    return `${name} from ${condition.from} to ${condition.to}`
  return condition.from === undefined ? `${name} at most ${condition.to}` : `${name} at least ${condition.from}`
}

/** Reads a table from the top: the first row whose every condition holds decides. A fact that is not known fulfils no condition. */
export function decide(table: DecisionTable, facts: PolicyFacts): Decision {
  const explanation: string[] = []
  for (const row of table.rows) {
    const failing = Object.entries(row.when).find(([input, condition]) => !holds(condition, facts[input]))
    if (!failing) {
      const why = Object.entries(row.when).map(([input, condition]) => inWords(input, condition))
      explanation.push(`${row.id} decides: ${why.length > 0 ? why.join(', ') : 'always'}.`)
      return { row, outputs: row.then, explanation }
    }
    const [input, condition] = failing
    const is = facts[input] === undefined ? 'not known' : String(facts[input])
    explanation.push(`${row.id} does not: ${inWords(input, condition)} is needed, it is ${is}.`)
  }
  return { row: undefined, outputs: {}, explanation: [...explanation, 'No row decides.'] }
}

/** What is wrong with a table: unknown inputs or outputs, two rows of one name, rows that can never be reached. */
export function faultsOf(table: DecisionTable): string[] {
  const faults: string[] = []
  const seen = new Set<string>()
  let always: string | undefined
  for (const { id, when, then } of table.rows) {
    if (seen.has(id)) faults.push(`Two rows are named ${id}.`)
    seen.add(id)
    if (always) faults.push(`${id} is never reached: ${always} above it decides always.`)
    for (const input of Object.keys(when))
      if (!table.inputs.includes(input)) faults.push(`${id} asks for ${input}, which is not an input.`)
    for (const output of Object.keys(then))
      if (!table.outputs.includes(output)) faults.push(`${id} gives ${output}, which is not an output.`)
    for (const output of table.outputs) if (!(output in then)) faults.push(`${id} does not give ${output}.`)
    if (Object.keys(when).length === 0) always ??= id
  }
  return faults
}
