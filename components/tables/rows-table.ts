import { type Formatter, magnitude } from '@/lib/format'
import type { Column as AnswerColumn, Order, RowsResult, Value } from '@/lib/metrics/types'
import type { Cell, Column, TableData } from './table-types'

/** Codes are said in words; ids, names and numbers stay as they are. */
const CODES = new Set([
  'reason',
  'finding',
  'condition',
  'disposition',
  'outcome',
  'status',
  'stage',
  'return_type',
  'component',
  'leakage_category',
  'category',
  'channel',
  'entity',
  'facility',
  'ship_facility',
])

/** The rows behind a number, as a table: the column that adds up to the number comes first after the row's name. */
export function rowsTable(
  result: RowsResult,
  format: Formatter,
  options: {
    name: (dimension: string, value: string) => string
    order: Order | undefined
    sortHref: (column: string, direction: 'asc' | 'desc') => string
  },
): TableData {
  const [first, ...rest] = result.columns
  const contribution = rest.find((column) => column.id === 'contribution')
  const ordered = [first, contribution, ...rest.filter((column) => column !== contribution)].filter(
    (column) => column !== undefined,
  )
  return {
    columns: ordered.map((column, i) => ({
      ...head(column, i === 0, format, options),
      // A column without one value on this page is out of the way until asked for.
      ...(i > 0 && result.rows.length > 0 && result.rows.every((row) => (row[column.id] ?? '') === '')
        ? { hidden: true }
        : {}),
    })),
    rows: result.rows.map((row, i) => ({
      id: `${String(row[first?.id ?? ''] ?? '')}|${i}`,
      cells: Object.fromEntries(
        ordered.flatMap((column) => {
          const value = row[column.id] ?? null
          // What has no value is a dash, which the table draws by itself.
          return value === null || value === '' ? [] : [[column.id, cell(value, column, format, options.name)]]
        }),
      ),
    })),
    foot: [
      {
        id: 'total',
        cells: {
          [first?.id ?? '']: { text: `All ${format.count(result.count)} rows` },
          contribution: { text: amount(result.sum, result.unit, format) },
        },
      },
    ],
  }
}

function head(
  column: AnswerColumn,
  sticky: boolean,
  format: Formatter,
  options: Parameters<typeof rowsTable>[2],
): Column {
  const sorted = options.order?.column === column.id ? options.order.direction : undefined
  const figure = column.type === 'number' || column.type === 'money'
  const natural = figure || column.type === 'time' || column.type === 'date' ? 'desc' : 'asc'
  const turned = sorted === 'desc' ? 'asc' : 'desc'
  const unit = column.type === 'money' ? format.currency : column.unit === 'days' ? 'days' : undefined
  return {
    id: column.id,
    label: column.label,
    align: figure ? 'right' : 'left',
    sortHref: options.sortHref(column.id, sorted ? turned : natural),
    ...(unit ? { unit } : {}),
    ...(sorted ? { sorted } : {}),
    ...(sticky ? { sticky } : {}),
  }
}

const amount = (value: Value, unit: RowsResult['unit'], format: Formatter): string =>
  unit === 'money' ? format.exactAmountCell(value) : unit === 'days' ? format.decimal(value) : format.plain(value)

function cell(
  value: string | number,
  column: AnswerColumn,
  format: Formatter,
  name: (d: string, v: string) => string,
): Cell {
  switch (column.type) {
    case 'money':
      return { text: format.exactAmountCell(value), sort: magnitude(value) }
    case 'number':
      return { text: column.unit === 'days' ? format.decimal(value) : format.plain(value), sort: magnitude(value) }
    case 'time':
      return { text: format.instant(String(value)), sort: String(value) }
    case 'date':
      return { text: format.dayYear(String(value)), sort: String(value) }
    case 'text':
      return { text: CODES.has(column.id) ? name(column.id, String(value)) : String(value), clip: true }
  }
}
