import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@clickhouse/client'
import { env } from '../lib/env'
import { UserError } from '../lib/errors'

const SCHEMA = join(import.meta.dirname, 'schema')

/** The numbered schema files, in order, split into statements. */
function statements(): string[] {
  return readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(SCHEMA, name), 'utf8')
        .replaceAll(/--.*$/gm, '')
        .split(/;\s*$/m)
        .map((statement) => statement.trim())
        .filter(Boolean),
    )
}

/**
 * The shorthands of the schema files. Amounts become integers of 1/10,000 (a Decimal(18, 4) is exactly that inside). Customers become a
 * keyed hash, so that ClickHouse never holds who they are and equal customers still meet.
 */
function expand(statement: string, customerKey: Buffer): string {
  const key = `(${customerKey.readBigUInt64LE(0)}, ${customerKey.readBigUInt64LE(8)})`
  return statement
    .replaceAll(/\{units:([\w.]+)\}/g, 'reinterpretAsInt64(ifNull($1, toDecimal64(0, 4)))')
    .replaceAll(/\{maybe_units:([\w.]+)\}/g, 'if(isNull($1), NULL, reinterpretAsInt64(assumeNotNull($1)))')
    .replaceAll(/\{customer_ref:([\w.]+)\}/g, `if($1 = '', '', hex(sipHash128Keyed(${key}, $1)))`)
}

/** What customers are hashed with. Throws a UserError without it: a hash with a key that everybody knows hides nobody. */
export function customerSecret(): string {
  const secret = env().BACKHAUL_SECRET
  if (secret) return secret
  throw new UserError(
    'secret_missing',
    'BACKHAUL_SECRET is not set. Set it to the secret of this installation (32 characters or more): customers are hashed with it in ClickHouse. Nothing was changed.',
    500,
    'BACKHAUL_SECRET',
  )
}

/** The database named in a ClickHouse URL's path; `backhaul` when it names none. */
export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1)) || 'backhaul'

/**
 * Brings the database of `writeUrl` to this version's schema. Every statement is `IF NOT EXISTS` or replaces a view, so that it is safe to run again and by
 * several processes at once. Throws when the server cannot be reached or refuses.
 */
export async function migrateClickHouse(writeUrl: string): Promise<void> {
  const url = new URL(writeUrl)
  const database = databaseOf(writeUrl)
  url.pathname = '/'
  const client = createClient({ url, request_timeout: 60_000 })
  const settings = { async_insert: 0 } as const
  const customerKey = createHash('sha256').update(`customer-ref:${customerSecret()}`).digest()
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\` ENGINE = Atomic` })
    const scoped = createClient({ url, database, request_timeout: 60_000 })
    for (const statement of statements()) {
      await scoped.command({ query: expand(statement, customerKey), clickhouse_settings: settings })
    }
    await scoped.close()
  } finally {
    await client.close()
  }
}
