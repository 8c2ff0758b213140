import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
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
function customerSecret(): string {
  const secret = env().BACKHAUL_SECRET
  if (secret) return secret
  throw new UserError(
    'secret_missing',
    'BACKHAUL_SECRET is not set. Set it to the secret of this installation (32 characters or more): customers are hashed with it in ClickHouse. Nothing was changed.',
    500,
    'BACKHAUL_SECRET',
  )
}

interface Schema {
  readonly statements: readonly string[]
  /** The tables and views that they create. */
  readonly names: readonly string[]
  /** Another one means that something else would be created: comments and line breaks do not count, the installation's secret does. */
  readonly version: string
}

const CREATION = /^CREATE (?:OR REPLACE )?(?:TABLE|VIEW|MATERIALIZED VIEW) (?:IF NOT EXISTS )?(\w+)/

/** What this version of Backhaul creates. */
function wantedSchema(): Schema {
  const customerKey = createHash('sha256').update(`customer-ref:${customerSecret()}`).digest()
  const expanded = statements().map((statement) => expand(statement, customerKey))
  const plain = expanded.map((statement) => statement.replaceAll(/\s+/g, ' ')).join('\n')
  return {
    statements: expanded,
    names: expanded.flatMap((statement) => CREATION.exec(statement)?.[1] ?? []),
    version: createHash('sha256').update(plain).digest('hex'),
  }
}

/** A view of one row that says what stands in the database; written when everything else is in its place. */
const STAMP = 'schema_version'
/** The version of tables that are being made or filled. */
const UNFINISHED = ''

/** The database named in a ClickHouse URL's path; `backhaul` when it names none. */
export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1)) || 'backhaul'

/** Runs `work` with a client whose database need not exist yet, and one that names it. */
async function withClients<T>(
  writeUrl: string,
  work: (server: ClickHouseClient, scoped: ClickHouseClient, database: string) => Promise<T>,
): Promise<T> {
  const url = new URL(writeUrl)
  const database = databaseOf(writeUrl)
  url.pathname = '/'
  const options = {
    url,
    request_timeout: 60_000,
    clickhouse_settings: { async_insert: 0 },
    // Failures reach the caller, who says them once.
    log: { level: ClickHouseLogLevel.OFF },
  } as const
  const server = createClient(options)
  const scoped = createClient({ ...options, database })
  try {
    return await work(server, scoped, database)
  } finally {
    await Promise.all([server.close(), scoped.close()])
  }
}

interface Present {
  readonly engines: ReadonlyMap<string, string>
  /** What its stamp says; undefined without one, as versions before the stamp left it. */
  readonly stamp: { readonly version: string; readonly names: readonly string[] } | undefined
}

async function present(server: ClickHouseClient, scoped: ClickHouseClient, database: string): Promise<Present> {
  const found = await server.query({
    query: 'SELECT name, engine FROM system.tables WHERE database = {database:String}',
    query_params: { database },
    format: 'JSONEachRow',
  })
  const tables = await found.json<{ name: string; engine: string }>()
  const engines = new Map(tables.map(({ name, engine }) => [name, engine]))
  if (!engines.has(STAMP)) return { engines, stamp: undefined }
  const stamped = await scoped.query({ query: `SELECT version, names FROM ${STAMP}`, format: 'JSONEachRow' })
  const [stamp] = await stamped.json<{ version: string; names: string[] }>()
  return { engines, stamp }
}

const stampAs = (version: string, names: readonly string[]) =>
  `CREATE OR REPLACE VIEW ${STAMP} AS SELECT '${version}' AS version, [${names.map((name) => `'${name}'`).join(', ')}] AS names`

/**
 * `none`: nothing of ours; `current`: what this version creates, filled; `different`: of another version or secret, in part, or not filled to
 * the end.
 */
export interface Standing {
  readonly state: 'none' | 'current' | 'different'
  readonly missing: readonly string[]
  readonly tables: number
}

/** What stands in the database of `writeUrl`. Throws when the server cannot be reached or refuses. */
export function standingSchema(writeUrl: string): Promise<Standing> {
  const wanted = wantedSchema()
  return withClients(writeUrl, async (server, scoped, database) => {
    const { engines, stamp } = await present(server, scoped, database)
    const missing = wanted.names.filter((name) => !engines.has(name))
    const tables = wanted.names.length - missing.length
    if (!stamp && tables === 0) return { state: 'none', missing, tables }
    const current = stamp?.version === wanted.version && missing.length === 0
    return { state: current ? 'current' : 'different', missing, tables }
  })
}

/** Creates the database of `writeUrl` and this version's tables and views in it, and says there that they are. For a database without any. */
export async function createClickHouse(writeUrl: string): Promise<void> {
  await createTables(writeUrl)
  await markCurrent(writeUrl)
}

/** Creates the same without saying so: until `markCurrent`, whoever looks finds them unfinished. Throws when the server refuses. */
export function createTables(writeUrl: string): Promise<void> {
  return withClients(writeUrl, async (server, scoped, database) => {
    await server.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\` ENGINE = Atomic` })
    for (const query of wantedSchema().statements) await scoped.command({ query })
  })
}

/** Says that what stands is this version's, whole and filled. */
export function markCurrent(writeUrl: string): Promise<void> {
  const { version, names } = wantedSchema()
  return withClients(writeUrl, async (_, scoped) => {
    await scoped.command({ query: stampAs(version, names) })
  })
}

/** What is made on the way: by the derivation, and while reference data is swapped in. */
const SCRATCH = /^(publish|audit|verify)_gathered_[0-9a-f]+$|^verify_(units|sales)$|_ref_next$|^fx_(daily|bounds)_next$/

/**
 * Drops our tables and views, those of the version that made them and of this one; other people's in the same database stay. Cut short it can
 * be done again.
 */
export function dropTables(writeUrl: string): Promise<void> {
  const wanted = wantedSchema()
  return withClients(writeUrl, async (server, scoped, database) => {
    const { engines, stamp } = await present(server, scoped, database)
    if (engines.size === 0) return
    const scratch = [...engines.keys()].filter((name) => SCRATCH.test(name))
    const names = [...new Set([...(stamp?.names ?? []), ...wanted.names, ...scratch])]
    await scoped.command({ query: stampAs(UNFINISHED, names) })
    const isView = (name: string) => engines.get(name)?.endsWith('View') ?? false
    const standing = names.filter((name) => engines.has(name))
    for (const name of [...standing.filter(isView), ...standing.filter((each) => !isView(each))]) {
      await scoped.command({
        query: `DROP ${isView(name) ? 'VIEW' : 'TABLE'} IF EXISTS {name:Identifier} SYNC`,
        query_params: { name },
      })
    }
  })
}
