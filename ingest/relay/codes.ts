import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { publishCodes } from '../../clickhouse/derive/publish'
import { log } from '../../lib/log'
import { type CodeMapping, codeKey } from '../../lib/returns/code-map'
import { withPublisher } from './publisher'
import { syncCodes } from './reference'
import { recall, remember } from './state'

/** What was last brought to ClickHouse, and what of it has not been derived yet. */
interface Served {
  readonly version: string
  readonly codes: readonly CodeMapping[]
  readonly behind: readonly CodeMapping[]
}

const NOTHING: Served = { version: '', codes: [], behind: [] }

/**
 * Brings changed meanings of codes to ClickHouse and derives the units anew that carry them. Returns how many carried one; 0 when nothing has
 * changed, which is cheap to find. What is behind is written down first: a relay that dies in between goes on with it.
 */
export async function refreshCodes(pool: pg.Pool, client: ClickHouseClient): Promise<number> {
  const version = await versionOfCodes(pool)
  const served = await recall<Served>(pool, 'codes', NOTHING)
  if (version === served.version && served.behind.length === 0) return 0
  return withPublisher(pool, client, async (d) => {
    const codes = await syncCodes(pool, client)
    const behind = [...served.behind, ...differing(served.codes, codes)]
    await remember(pool, 'codes', { version, codes, behind } satisfies Served)
    const units = await publishCodes(d, behind)
    await remember(pool, 'codes', { version, codes, behind: [] } satisfies Served)
    if (units > 0)
      log('relay').info({ units, codes: behind.length }, 'codes mean something else now: units derived anew')
    return units
  })
}

function differing(before: readonly CodeMapping[], after: readonly CodeMapping[]): CodeMapping[] {
  const known = new Map(before.map((row) => [codeKey(row.source, row.list, row.outside), row.code]))
  return after.filter((row) => known.get(codeKey(row.source, row.list, row.outside)) !== row.code)
}

/** Changes whenever a mapping does. */
async function versionOfCodes(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ v: string }>(
    "SELECT concat(count(*), '/', sum(version), '/', max(changed_at)) AS v FROM code_mapping",
  )
  return rows[0]?.v ?? ''
}
