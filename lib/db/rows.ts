import { Column, getTableColumns, getTableName, type InferInsertModel, type InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import pg from 'pg'
import type { Answer, Described, Reader, Statement } from './batch'
import { type Database, run, type Transaction } from './client'
import type { Value } from './line'
import { statement } from './statement'

/** A table's columns by field, and the statements about it that there have been; asked for at every row, so made once. */
interface Shape {
  readonly name: string
  readonly fields: readonly Field[]
  readonly statements: Map<string, Statement>
}
type Field = readonly [key: string, column: Column]
const shapes = new Map<PgTable, Shape>()

function shapeOf(table: PgTable): Shape {
  const known = shapes.get(table)
  if (known) return known
  const shape = {
    name: `"${getTableName(table)}"`,
    fields: Object.entries(getTableColumns(table)),
    statements: new Map(),
  }
  shapes.set(table, shape)
  return shape
}

/** The statement of a table under a key of its own, written the first time. */
function once({ statements }: Shape, key: string, write: () => string, readerOf?: Statement['readerOf']): Statement {
  const known = statements.get(key)
  if (known) return known
  const made = statement(write(), readerOf)
  statements.set(key, made)
  return made
}

/** The fields of a table that rows bring, all rows the same; in the table's order. */
const given = ({ fields }: Shape, row: object): readonly Field[] => fields.filter(([key]) => key in row)

/**
 * Rows as the JSON of one statement, under the columns' own names, which Postgres reads back into the columns' types: instants and big integers
 * as text. What is null is left out, as Postgres takes it that way.
 */
function encode(fields: readonly Field[], rows: readonly object[]): string {
  const objects = rows.map((row) => {
    const values: string[] = []
    for (const [key, column] of fields) {
      const value = (row as Record<string, unknown>)[key]
      if (value === null || value === undefined) continue
      values.push(`"${column.name}":${asJson(value)}`)
    }
    return `{${values.join(',')}}`
  })
  return `[${objects.join(',')}]`
}

const asJson = (value: unknown): string =>
  typeof value === 'bigint'
    ? `"${value}"`
    : typeof value === 'object'
      ? JSON.stringify(value, plain)
      : JSON.stringify(value)

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const list = (fields: readonly Field[]) => fields.map(([, column]) => `"${column.name}"`).join(', ')

/** Rows of JSON as rows of a table, for the fields that are given. */
const insertion = ({ name }: Shape, columns: string): string =>
  `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`

/** Writes rows by the statement that `write` makes of their fields and columns. */
function writeRows(
  tx: Transaction,
  table: PgTable,
  rows: readonly object[],
  how: string,
  write: (shape: Shape, fields: readonly Field[], columns: string) => string,
): Promise<Answer<unknown>> {
  const shape = shapeOf(table)
  const fields = given(shape, rows[0] ?? {})
  const key = `${how} ${fields.length === shape.fields.length ? '' : fields.map(([field]) => field)}`
  return run(
    tx,
    once(shape, key, () => write(shape, fields, list(fields))),
    [encode(fields, rows)],
  )
}

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
  await writeRows(tx, table, rows, `upsert ${key}`, (shape, fields, columns) => {
    const updates = fields.flatMap(([, { name }]) => (key.includes(name) ? [] : [`"${name}" = EXCLUDED."${name}"`]))
    return `${insertion(shape, columns)} ON CONFLICT (${key.map((name) => `"${name}"`)}) DO UPDATE SET ${updates.join(', ')}`
  })
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
  const { count } = await writeRows(tx, table, rows, 'versions', (shape, fields, columns) => {
    const set = fields.flatMap(([, { name }]) => (name === 'id' ? [] : [`"${name}" = EXCLUDED."${name}"`])).join(', ')
    return `${insertion(shape, columns)} ON CONFLICT (id) DO UPDATE SET ${set} WHERE ${shape.name}.version = EXCLUDED.version - 1`
  })
  if (count !== rows.length)
    throw new Outdated(`${rows.length - count} rows of ${getTableName(table)} were written meanwhile`)
}

/** Writes many rows in one statement; where `ignore` says so, rows whose key exists are left as they are. */
export async function insertRows<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly InferInsertModel<T>[],
  ignore = false,
): Promise<void> {
  if (rows.length === 0) return
  const rest = ignore ? ' ON CONFLICT DO NOTHING' : ''
  await writeRows(tx, table, rows, `insert${rest}`, (shape, _fields, columns) => insertion(shape, columns) + rest)
}

/**
 * Whole rows of a table. `from` is what follows FROM, a constant of the code with its values as `$1 …`, in which the table goes by its own name.
 */
export function selectRows<T extends PgTable>(
  on: Database | Transaction,
  table: T,
  from: string,
  values: readonly Value[],
): Promise<InferSelectModel<T>[]> {
  return select(on, shapeOf(table), shapeOf(table).fields, `select ${from}`, from, values) as Promise<
    InferSelectModel<T>[]
  >
}

/** The same for these fields alone: what is read of many rows. */
export function selectFields<T extends PgTable, K extends keyof InferSelectModel<T> & string>(
  on: Database | Transaction,
  table: T,
  keys: readonly K[],
  from: string,
  values: readonly Value[],
): Promise<Pick<InferSelectModel<T>, K>[]> {
  const shape = shapeOf(table)
  const fields = shape.fields.filter(([key]) => (keys as readonly string[]).includes(key))
  return select(on, shape, fields, `select ${keys} ${from}`, from, values) as Promise<Pick<InferSelectModel<T>, K>[]>
}

async function select(
  on: Database | Transaction,
  shape: Shape,
  fields: Shape['fields'],
  key: string,
  from: string,
  values: readonly Value[],
): Promise<Record<string, unknown>[]> {
  const asked = once(
    shape,
    key,
    () => `SELECT ${fields.map(([, column]) => `${shape.name}."${column.name}"`).join(', ')} FROM ${from}`,
    (columns) => readerOf(fields, columns),
  )
  const { rows } = await run<Record<string, unknown>>(on, asked, values)
  return rows
}

/**
 * What follows FROM to find the rows of a table that `condition` gives for `wanted.key`, one of the texts in `$1` after the other: one look into
 * an index for each, however small the table was when the statement was planned. The planner is kept from knowing the list, so that it plans once
 * and not for each. With `lock`, rows are locked in the order of the list: sort it.
 */
export const forEach = (table: string, condition: string, lock: '' | 'FOR UPDATE' = ''): string =>
  `unnest((SELECT $1::text[])) AS wanted(key) CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE ${condition} OFFSET 0 ${lock}) AS ${table}`

/** Instants and the like are the columns' to read, from their text. */
const AS_TEXT = new Set<number>([
  pg.types.builtins.TEXT,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.DATE,
])

function readerOf(fields: readonly Field[], columns: readonly Described[]): Reader<Record<string, unknown>> {
  const keys = fields.map(([key]) => key)
  const readers = fields.map(([, column], at) => columnReader(column, columns[at]?.dataTypeID ?? 0))
  return (values) => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < keys.length; at++) {
      const value = values[at] ?? null
      const read = readers[at]
      row[keys[at] as string] = value === null || !read ? value : read(value)
    }
    return row
  }
}

/** How a column reads its text; undefined where the text is the value. */
function columnReader(column: Column, oid: number): ((text: string) => unknown) | undefined {
  const read = column.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : column
  if (AS_TEXT.has(oid)) return read && ((text) => read.mapFromDriverValue(text))
  const parse = pg.types.getTypeParser(oid, 'text') as (text: string) => unknown
  return read ? (text) => read.mapFromDriverValue(parse(text)) : parse
}
