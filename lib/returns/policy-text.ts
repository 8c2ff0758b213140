import type { Condition, DecisionTable, PolicyRow, PolicyValue } from './policy'
import { BOOLEAN_INPUTS, BOOLEAN_OUTPUTS, CODES_OF, NUMBER_INPUTS, NUMBER_OUTPUTS } from './policy-columns'

/** A row as people write it in a table: texts by column. '' is no condition. */
export interface TextRow {
  readonly id: string
  readonly note: string
  readonly when: Readonly<Record<string, string>>
  readonly gives: Readonly<Record<string, string>>
}

/** What is wrong with a cell. */
export interface CellFault {
  readonly row: string
  readonly column: string
  readonly message: string
}

const RANGE = /^(-?\d+(?:\.\d{1,4})?)?\s*\.\.\s*(-?\d+(?:\.\d{1,4})?)?$/
const NUMBER = /^-?\d+(\.\d{1,4})?$/

/** What has no value yet is written as `none`. */
const NONE = 'none'
const nameOf = (value: string): string => (value === '' ? NONE : value)

/** A condition as it is written: `a | b`, `not a | b`, `5 .. 10`, `.. 30`, `12 ..`, `yes`, `no`. */
export function conditionText(condition: Condition | undefined): string {
  if (condition === undefined) return ''
  if ('in' in condition) return condition.in.map(nameOf).join(' | ')
  if ('not' in condition) return `not ${condition.not.map(nameOf).join(' | ')}`
  if ('is' in condition) return condition.is ? 'yes' : 'no'
  return `${condition.from ?? ''} .. ${condition.to ?? ''}`.trim()
}

/** What a written condition means; a text says what is wrong with it. */
export function readCondition(input: string, text: string): Condition | undefined | { readonly fault: string } {
  const written = text.trim()
  if (written === '') return undefined
  if (BOOLEAN_INPUTS.has(input))
    return written === 'yes' || written === 'no' ? { is: written === 'yes' } : { fault: 'is yes or no' }
  if (NUMBER_INPUTS.has(input)) {
    const range = RANGE.exec(written)
    if (!range || (range[1] === undefined && range[2] === undefined))
      return { fault: 'is a range such as 5 .. 10, .. 30 or 12 .. (both ends belong to it)' }
    const from = range[1] === undefined ? undefined : Number(range[1])
    const to = range[2] === undefined ? undefined : Number(range[2])
    if (from !== undefined && to !== undefined && from > to) return { fault: 'begins above its end' }
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  }
  const negated = /^not\s+/.test(written)
  const names = written
    .replace(/^not\s+/, '')
    .split('|')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => (each === NONE ? '' : each))
  const known = CODES_OF[input]
  const odd = known && names.find((name) => name !== '' && !known.includes(name))
  if (odd !== undefined) return { fault: `“${odd}” is none of ${known?.join(', ')}` }
  if (names.length === 0) return { fault: 'names nothing' }
  return negated ? { not: names } : { in: names }
}

const valueText = (value: PolicyValue | undefined): string =>
  value === undefined ? '' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)

function readValue(output: string, text: string): PolicyValue | { readonly fault: string } {
  const written = text.trim()
  if (BOOLEAN_OUTPUTS.has(output))
    return written === 'yes' || written === 'no' ? written === 'yes' : { fault: 'is yes or no' }
  if (NUMBER_OUTPUTS.has(output)) {
    if (!NUMBER.test(written) || Number(written) < 0) return { fault: 'is a number, not below zero' }
    if ((output.endsWith('_percent') || output.startsWith('deduction_')) && Number(written) > 100)
      return { fault: 'is at most 100 per cent' }
    return Number(written)
  }
  const known = CODES_OF[output]
  if (known && !known.includes(written)) return { fault: `is one of ${known.join(', ')}` }
  return written
}

export const textRows = (table: DecisionTable): TextRow[] =>
  table.rows.map(({ id, note, when, then }) => ({
    ...{ id, note },
    when: Object.fromEntries(table.inputs.map((input) => [input, conditionText(when[input])])),
    gives: Object.fromEntries(table.outputs.map((output) => [output, valueText(then[output])])),
  }))

/** The table that rows of text are, or every cell that cannot be read. */
export function readRows(
  columns: Pick<DecisionTable, 'inputs' | 'outputs'>,
  rows: readonly TextRow[],
): { readonly table: DecisionTable } | { readonly faults: readonly CellFault[] } {
  const faults: CellFault[] = []
  const read = rows.map((row): PolicyRow => {
    const fault = (column: string, message: string) => faults.push({ row: row.id, column, message })
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(row.id)) fault('id', 'is a short name of small letters, digits and hyphens')
    if (row.note.trim() === '') fault('note', 'says in a sentence what the row is for')
    const when: Record<string, Condition> = {}
    for (const input of columns.inputs) {
      const condition = readCondition(input, row.when[input] ?? '')
      if (condition === undefined) continue
      if ('fault' in condition) fault(input, condition.fault)
      else when[input] = condition
    }
    const then: Record<string, PolicyValue> = {}
    for (const output of columns.outputs) {
      const value = readValue(output, row.gives[output] ?? '')
      if (typeof value === 'object') fault(output, value.fault)
      else then[output] = value
    }
    return { id: row.id, note: row.note.trim(), when, then }
  })
  return faults.length > 0 ? { faults } : { table: { inputs: columns.inputs, outputs: columns.outputs, rows: read } }
}
