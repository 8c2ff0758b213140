import type pg from 'pg'
import { routingOf } from './routing'
import type { LogRow } from './seal'
import { wireLine } from './send'

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
 */
export async function tombstonesFor(pool: pg.Pool, batch: bigint, firstLine: number): Promise<string[]> {
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
