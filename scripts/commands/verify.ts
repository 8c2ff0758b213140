import { writeClient } from '../../clickhouse/client'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { noArguments } from '../command-arguments'
import { withInstallation } from '../installation'

export const summary = 'compares Postgres with ClickHouse, cell by cell; exit 1 with the cells and rows that differ'

export const usage = `verify

Compares what the event log and the archive say with what ClickHouse holds (by type, source and day), every served row with what
its facts imply, and the rollups with the sales. Exit code 0: all the same; 1: the cells and the first of the rows that differ.

Events and served rows are only read. Sums of sales that are behind are brought up to date first, as the relay would do next. Until
the end nothing else is published: events are accepted meanwhile and show on dashboards afterwards.`

/** How many differing cells are written out; the rest is counted. */
const SHOWN = 200

export async function run(args: readonly string[] = []): Promise<number> {
  noArguments(args, usage)
  return withInstallation(async () => {
    const found = await verify(pool(), writeClient(), (what) => console.error(`${what} …`))
    for (const { cell, postgres, clickhouse } of [...found.differences, ...found.rollups].slice(0, SHOWN)) {
      console.log(`differs: ${cell}\n  Postgres    ${postgres}\n  ClickHouse  ${clickhouse}`)
    }
    const differing = found.differences.length + found.rollups.length
    if (differing > SHOWN) console.log(`… and ${differing - SHOWN} more cells`)
    const { checked, stale, rows } = found.served
    for (const { kind, key, differs } of rows) {
      console.log(
        `differs: ${kind === 'unit' ? 'unit' : 'order line'} ${key} as it is served\n  ${differs.join('\n  ')}`,
      )
    }
    if (stale > rows.length) console.log(`… and ${stale - rows.length} more served rows`)
    console.log(
      [
        `${found.events} events in ${found.cells} cells (type, source, day): ${found.differences.length} differ`,
        `${checked} served rows compared with their facts: ${stale} differ`,
        `rollup months: ${found.rollups.length} differ`,
        ...(found.pending > 0 ? [`${found.pending} rows or batches are still on their way to ClickHouse`] : []),
      ].join('\n'),
    )
    return differing + stale === 0 ? 0 : 1
  }, 'ClickHouse')
}
