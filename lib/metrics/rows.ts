import type { ClickHouseClient } from '@clickhouse/client'
import { UserError } from '../errors'
import { type Answer, execute, inTime } from './execute'
import { type Plan, plan, type Scan, type Sum } from './plan'
import type { AskedMetric, Question } from './question'
import type { Statement } from './render'
import { ROW_COLUMNS } from './row-columns'
import { Context } from './sql/context'
import { rowSource } from './sql/row-source'
import { DAY_MS } from './sql/words'
import type { Column, EveryRow, Order, PartName, Row, RowsOptions, RowsResult, Unit, Value } from './types'
import { money, type Raw } from './values'

const MOST = 10_000
const CONTRIBUTION = 'contribution'

/**
 * The rows behind one number: the plan of the number itself, read row by row. Their contributions add up to the number, or
 * to the asked part of a ratio. Of a percentile they are the units that it is taken of, each with its weight.
 */
export async function rowsOf(client: ClickHouseClient, question: Question, options: RowsOptions): Promise<RowsResult> {
  const { metric, part, columns, sum, statements } = prepare(question, options)
  const [page, total] = await Promise.all([execute(client, statements.page), execute(client, statements.total)])
  const [count, whole] = total.rows[0] ?? []
  return {
    metric: metric.definition.id,
    part,
    columns: columns.map(({ column }) => column),
    rows: page.rows.map((cells) => rowOf(columns, cells)),
    count: Number(count ?? 0),
    sum: shown(sum, whole),
    unit: unitOf(sum),
  }
}

/**
 * All rows behind one number, in one statement and so of one moment, however long they take to read: for an export, whose
 * rows must add up to the total in its head while new events come in. Given in chunks as they arrive.
 */
export async function everyRowOf(
  client: ClickHouseClient,
  question: Question,
  options: Omit<RowsOptions, 'limit' | 'offset'>,
): Promise<EveryRow> {
  const { columns, sum, statements } = prepare(question, options)
  const { all } = statements
  const result = await inTime(
    client.query({ query: all.sql, query_params: { ...all.params }, format: 'JSONCompactEachRow' }),
  )
  return {
    columns: columns.map(({ column }) => column),
    unit: unitOf(sum),
    rows: (async function* () {
      for await (const lines of result.stream<Answer['rows'][number]>()) {
        yield lines.map((line) => rowOf(columns, line.json()))
      }
    })(),
  }
}

/** What both ways of reading rows share: the sum that they are of, their columns, the statements. */
function prepare(question: Question, options: RowsOptions) {
  const planned = plan({ ...question, by: [], unit: undefined, order: [] }, [
    { frame: question.current, metrics: question.metrics },
  ])
  const [metric] = question.metrics
  if (!metric) throw new Error('A question without a metric')
  const part = options.part ?? 'numerator'
  const { scan, sum } = pick(planned, metric, part)
  const columns = columnsOf(scan, sum)
  return { metric, part, columns, sum, statements: renderRows(question, scan, sum, columns, options) }
}

/** Which sum of the plan the rows are of, and the scan that reads it. */
function pick(planned: Plan, { definition }: AskedMetric, part: PartName): { scan: Scan; sum: Sum } {
  const { value } = definition
  if (part === 'denominator' && value.kind === 'part') {
    throw new UserError('part_unknown', `"${definition.id}" is a sum: it has no denominator.`, 400, 'part')
  }
  const id = value.kind !== 'part' && (part === 'denominator' || value.kind === 'quantile') ? value.by : value.of
  for (const scan of planned.groups.flatMap(({ scans }) => scans)) {
    const sum = scan.sums.find(({ partId }) => partId === id)
    if (sum) return { scan: { ...scan, sums: [sum] }, sum }
  }
  throw new Error(`${id} is not in the plan`)
}

interface Shown {
  column: Column
  sql: string
}

function columnsOf({ fact }: Scan, sum: Sum): Shown[] {
  const unit = unitOf(sum)
  const contribution: Column = {
    id: CONTRIBUTION,
    label: sum.part.label,
    type: unit === 'money' ? 'money' : 'number',
    unit,
  }
  return [...ROW_COLUMNS[fact], { column: contribution, sql: CONTRIBUTION }]
}

