import { writeClient } from '../../clickhouse/client'
import { rebuild } from '../../ingest/relay/rebuild'
import { pool } from '../../lib/db/client'
import { required } from '../../lib/env'
import { progressLines, withInstallation } from '../installation'

export const summary = 'drops ClickHouse and builds it anew from the event log and the archive'

export function run(): Promise<number> {
  return withInstallation(async () => {
    const began = Date.now()
    const done = await rebuild(pool(), writeClient(), required('CLICKHOUSE_URL'), progressLines())
    console.log(
      `Rebuilt ${done.units} units and ${done.lines} order lines from ${done.rows} events in ${done.batches} batches, ${((Date.now() - began) / 1000).toFixed(1)} s.`,
    )
    return 0
  })
}
