import type { ClickHouseClient } from '@clickhouse/client'
import { readClient } from '../../../clickhouse/client'
import { type Actor, authorize } from '../../auth/actor'
import { reach } from '../execute'
import type { Annotation, FilterOptions, Freshness } from '../overview-types'
import { Params } from '../sql/params'

/** Values that the reader may filter by: what is in the data and in the reader's scope. */
export async function filterOptions(
  actor: Actor,
  _page: { tz: string },
  client: ClickHouseClient = readClient(),
): Promise<FilterOptions> {
  authorize(actor, 'metrics:read')
  const result = await client.query({
    query: `SELECT 'entity' AS dimension, toString(entity) AS value, '' AS label FROM sales_hour GROUP BY entity
UNION ALL SELECT 'channel', toString(channel), '' FROM sales_hour GROUP BY channel
UNION ALL SELECT 'facility', u.facility, any(f.name) FROM (SELECT toString(facility) AS facility FROM units GROUP BY facility) AS u
  LEFT JOIN facility_ref AS f ON f.id = u.facility GROUP BY u.facility`,
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ dimension: string; value: string; label: string }>()
  const { entities, channels, facilities } = actor.scope
  const of = (dimension: string, allowed: readonly string[] | null) =>
    rows
      .filter(
        (row) => row.dimension === dimension && row.value !== '' && (allowed === null || allowed.includes(row.value)),
      )
      .map(({ value, label }) => ({ value, label: label || value }))
      .toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
  return { entity: of('entity', entities), channel: of('channel', channels), facility: of('facility', facilities) }
}

/** What was delivered so lately may not be in all figures: sales are rolled up a moment after it, and a page may have been read before it. */
const SETTLED_MS = 3000

/** How far the figures reach. */
export async function freshness(
  actor: Actor,
  client: ClickHouseClient = readClient(),
  now = new Date(),
): Promise<Freshness> {
  authorize(actor, 'metrics:read')
  const { watermark, delivered, ago } = await reach(client)
  return {
    watermark,
    behindMs: watermark === null ? null : Math.max(0, now.getTime() - Date.parse(watermark)),
    token: String(delivered),
    settled: ago > SETTLED_MS,
  }
}

const KINDS = ['policy', 'recall', 'promotion', 'outage', 'note'] as const

/** What people marked on the calendar within the instants [from, to). */
export async function annotationsOf(client: ClickHouseClient, from: number, to: number): Promise<Annotation[]> {
  const params = new Params()
  const result = await client.query({
    query: `SELECT toUnixTimestamp64Milli(at) AS instant, toString(kind) AS kind, label FROM annotation_ref
WHERE at >= ${params.instant(from)} AND at < ${params.instant(to)} ORDER BY at, id`,
    query_params: { ...params.values },
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ instant: string | number; kind: string; label: string }>()
  return rows.map(({ instant, kind, label }) => ({
    at: new Date(Number(instant)).toISOString(),
    kind: KINDS.find((known) => known === kind) ?? 'note',
    label,
    author: '',
  }))
}
