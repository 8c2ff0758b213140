import { writeClient } from '../../clickhouse/client'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { withInstallation } from '../installation'

export const summary = 'compares Postgres with ClickHouse, cell by cell; exit 1 with the cells that differ'

/** How many differing cells are written out; the rest is counted. */
const SHOWN = 200

export function run(): Promise<number> {
  return withInstallation(async () => {
    const found = await verify(pool(), writeClient(), (what) => console.error(`${what} …`))
    for (const { cell, postgres, clickhouse } of [...found.differences, ...found.rollups].slice(0, SHOWN)) {
      console.log(`differs: ${cell}\n  Postgres    ${postgres}\n  ClickHouse  ${clickhouse}`)
    }
    const differing = found.differences.length + found.rollups.length
    if (differing > SHOWN) console.log(`… and ${differing - SHOWN} more cells`)
    console.log(
      [
        `${found.events} events in ${found.cells} cells (type, source, day): ${found.differences.length} differ`,
        `${found.served.checked} served rows compared with their facts: ${found.served.stale} differ`,
        `rollup months: ${found.rollups.length} differ`,
        ...(found.pending > 0 ? [`${found.pending} rows or batches are still on their way to ClickHouse`] : []),
      ].join('\n'),
    )
    return differing + found.served.stale === 0 ? 0 : 1
  })
}
