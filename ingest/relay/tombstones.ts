import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { routingOf } from './routing'
import type { LogRow } from './seal'
import { wireLine } from './send'
import { type Home, homesOf, type Identity, straysAmong, writeTombstones } from './strays'

interface Version {
  source: string
  id: string
  revision: number
  hash: number
  body: string
}

/**
 * For identities of the batch that exist in several revisions: wherever an older revision lives in another place of ClickHouse than the
 * winning one, a tombstone with the winner's version. Any order of arrival ends the same: whichever revision is sent last sees them all.
 * Those of the log are returned, to be sent with the batch; those that an import brought, which the log does not know, are written at once. The
 * caller holds the publisher's lock until the batch is sent: an import looks under it too, so one of the two sees the other.
 */
export async function tombstonesFor(
  pool: pg.Pool,
  client: ClickHouseClient,
  batch: bigint,
  firstLine: number,
): Promise<string[]> {
  await tombstoneImported(pool, client, batch)
  const { rows } = await pool.query<LogRow>(
    `SELECT o.source, o.id, o.revision, o.hash::int8 AS hash, o.body FROM event_log o
     WHERE (o.source, o.id) IN (
       SELECT e.source, e.id FROM event_log e WHERE e.batch_id = $1
         AND EXISTS (SELECT 1 FROM event_log p WHERE p.source = e.source AND p.id = e.id AND p.revision <> e.revision))`,
    [batch],
  )
  const byIdentity = new Map<string, Version[]>()
  for (const row of rows) {
    const identity = `${row.source}\u0000${row.id}`
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), { ...row, hash: Number(row.hash) }])
  }
  return [...byIdentity.values()].flatMap(tombstones).map((make, index) => make(batch, firstLine + index))
}

function tombstones(versions: Version[]): ((batch: bigint, line: number) => string)[] {
  const winner = versions.reduce((a, b) =>
    b.revision > a.revision || (b.revision === a.revision && b.hash > a.hash) ? b : a,
  )
  const home = routingOf(JSON.parse(winner.body))
  const elsewhere = new Map(
    versions.map((version) => {
      const event = JSON.parse(version.body)
      return [routingOf(event), event] as const
    }),
  )
  elsewhere.delete(home)
  return [...elsewhere.values()].map((event) => {
    const body = JSON.stringify({ ...event, revision: winner.revision, voided: true })
    return (batch: bigint, line: number) => wireLine(batch, line, winner.hash, body)
  })
}

/**
 * Corrections of the batch whose first word, or a later one, came by an import; and first words of the batch that an import had corrected before
 * they came. ClickHouse is asked only where there can be such: never without imports.
 */
async function tombstoneImported(pool: pg.Pool, client: ClickHouseClient, batch: bigint): Promise<void> {
  const { rows } = await pool.query<Identity & { revision: number }>(
    `SELECT source, id, revision FROM event_log WHERE batch_id = $1 AND CASE
       WHEN EXISTS (SELECT FROM import_run WHERE (account #>> '{tally,revised}')::bigint > 0) THEN true
       WHEN EXISTS (SELECT FROM batch WHERE kind = 'archive') THEN revision > 0 ELSE false END`,
    [batch],
  )
  const found = [
    ...(await homesOf(
      client,
      rows.filter(({ revision }) => revision > 0),
    )),
    ...(await homesOf(
      client,
      rows.filter(({ revision }) => revision === 0),
      'corrections alone',
    )),
  ]
  if (found.length === 0) return
  const strays = straysAmong([...found, ...(await homesInBatch(pool, batch, found))])
  if (strays.length > 0) await writeTombstones(client, batch, strays)
}

/** Where these identities will stand when the batch is sent. */
async function homesInBatch(pool: pg.Pool, batch: bigint, identities: readonly Identity[]): Promise<Home[]> {
  const { rows } = await pool.query<LogRow>(
    `SELECT source, id, revision, hash::int8 AS hash, body FROM event_log
     WHERE batch_id = $1 AND (source, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [batch, identities.map(({ source }) => source), identities.map(({ id }) => id)],
  )
  return rows.map(({ source, id, revision, hash, body }) => {
    const [place = '', ...ref] = routingOf(JSON.parse(body)).split(':')
    return { place, ref: ref.join(':'), source, id, version: (BigInt(revision) << 32n) + BigInt(hash) }
  })
}
