import type { Column, QueryResult, Row } from './types'

/** An answer as the API gives it: money as JSON numbers, rounded to four decimals, for programs that reckon on. */
export function asNumbers(result: QueryResult): QueryResult {
  const money = result.columns.filter(({ type }) => type === 'money')
  const { comparison } = result
  return {
    ...result,
    rows: result.rows.map((row) => rowAsNumbers(row, money)),
    totals: rowAsNumbers(result.totals, money),
    ...(comparison
      ? {
          comparison: {
            ...comparison,
            rows: comparison.rows.map((row) => rowAsNumbers(row, money)),
            totals: rowAsNumbers(comparison.totals, money),
          },
        }
      : {}),
  }
}

function rowAsNumbers(row: Row, money: readonly Column[]): Row {
  const numbers = money.flatMap(({ id }) => (typeof row[id] === 'string' ? [[id, Number(row[id])] as const] : []))
  return { ...row, ...Object.fromEntries(numbers) }
}
