import type { z } from 'zod'
import { DATA, isEventType } from '../contract/types'
import { shapeOf, unwrap } from '../contract/vocabulary'
import { contentOf, type Input } from '../import/inputs'
import { rowsOf } from './csv'
import type { Mapping } from './mapping'

/** Events are handed on in pieces of about this many characters. */
const PIECE = 1 << 20

/** Files that hold canonical events already. NDJSON passes as it is; of a CSV file each row becomes an event. */
export const canonical: Mapping = {
  name: 'canonical',
  summary: 'events of the contract: NDJSON, or CSV with columns such as id, source, type, time, data.unit_id',
  convert: (input, { onRead }) => ({
    events: input.format === 'csv' ? eventsOfCsv(input, onRead) : contentOf(input, onRead),
  }),
}

async function* eventsOfCsv(input: Input, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  let header: string[] | undefined
  let piece = ''
  for await (const cells of rowsOf(input, onRead)) {
    if (!header) {
      header = cells
      continue
    }
    piece += `${JSON.stringify(eventOfRow(header, cells))}\n`
    if (piece.length < PIECE) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

/**
 * An event from a row: columns named as the attributes, `data.` before the fields of the data. An empty cell is absent. Cells of fields
 * that the contract has as numbers, booleans or lists are read as JSON; one that is none stays a text, and the event is rejected for it.
 */
export function eventOfRow(columns: readonly string[], cells: readonly string[]): object {
  const type = cells[columns.indexOf('type')]
  const shape = isEventType(type) ? shapeOf(DATA[type]) : {}
  const event: Record<string, unknown> = { specversion: '1.0' }
  const data: Record<string, unknown> = {}
  for (const [at, cell] of cells.entries()) {
    const column = columns[at] ?? `column ${at + 1}`
    if (cell === '') continue
    const field = column.startsWith('data.') ? column.slice('data.'.length) : undefined
    if (field === undefined) event[column] = ['revision', 'voided'].includes(column) ? asJson(cell) : cell
    else data[field] = isText(shape[field]) ? cell : asJson(cell)
  }
  return { ...event, data }
}

/** Amounts count as texts: their digits pass as they are written. */
function isText(schema: z.core.$ZodType | undefined): boolean {
  if (!schema) return true
  const { type } = (unwrap(schema) as z.core.$ZodTypes)._zod.def
  return type === 'string' || type === 'enum' || type === 'union'
}

function asJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}
