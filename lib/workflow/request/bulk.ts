import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { UserError } from '../../errors'
import { execute } from '../execute'
import type { BulkOutcome } from '../read/bulk-types'
import { previewRequest } from '../read/orders'
import { texts } from '../record/books'
import { scopeOf } from '../scope'
import { request, requestInput } from './request'

/** Rows of a file at most. */
const MOST = 1_000
const COLUMNS = ['order_id', 'order_line_id', 'sku', 'quantity', 'reason', 'note'] as const

interface FileRow {
  readonly line: number
  readonly orderId: string
  readonly orderLineId: string
  readonly sku: string
  readonly quantity: number
  readonly reason: string
  readonly comment: string
}

/**
 * Asks for a return for every order that a CSV file names, each in a transaction and under a command id of its own that follows from its rows: the
 * same file again creates nothing. With `check` nothing is created, and every fault is told. Throws a UserError for a file that cannot be read.
 */
export async function bulkRequests(actor: Actor, csv: string, check: boolean): Promise<BulkOutcome[]> {
  authorize(actor, 'returns:create')
  const rows = rowsOf(csv)
  const lines = await linesBySku(actor, rows)
  const groups = new Map<string, FileRow[]>()
  for (const row of rows) {
    const group = groups.get(row.orderId)
    if (group) group.push(row)
    else groups.set(row.orderId, [row])
  }
  const outcomes: BulkOutcome[] = []
  for (const [orderId, group] of groups) {
    const about = { rows: group.map(({ line }) => line), orderId, rmaId: '', code: '', message: '' }
    const input = requestInput.safeParse({
      orderId,
      lines: group.map((row) => ({
        orderLineId: row.orderLineId || lines.get(`${orderId}\0${row.sku}`) || `no line of ${row.sku || 'nothing'}`,
        ...{ quantity: row.quantity, reason: row.reason, comment: row.comment },
      })),
    })
    if (!input.success) {
      const [issue] = input.error.issues
      const place = issue?.path[1]
      const line = typeof place === 'number' ? group[place]?.line : undefined
      outcomes.push({
        ...about,
        state: 'refused',
        code: 'invalid_input',
        message:
          `${line ? `Line ${line}: ` : ''}${issue?.path.at(-1)?.toString() ?? ''} ${issue?.message ?? ''}`.trim(),
      })
      continue
    }
    try {
      if (check) {
        const fault = (await previewRequest(actor, input.data)).find((each) => each.fault !== '')
        outcomes.push({
          ...about,
          state: fault ? 'refused' : 'ready',
          code: fault ? 'not_possible' : '',
          message: fault ? `${fault.fault} ${fault.note}`.trim() : '',
        })
        continue
      }
      const done = await execute(actor, request, input.data, commandIdOf(input.data))
      outcomes.push({ ...about, state: done.repeated ? 'repeated' : 'created', rmaId: done.result.rmaId })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      outcomes.push({ ...about, state: 'refused', code: error.code, message: error.message })
    }
  }
  return outcomes
}

function rowsOf(csv: string): FileRow[] {
  let records: { record: Record<string, string>; info: { lines: number } }[]
  try {
    records = parse(csv, {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: false,
    })
  } catch (error) {
    throw new UserError(
      'csv_unreadable',
      `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      400,
      'csv',
    )
  }
  const [first] = records
  if (!first)
    throw new UserError('csv_empty', `The file has no rows. Its columns are ${COLUMNS.join(', ')}.`, 400, 'csv')
  const missing = ['order_id', 'quantity', 'reason'].filter((name) => !(name in first.record))
  if (missing.length > 0)
    throw new UserError(
      'csv_columns',
      `The file lacks ${missing.join(' and ')}. Its columns are ${COLUMNS.join(', ')}; a row names its order_line_id or its sku.`,
      400,
      'csv',
    )
  if (records.length > MOST)
    throw new UserError(
      'csv_too_long',
      `The file has ${records.length} rows: split it into files of at most ${MOST}.`,
      400,
      'csv',
    )
  return records.map(({ record, info }) => ({
    line: info.lines,
    ...{ orderId: record.order_id ?? '', orderLineId: record.order_line_id ?? '', sku: record.sku ?? '' },
    ...{ quantity: Number(record.quantity), reason: record.reason ?? '', comment: record.note ?? '' },
  }))
}

/** The order line of each order and SKU that the file names by SKU. */
async function linesBySku(actor: Actor, rows: readonly FileRow[]): Promise<Map<string, string>> {
  const orders = rows.filter(({ orderLineId }) => orderLineId === '').map(({ orderId }) => orderId)
  if (orders.length === 0) return new Map()
  const { rows: found } = await db().execute<{ order_id: string; sku: string; id: string }>(
    sql`SELECT order_id, sku, min(id) AS id FROM order_line WHERE order_id IN ${texts([...new Set(orders)])}
        AND ${scopeOf(actor, { entity: sql`entity`, channel: sql`channel` })} GROUP BY 1, 2`,
  )
  return new Map(found.map((row) => [`${row.order_id}\0${row.sku}`, row.id]))
}

/** A UUID (version 8) that follows from what is asked for: the same rows are the same command. */
function commandIdOf(input: unknown): string {
  const hex = createHash('sha256').update(JSON.stringify(input)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
