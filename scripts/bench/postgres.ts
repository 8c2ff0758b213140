import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { writeClient } from '../../clickhouse/client'
import { pool, withoutTimeouts } from '../../lib/db/client'

const SCHEMA = 'bench'

const at = (name: string) => `if(toUnixTimestamp64Milli(${name}) = 0, NULL, ${name}) AS ${name.replace('.', '_')}`

/** The served tables as a careful person would keep them in Postgres: narrow rows, child tables for what repeats, an index for every question. */
const TABLES = [
  {
    name: 'units',
    columns: `unit_id text, has_sale int, returned int, quantity int, full_quantity int, full_cost_value int8, claimable int8, sku text, category text, channel text,
      supplier_id text, facility text, shift text, reason text, outcome text, sold_at timestamptz, requested_at timestamptz, received_at timestamptz,
      inspected_at timestamptz, dispositioned_at timestamptz, refunded_at timestamptz, split_at timestamptz, claimable_at timestamptz`,
    select: `SELECT unit_id, has_sale, returned, quantity, full_quantity, full_cost_value, claimable, sku, category, channel, supplier_id, facility, shift, reason, outcome,
      ${['sold_at', 'requested_at', 'received_at', 'inspected_at', 'dispositioned_at', 'refunded_at', 'split_at', 'claimable_at'].map(at).join(', ')} FROM units FINAL`,
    indexes: [
      '(sold_at) INCLUDE (sku, channel, quantity, returned, has_sale)',
      '(requested_at) INCLUDE (quantity)',
      '(category, requested_at) INCLUDE (sku, reason, quantity)',
      '(received_at) INCLUDE (quantity)',
      "(facility, shift) INCLUDE (received_at, inspected_at, full_quantity, full_cost_value) WHERE dispositioned_at IS NULL AND outcome = 'open'",
      '(refunded_at) INCLUDE (requested_at)',
      '(claimable_at) INCLUDE (supplier_id, claimable)',
    ],
  },
  {
    name: 'sales',
    columns: 'sku text, channel text, quantity int, net int8, sold_at timestamptz',
    select: 'SELECT sku, channel, quantity, net, sold_at FROM sales FINAL',
    indexes: ['(sold_at) INCLUDE (sku, channel, quantity)'],
  },
  {
    name: 'money',
    columns: 'component text, at timestamptz, amount int8',
    select:
      'SELECT m.1, m.2, m.3 FROM units FINAL ARRAY JOIN arrayZip(`money.component`, `money.at`, `money.amount`) AS m',
    indexes: ['(at) INCLUDE (amount)'],
  },
  {
    name: 'credits',
    columns: 'at timestamptz, amount int8',
    select: 'SELECT c.1, c.2 FROM units FINAL ARRAY JOIN arrayZip(`credit.at`, `credit.amount`) AS c',
    indexes: ['(at) INCLUDE (amount)'],
  },
  {
    name: 'leaks',
    columns: 'channel text, settlement_id text, category text, at timestamptz, until timestamptz, amount int8',
    select:
      'SELECT channel, l.1, l.2, l.3, l.4, l.5 FROM units FINAL ARRAY JOIN arrayZip(`leak.id`, `leak.category`, `leak.at`, `leak.until`, `leak.amount`) AS l',
    indexes: ['(at) INCLUDE (category, channel, until, amount, settlement_id)'],
  },
  {
    name: 'claims',
    columns:
      'supplier_id text, claimed_at timestamptz, claimed int8, accepted_at timestamptz, accepted int8, recovered_at timestamptz, recovered int8',
    select: `SELECT supplier_id, c.1, c.2, if(toUnixTimestamp64Milli(c.3) = 0, NULL, c.3), c.4, if(toUnixTimestamp64Milli(c.5) = 0, NULL, c.5), c.6 FROM units FINAL
      ARRAY JOIN arrayZip(\`claim.claimed_at\`, \`claim.claimed\`, \`claim.accepted_at\`, \`claim.accepted\`, \`claim.recovered_at\`, \`claim.recovered\`) AS c`,
    indexes: [
      '(claimed_at) INCLUDE (supplier_id, claimed)',
      '(accepted_at) INCLUDE (supplier_id, accepted)',
      '(recovered_at) INCLUDE (supplier_id, recovered)',
    ],
  },
] as const

/** Copies what ClickHouse serves into Postgres, indexes, vacuums and analyses it. */
export async function copyToPostgres(): Promise<void> {
  await withoutTimeouts(async (connection) => {
    await connection.query(
      `DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}; SET search_path = ${SCHEMA}; SET maintenance_work_mem = '512MB'`,
    )
    for (const { name, columns, select, indexes } of TABLES) {
      await connection.query(`CREATE TABLE ${name} (${columns})`)
      const rows = await writeClient().exec({ query: `${select} FORMAT TabSeparated` })
      await pipeline(Readable.from(rows.stream), connection.query(copyFrom(`COPY ${name} FROM STDIN`)))
      for (const index of indexes) await connection.query(`CREATE INDEX ON ${name} ${index}`)
      await connection.query(`VACUUM ANALYZE ${name}`)
    }
  })
}

/** Runs one statement on the copied tables. */
export async function ask(sql: string, parameters: readonly Date[]): Promise<Record<string, unknown>[]> {
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
