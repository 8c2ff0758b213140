import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { checkSlice, type Stale } from '../../clickhouse/derive/audit'
import { explainStale, type StaleRow } from '../../clickhouse/derive/explain-stale'
import { rebuildRollups } from '../../clickhouse/derive/rollups'
import { formatUnits } from '../../lib/money'
import { type Cell, cellsOfClickHouse, cellsOfPostgres } from './cells'
import { withPublisher } from './publisher'
import { recall } from './state'

export interface Difference {
  cell: string
  postgres: string
  clickhouse: string
}

export interface Verified {
  cells: number
  events: bigint
  differences: Difference[]
  /** `rows`: the first of the stale ones, with what differs. */
  served: { checked: number; stale: number; rows: StaleRow[] }
  rollups: Difference[]
  /** Sealed batches that have not arrived yet: not a difference, only news to come. */
  pending: number
}

/** How many served rows one statement compares at a time: bounds its memory. */
const SLICE = 100_000
/** How many stale rows of each kind are told with what differs. */
const TOLD = 20

/**
 * Compares what Postgres and the archive say with what ClickHouse holds and serves: every distinct live event by cell (count, sum of content
 * hashes, quantities, amounts), every served row with what its facts imply, and the rollups with the sales. Facts and served rows are only
 * read; rollups that are behind are brought up to date first, as the relay would do next. Nobody else publishes until the end: events are
 * accepted meanwhile and wait for their way to ClickHouse.
 */
export async function verify(
  pool: pg.Pool,
  client: ClickHouseClient,
  onProgress: (what: string) => void = () => undefined,
): Promise<Verified> {
  return withPublisher(pool, client, async (d) => {
    await rebuildRollups(d, await recall<number[]>(pool, 'rollups_behind', []))
    onProgress('reading the log and the archive')
    const { cells: postgres, pending, underway } = await cellsOfPostgres(pool)
    onProgress('reading ClickHouse')
    const clickhouse = await cellsOfClickHouse(client, underway)
    onProgress('comparing served rows with their facts')
    let checked = 0
    const stale: Stale = { units: [], lines: [] }
    const slices = Math.max(1, Math.ceil((await servedRows(client)) / SLICE))
    for (let slice = 0; slice < slices; slice += 1) {
      const found = await checkSlice(d, slice, slices, 'verify')
      checked += found.checked
      stale.units.push(...found.stale.units)
      stale.lines.push(...found.stale.lines)
    }
    const rows = await explainStale(d, { units: stale.units.slice(0, TOLD), lines: stale.lines.slice(0, TOLD) })
    onProgress('comparing rollups with the sales')
    return {
      cells: postgres.size,
      events: [...postgres.values()].reduce((sum, cell) => sum + BigInt(cell.events), 0n),
      differences: compare(postgres, clickhouse),
      served: { checked, stale: stale.units.length + stale.lines.length, rows },
      rollups: await rollupDifferences(client),
      pending,
    }
  })
}

async function servedRows(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: 'SELECT count() + (SELECT count() FROM sales) AS n FROM units',
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ n: number | string }>()
  return Number(row?.n ?? 0)
}

const show = (cell: Cell | undefined) =>
  cell
    ? `${cell.events} events, quantity ${cell.quantity}, amount ${formatUnits(BigInt(cell.amount))}, hash ${cell.hashes}`
    : 'nothing'

function compare(postgres: Map<string, Cell>, clickhouse: Map<string, Cell>): Difference[] {
  const keys = new Set([...postgres.keys(), ...clickhouse.keys()])
  return [...keys]
    .map((cell) => ({ cell, postgres: show(postgres.get(cell)), clickhouse: show(clickhouse.get(cell)) }))
    .filter((row) => row.postgres !== row.clickhouse)
    .sort((a, b) => a.cell.localeCompare(b.cell))
}

async function rollupDifferences(client: ClickHouseClient): Promise<Difference[]> {
  const result = await client.query({
    query: `SELECT toString(m) AS cell, toString(groupArrayIf(v, p = 's')) AS postgres, toString(groupArrayIf(v, p = 'r')) AS clickhouse
      FROM (
        SELECT toYYYYMM(sold_at) AS m, 's' AS p, (sum(quantity), sum(net), sum(cost), count()) AS v FROM sales FINAL GROUP BY m
        UNION ALL SELECT toYYYYMM(slot) AS m, 'r', (sum(quantity), sum(net), sum(cost), sum(lines)) FROM sales_slot GROUP BY m
      ) GROUP BY m HAVING postgres != clickhouse ORDER BY m`,
    format: 'JSONEachRow',
  })
  return result.json<Difference>()
}
