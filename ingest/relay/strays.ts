import type { ClickHouseClient } from '@clickhouse/client'

/** The column that leads each truth table's sorting key. */
const KEYS: Record<string, string> = {
  sale_events: 'order_line_id',
  unit_events: 'unit_id',
  movement_events: 'movement_id',
  settlement_events: 'settlement_id',
  claim_events: 'claim_id',
  cost_events: 'cost_id',
  journal_events: 'entry_id',
  exception_events: 'exception_id',
  stock_events: 'ref',
}

interface Stray {
  place: string
  ref: string
  source: string
  id: string
  version: string
}

/**
 * Finds identities that live in more than one place, which a correction that came by a bulk import can cause (the relay writes tombstones
 * itself), and tombstones all but the winner with the winner's version. Returns how many it wrote; publish everything after that.
 */
export async function repairStrays(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: `SELECT home.1 AS place, home.2 AS ref, source, id, toString(top) AS version FROM (
        SELECT source, id, max(version) AS top, groupArray((place, ref, version)) AS homes
        FROM event_index GROUP BY source, id HAVING count() > 1 AND min(version) < max(version)
      ) ARRAY JOIN homes AS home WHERE home.3 < top`,
    format: 'JSONEachRow',
  })
  const strays = await result.json<Stray>()
  for (const [table, key] of Object.entries(KEYS)) {
    const values = strays.filter(({ place }) => place === table)
    if (values.length === 0) continue
    await client.insert({
      table,
      columns: [key, 'source', 'id', 'version', 'voided'],
      values: values.map(({ ref, source, id, version }) => [ref, source, id, version, 1]),
      format: 'JSONCompactEachRow',
    })
  }
  return strays.length
}