const unitOf = ({ part }: Sum): Unit => (part.unit === 'milliseconds' ? 'days' : part.unit)

/** The page, and how many rows there are with what sum. Texts stay texts, whole numbers and money are written as text. */
function renderRows(
  question: Question,
  scan: Scan,
  sum: Sum,
  columns: readonly Shown[],
  options: RowsOptions,
): { page: Statement; all: Statement; total: Statement } {
  const { limit = 100, offset = 0 } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new UserError('limit_invalid', `limit is a whole number from 1 to ${MOST}.`, 400, 'limit')
  if (!Number.isInteger(offset) || offset < 0)
    throw new UserError('offset_invalid', 'offset is a whole number from 0.', 400, 'offset')
  const context = new Context(question)
  const source = rowSource(scan, sum, context)
  const described = columns
    .slice(0, -1)
    .map(({ column, sql }) => `${column.type === 'time' ? `toUnixTimestamp64Milli(${sql})` : sql} AS c_${column.id}`)
  const relation = `SELECT ${[...described, `${source.contribution} AS c_${CONTRIBUTION}`].join(', ')}\nFROM ${source.from}\nWHERE ${source.where}${source.limit}`
  const counted = `(SELECT * FROM (\n${relation}\n) WHERE c_${CONTRIBUTION} != 0)`
  const cells = columns.map(({ column }) => cellSql(column, sum))
  const order = orderOf(options.order ?? [], columns)
  const start = context.estimates.clause()
  const all = `${start}SELECT ${cells.join(', ')}\nFROM ${counted}\nORDER BY ${order}`
  const page = `${all}\nLIMIT ${context.params.count(limit)} OFFSET ${context.params.count(offset)}`
  const sumSql = sum.part.measure === 'float' ? `sum(c_${CONTRIBUTION})` : `toString(sum(toInt128(c_${CONTRIBUTION})))`
  const { values } = context.params
  return {
    page: { sql: page, params: values },
    all: { sql: all, params: values },
    total: { sql: `${start}SELECT count(), ${sumSql} FROM ${counted}`, params: values },
  }
}

function cellSql({ id, type }: Column, sum: Sum): string {
  if (id === CONTRIBUTION && sum.part.measure === 'float') return `c_${id}`
  return type === 'number' && id !== CONTRIBUTION ? `toFloat64(c_${id})` : `toString(c_${id})`
}

/** The largest contributions first, unless asked otherwise; then by what the row is, so that pages never overlap. */
function orderOf(orders: readonly Order[], columns: readonly Shown[]): string {
  const terms = orders.map(({ column, direction }) => {
    if (!columns.some((known) => known.column.id === column)) {
      throw new UserError(
        'order_unknown',
        `Order by one of the columns: ${columns.map((known) => known.column.id).join(', ')}.`,
        400,
        'order',
      )
    }
    return `c_${column} ${direction === 'desc' ? 'DESC' : 'ASC'}`
  })
  const first = terms.length > 0 ? terms : [`abs(c_${CONTRIBUTION}) DESC`]
  return [...first, ...columns.map(({ column }) => `c_${column.id}`)].join(', ')
}

const rowOf = (columns: readonly Shown[], cells: Answer['rows'][number]): Row =>
  Object.fromEntries(columns.map(({ column }, index) => [column.id, cellOf(column, cells[index] ?? null)]))

function cellOf({ id, type, unit }: Column, cell: string | number | null): Value {
  if (type === 'time') return Number(cell) > 0 ? new Date(Number(cell)).toISOString() : null
  if (type === 'money') return money(typeof cell === 'string' ? BigInt(cell) : (cell ?? 0n))
  if (id === CONTRIBUTION) return unit === 'days' ? Number(cell) / DAY_MS : Number(cell)
  return cell
}

function shown(sum: Sum, cell: string | number | null | undefined): Value {
  const raw: Raw = typeof cell === 'string' ? BigInt(cell) : (cell ?? 0n)
  if (sum.part.unit === 'money') return money(raw)
  return sum.part.unit === 'milliseconds' ? Number(raw) / DAY_MS : Number(raw)
}
