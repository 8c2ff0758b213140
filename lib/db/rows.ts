import {
  type Column,
  getTableColumns,
  getTableName,
  type InferInsertModel,
  type InferSelectModel,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Transaction } from './client'

/** A value as JSON that Postgres reads back into the column's type: instants and big integers as text. */
const asJson = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** A table's columns by field; asked for at every row, so looked up once. */
const columnsOf = new Map<PgTable, readonly (readonly [key: string, column: Column])[]>()
function fieldsOf(table: PgTable): readonly (readonly [key: string, column: Column])[] {
  const known = columnsOf.get(table)
  if (known) return known
  const fields = Object.entries(getTableColumns(table))
  columnsOf.set(table, fields)
  return fields
}

/** Rows as the JSON of one statement, under the columns' own names. A field that is left out is null, so every row names every column. */
function encode<T extends PgTable>(table: T, rows: readonly InferInsertModel<T>[]): { names: string[]; json: string } {
  const given = fieldsOf(table).filter(([key]) => key in (rows[0] ?? {}))
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

/**
 * Another transaction wrote a row after this one had read it. Has the SQLSTATE of a serialization failure, so that `withTransaction` begins again
 * with what is true by then.
 */
class Outdated extends Error {
  readonly code = '40001'
}

/**
 * The same for rows with a `version` that is one more than that of the row that was read (1 for a new one). Throws when any has been written by
 * somebody else since: nothing is written over unseen, whether the row was there before or not.
 */
export async function upsertVersions<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly (InferInsertModel<T> & { readonly version: number })[],
): Promise<void> {
  if (rows.length === 0) return
  const { names, json } = encode(table, rows)
  const name = sql.identifier(getTableName(table))
  const set = sql.raw(
    names.flatMap((column) => (column === 'id' ? [] : [`"${column}" = EXCLUDED."${column}"`])).join(', '),
  )
  const { rowCount } = await tx.execute(
    sql`INSERT INTO ${name} (${list(names)}) SELECT ${list(names)} FROM jsonb_populate_recordset(NULL::${name}, ${json}::jsonb)
        ON CONFLICT (id) DO UPDATE SET ${set} WHERE ${name}.version = EXCLUDED.version - 1`,
  )
  if (rowCount !== rows.length)
    throw new Outdated(`${rows.length - (rowCount ?? 0)} rows of ${getTableName(table)} were written meanwhile`)
}

/** Whole rows of a table; `rest` is what follows FROM. Plain, since the cases are read by it at every command. */
export async function selectRows<T extends PgTable>(
  tx: Pick<Transaction, 'execute'>,
  table: T,
  rest: SQL,
): Promise<InferSelectModel<T>[]> {
  const fields = fieldsOf(table)
  const name = getTableName(table)
  const columns = sql.raw(fields.map(([, column]) => `"${name}"."${column.name}"`).join(', '))
  const { rows } = await tx.execute(sql`SELECT ${columns} FROM ${sql.identifier(name)} ${rest}`)
  return rows.map((row) => rowOf(fields, row) as InferSelectModel<T>)
}

const rowOf = (fields: readonly (readonly [string, Column])[], row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    fields.map(([key, column]) => {
      const value = row[column.name]
      return [key, value === null || value === undefined ? null : column.mapFromDriverValue(value)]
    }),
  )

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
