import { writeClient } from '../../clickhouse/client'
import { rebuild } from '../../ingest/relay/rebuild'
import { pool } from '../../lib/db/client'
import { required } from '../../lib/env'
import { noArguments } from '../command-arguments'
import { progressLines, withInstallation } from '../installation'

export const summary = 'drops ClickHouse and builds it anew from the event log and the archive'

export const usage = `rebuild

Drops everything that ClickHouse holds of Backhaul and builds it anew from the event log and the archive. It takes no arguments. Events
are accepted meanwhile; dashboards have figures again when it is done.`

export async function run(args: readonly string[] = []): Promise<number> {
  noArguments(args, usage)
  return withInstallation(async () => {
    const began = Date.now()
    const done = await rebuild(pool(), writeClient(), required('CLICKHOUSE_URL'), progressLines())
    console.log(
      `Rebuilt ${done.units} units and ${done.lines} order lines from ${done.rows} events in ${done.batches} batches, ${((Date.now() - began) / 1000).toFixed(1)} s.`,
    )
    return 0
  })
}
