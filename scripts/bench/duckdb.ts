import { createWriteStream, rmSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { writeClient } from '../../clickhouse/client'
import { env } from '../../lib/env'
import type { Rival } from './dashboard'
import { type DuckDbConnection, duckDb } from './duckdb-package'
import { CODES, type CopiedTable, SERVED } from './served-tables'

export interface DuckDb extends Rival {
  /** Gives its memory back: it lies in this process. */
  close(): void
}

/** Copies what ClickHouse serves into a DuckDB database file in the bench's folder, opened in this process. */
export async function copyToDuckDb(): Promise<DuckDb> {
  const instance = await duckDb().DuckDBInstance.create(inFolder('duckdb.db'), {
    threads: String(availableParallelism()),
    // Many times what the tables take; its own default of most of the machine knows nothing of the two servers beside it.
    memory_limit: `${Math.round(totalmem() / 4 / 2 ** 20)}MiB`,
    temp_directory: inFolder('duckdb-spilt'),
  })
  const connection = await instance.connect()
  // Parquet brings ClickHouse's own types along.
  for (const { name, select } of SERVED) {
    const rows = await writeClient().exec({ query: `${select} FORMAT Parquet` })
    await pipeline(rows.stream, createWriteStream(parquet(name)))
  }
  await fill(connection)
  for (const { name } of SERVED) rmSync(parquet(name))
  return {
    name: 'DuckDB',
    async ask({ sql, duckdb = sql }, times) {
      // Written into the statement: parameters are skipped by as well, but cost it a third of a millisecond more.
      const whole = duckdb.replaceAll(/\$(\d)/g, (_, number) =>
        literal(times[Number(number) - 1] ?? new Date(Number.NaN)),
      )
      return (await connection.runAndReadAll(whole)).getRowObjectsJS()
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/**
 * Rows lie in the order of the date that questions cut by most, so that zone maps skip what is outside of a period; its indexes are for single
 * rows. A code is an ENUM, one for all tables that have it, as it is LowCardinality in ClickHouse: day × channel takes it a third less.
 */
async function fill(connection: DuckDbConnection): Promise<void> {
  for (const code of CODES) {
    const values = SERVED.filter((table) => namesOf(table).includes(code)).map(
      (table) => `SELECT "${code}" ${from(table)}`,
    )
    await connection.run(`CREATE TYPE "${code}_code" AS ENUM (SELECT DISTINCT * FROM (${values.join(' UNION ALL ')}))`)
  }
  for (const table of SERVED) {
    const columns = columnsOf(table).map(([name = '', type = '']) => `${kept(name, type)} AS "${name}"`)
    await connection.run(
      `CREATE TABLE ${table.name} AS SELECT ${columns.join(', ')} ${from(table)} ORDER BY "${table.cutBy}"`,
    )
  }
  await connection.run('ANALYZE')
  await connection.run('CHECKPOINT')
}

function kept(name: string, type: string): string {
  if (CODES.includes(name)) return `"${name}"::"${name}_code"`
  // Times with a zone are cut into days by a calendar library; ours are all UTC, and without a zone that is arithmetic.
  return type === 'timestamptz' ? `make_timestamp(epoch_us("${name}"))` : `"${name}"`
}

const inFolder = (name: string): string => join(env().BACKHAUL_DATA, name)
const parquet = (table: string): string => inFolder(`${table}.parquet`)
const columnsOf = ({ columns }: CopiedTable) => columns.split(', ').map((column) => column.split(' '))
const namesOf = (table: CopiedTable) => columnsOf(table).map(([name = '']) => name)

const from = (table: CopiedTable): string =>
  `FROM read_parquet('${parquet(table.name).replaceAll("'", "''")}') AS served(${namesOf(table)
    .map((name) => `"${name}"`)
    .join(', ')})`

const literal = (time: Date): string => `TIMESTAMP '${time.toISOString().replace('T', ' ').replace('Z', '')}'`
