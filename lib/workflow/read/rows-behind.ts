import type { SQL } from 'drizzle-orm'
import { db } from '../../db/client'
import { formatUnits } from '../../money'
import type { RowCell, RowsBehind } from './reconciliation-types'

export type Raw = Record<string, unknown>
export const text = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : value === null || value === undefined ? '' : String(value)
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
