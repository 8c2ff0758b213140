import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { writeClient } from '../../clickhouse/client'
import { pool, withoutTimeouts } from '../../lib/db/client'
import type { Rival } from './dashboard'
import { FOR_ANY_QUESTION, FOR_THESE_QUESTIONS } from './postgres-tables'
import { SERVED } from './served-tables'

const SCHEMA = 'bench'

/** Copies what ClickHouse serves into Postgres, with the indexes of a product; vacuumed and analysed. */
export async function copyToPostgres(): Promise<void> {
  await onTables(async (connection) => {
    await connection.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`)
    for (const { name, columns, select } of SERVED) {
      await connection.query(`CREATE TABLE ${name} (${columns})`)
      const rows = await writeClient().exec({ query: `${select} FORMAT TabSeparated` })
      await pipeline(Readable.from(rows.stream), connection.query(copyFrom(`COPY ${name} FROM STDIN`)))
      for (const index of FOR_ANY_QUESTION[name] ?? []) await connection.query(`CREATE INDEX ON ${name} ${index}`)
      await connection.query(`VACUUM ANALYZE ${name}`)
    }
  })
}

/** Adds an index for each question. */
export async function indexForQuestions(): Promise<void> {
  await onTables(async (connection) => {
    for (const [name, indexes] of Object.entries(FOR_THESE_QUESTIONS)) {
      for (const index of indexes) await connection.query(`CREATE INDEX ON ${name} ${index}`)
      await connection.query(`VACUUM ANALYZE ${name}`)
    }
  })
}

const onTables = (work: (connection: PoolClient) => Promise<void>): Promise<void> =>
  withoutTimeouts(async (connection) => {
    await connection.query(`SET search_path = ${SCHEMA}; SET maintenance_work_mem = '512MB'`)
    await work(connection)
  })

/** The copied tables. */
export const POSTGRES: Rival = { name: 'PostgreSQL', ask: ({ sql }, times) => ask(sql, times) }

async function ask(sql: string, parameters: readonly Date[]): Promise<Record<string, unknown>[]> {
  const connection = await pool().connect()
  try {
    await connection.query(
      `SET search_path = ${SCHEMA}; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 4; SET jit = off; SET statement_timeout = 0; SET transaction_timeout = 0`,
    )
    // Only the parameters that a statement names, counted anew.
    const named = [...new Set([...sql.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].sort()
    const typed = sql.replaceAll(/\$(\d)/g, (_, number) => `$${named.indexOf(Number(number)) + 1}::timestamptz`)
    return (
      await connection.query(
        typed,
        named.map((number) => parameters[number - 1]),
      )
    ).rows
  } finally {
    connection.release()
  }
}
