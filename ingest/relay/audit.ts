import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { checkSlice, repair } from '../../clickhouse/derive/audit'
import { log } from '../../lib/log'
import { monthsOf, noteBehind } from './behind'
import { derivationOf, withPublisher } from './publisher'
import { remember } from './state'

/** Compares one slice of what is served with what its facts imply, and publishes again what differs. */
export async function auditSlice(pool: pg.Pool, client: ClickHouseClient, slice: number, of: number): Promise<void> {
  const { checked, stale } = await checkSlice(derivationOf(pool, client), slice, of)
  const { repaired } = await withPublisher(pool, client, async (d) => {
    // Before the repair: after it the rows are right, and nothing would tell of a relay that died here that their rollups are not.
    await noteBehind(pool, await monthsOf(client, stale.lines))
    return repair(d, stale)
  })
  if (repaired > 0)
    log('audit').warn({ slice, checked, repaired }, 'served rows differed from the facts and were published again')
  await remember(pool, 'audit', { at: new Date().toISOString(), slice, checked, repaired })
}
