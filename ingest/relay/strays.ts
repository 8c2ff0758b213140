import type { ClickHouseClient } from '@clickhouse/client'
import { TABLES, type TableName } from './routing'

export interface Identity {
  readonly source: string
  readonly id: string
}

/** Where a version of an identity stands: the truth table and the id that leads its sorting key. */
export interface Home extends Identity {
  readonly place: string
  readonly ref: string
  readonly version: bigint
}

/** A place that must not count any more, and the version of the tombstone that says so: the winner's. */
interface Stray extends Omit<Home, 'version'> {
  readonly top: bigint
}

/** What `changed` calls that which leads each table's key. The others change nothing that is served. */
const KINDS: Readonly<Partial<Record<TableName, string>>> = {
  sale_events: 'line',
  unit_events: 'unit',
  movement_events: 'movement',
  settlement_events: 'settlement',
  claim_events: 'claim',
  cost_events: 'cost',
}

const nameOf = ({ source, id }: Identity): string => `${source}\u0000${id}`

/**
 * All places of identities where no version is as high as the highest. A place that has it is left alone, a tombstone that says so included:
 * another one with its version would take the winner's place.
 */
export function straysAmong(homes: readonly Home[]): Stray[] {
  const tops = new Map<string, bigint>()
  const places = new Map<string, Home>()
  for (const home of homes) {
    const name = nameOf(home)
    if (home.version > (tops.get(name) ?? -1n)) tops.set(name, home.version)
    const place = `${name}\u0000${home.place}:${home.ref}`
    if (home.version > (places.get(place)?.version ?? -1n)) places.set(place, home)
  }
  return [...places.values()].flatMap(({ version, ...place }) => {
    const top = tops.get(nameOf(place)) ?? version
    return version < top ? [{ ...place, top }] : []
  })
}

/**
 * Writes tombstones, and that their places changed: what hangs on them is derived anew with `batch`. Each may be written again.
 */
export async function writeTombstones(
  client: ClickHouseClient,
  batch: bigint,
  strays: readonly Stray[],
): Promise<void> {
  for (const [table, { key }] of Object.entries(TABLES)) {
    const values = strays.filter(({ place }) => place === table)
    if (values.length === 0) continue
    await client.insert({
      table,
      columns: [key, 'source', 'id', 'version', 'voided'],
      values: values.map(({ ref, source, id, top }) => [ref, source, id, top.toString(), 1]),
      format: 'JSONCompactEachRow',
    })
  }
  const changed = strays.flatMap(({ place, ref }) => {
    const kind = KINDS[place as TableName]
    return kind ? [[batch.toString(), kind, ref]] : []
  })
  if (changed.length === 0) return
  await client.insert({
    table: 'changed',
    columns: ['batch', 'kind', 'ref'],
    values: changed,
    format: 'JSONCompactEachRow',
  })
}

/** Every version that stands anywhere, also those that a newer one will replace. */
const EVERYWHERE = Object.entries(TABLES)
  .map(([table, { key }]) => `SELECT '${table}' AS place, ${key} AS ref, source, id, version, batch FROM ${table}`)
  .join(' UNION ALL ')

type Row = Omit<Home, 'version'> & { readonly top: string }

async function homes(client: ClickHouseClient, condition: string, parameters: object): Promise<Home[]> {
  const result = await client.query({
    query: `SELECT place, ref, source, id, toString(max(version)) AS top FROM (${EVERYWHERE}) WHERE ${condition} GROUP BY place, ref, source, id`,
    query_params: { ...parameters },
    format: 'JSONEachRow',
  })
  return (await result.json<Row>()).map(({ top, ...place }) => ({ ...place, version: BigInt(top) }))
}

/** How many identities one statement looks for: their names travel in its address. */
const AT_ONCE = 1000

/** What the version of a first word stays below: its revision is 0. */
const CORRECTED = '4294967296'

/**
 * Where ClickHouse has these identities, or their corrections alone, which is the quicker question. It reads the names (or the versions) of all
 * events for that.
 */
export async function homesOf(
  client: ClickHouseClient,
  identities: readonly Identity[],
  which: 'all' | 'corrections alone' = 'all',
): Promise<Home[]> {
  const wanted = new Set(identities.map(nameOf))
  const ids = [...new Set(identities.map(({ id }) => id))]
  const condition = `${which === 'all' ? '' : `version >= ${CORRECTED} AND `}id IN {ids:Array(String)}`
  const found: Home[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    found.push(...(await homes(client, condition, { ids: ids.slice(from, from + AT_ONCE) })))
  }
  return found.filter((home) => wanted.has(nameOf(home)))
}

/**
 * Finds identities that live in more than one place, and tombstones all places but the winner's with the winner's version. Of batches of an
 * import: those that the import brought, whatever else brought them too. Without batches: all. What changed by it is published with the first of
 * the batches. Returns how many places that were.
 */
export async function repairStrays(client: ClickHouseClient, batches?: readonly bigint[]): Promise<number> {
  const ours = `WHERE cityHash64(source, id) IN (
    SELECT cityHash64(source, id) FROM (${EVERYWHERE}) WHERE batch IN {batches:Array(UInt64)})`
  const moved = `SELECT cityHash64(source, id) AS name FROM (${EVERYWHERE}) ${batches ? ours : ''}
    GROUP BY name HAVING min(cityHash64(place, ref)) != max(cityHash64(place, ref))`
  const parameters = { batches: (batches ?? []).map(Number) }
  const result = await client.query({
    query: `SELECT count() AS n FROM (${moved})`,
    query_params: parameters,
    format: 'JSONEachRow',
  })
  const [found] = await result.json<{ n: number | string }>()
  if (Number(found?.n ?? 0) === 0) return 0
  const strays = straysAmong(await homes(client, `cityHash64(source, id) IN (${moved})`, parameters))
  if (strays.length > 0) await writeTombstones(client, batches?.[0] ?? 0n, strays)
  return strays.length
}
