import type { SQL } from 'drizzle-orm'
import { db } from '../../db/client'
import { formatUnits } from '../../money'
import type { RowCell, RowsBehind } from './reconciliation-types'

export type Raw = Record<string, unknown>
/** An instant as the database writes it. */
const INSTANT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?\+00$/

/** A value as text; instants as ISO 8601, so that the page can say them in the reader's zone. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  const words = String(value)
  return INSTANT.test(words) ? new Date(words).toISOString() : words
}
export const words = (value: unknown): string => text(value).replaceAll('_', ' ')
export const money = (value: unknown): string => (text(value) === '' ? '' : formatUnits(BigInt(text(value))))
/** A thing as a link to its return, where it has one. */
export const unitLink = (id: unknown, rma: unknown): RowCell =>
  text(rma) ? { text: text(id), rma: text(rma) } : text(id)

/** Rows of one query as a list under a title. */
export async function listOf(
  query: SQL,
  title: string,
  empty: string,
  columns: RowsBehind['columns'],
  cells: (row: Raw) => RowCell[],
): Promise<RowsBehind> {
  const { rows } = await db().execute<Raw>(query)
  return { title, columns, empty, rows: rows.map(cells) }
}
