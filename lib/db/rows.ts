import { getTableColumns, getTableName, type InferInsertModel, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Transaction } from './client'

/** A value as JSON that Postgres reads back into the column's type: instants and big integers as text. */
const asJson = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** Rows as the JSON of one statement, under the columns' own names. A field that is left out is null, so every row names every column. */
function encode<T extends PgTable>(table: T, rows: readonly InferInsertModel<T>[]): { names: string[]; json: string } {
  const columns = Object.entries(getTableColumns(table))
  const given = columns.filter(([key]) => key in (rows[0] ?? {}))
  const named = rows.map((row) =>
    Object.fromEntries(given.map(([key, column]) => [column.name, (row as Record<string, unknown>)[key] ?? null])),
  )
  return { names: given.map(([, column]) => column.name), json: JSON.stringify(named, asJson) }
}

const list = (names: readonly string[]) => sql.raw(names.map((name) => `"${name}"`).join(', '))

/**
 * Writes many rows in one statement; a row whose key exists is replaced in every given column. All rows must have the same fields. One
 * statement however many rows: what a batch of ten thousand events needs, and as good for one.
 */
export async function upsertRows<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly InferInsertModel<T>[],
  key: readonly string[],
): Promise<void> {
  if (rows.length === 0) return
  const { names, json } = encode(table, rows)
  const name = sql.identifier(getTableName(table))
  const updates = names.filter((column) => !key.includes(column))
  const set = sql.raw(updates.map((column) => `"${column}" = EXCLUDED."${column}"`).join(', '))
  await tx.execute(
    sql`INSERT INTO ${name} (${list(names)}) SELECT ${list(names)} FROM jsonb_populate_recordset(NULL::${name}, ${json}::jsonb)
        ON CONFLICT (${list(key)}) DO UPDATE SET ${set}`,
  )
}

/** Writes many rows in one statement; where `ignore` says so, rows whose key exists are left as they are. */
export async function insertRows<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly InferInsertModel<T>[],
  ignore = false,
): Promise<void> {
  if (rows.length === 0) return
  const { names, json } = encode(table, rows)
  const name = sql.identifier(getTableName(table))
  const rest = ignore ? sql` ON CONFLICT DO NOTHING` : sql``
  await tx.execute(
    sql`INSERT INTO ${name} (${list(names)}) SELECT ${list(names)} FROM jsonb_populate_recordset(NULL::${name}, ${json}::jsonb)${rest}`,
  )
}
