import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { writeClient } from '../../clickhouse/client'
import { publishAll } from '../../clickhouse/derive/publish'
import { rebuildRollups } from '../../clickhouse/derive/rollups'
import { checkEvent } from '../../ingest/contract/validate'
import { acceptEvents } from '../../ingest/log/accept'
import type { Outcome } from '../../ingest/log/append'
import { deliver } from '../../ingest/relay/deliver'
import { takeRelayDuty, withPublisher } from '../../ingest/relay/publisher'
import { syncReference } from '../../ingest/relay/reference'
import { seal, undelivered } from '../../ingest/relay/seal'
import { pool } from '../../lib/db/client'
import type { TestDatabases } from './databases'

export interface ReferenceInput {
  rates?: readonly { currency: string; day: string; rate: string }[]
  suppliers?: readonly { id: string; coverage: string; windowDays: number }[]
  facilities?: readonly { id: string; tz: string }[]
}

/** The product's own path from raw events to served rows, driven by hand so that a test decides when each step happens. */
export interface Pipeline {
  pool: pg.Pool
  client: ClickHouseClient
  /** Validates, accepts, seals, sends and publishes each batch in turn, then brings the rollups up to date. Throws on a refused event. */
  deliver(batches: readonly (readonly string[])[]): Promise<Outcome[][]>
  /** Accepts without delivering. */
  accept(raws: readonly string[]): Promise<Outcome[]>
  /** Delivers what was accepted. */
  drain(): Promise<void>
  close(): Promise<void>
}

export async function openPipeline(databases: TestDatabases, reference: ReferenceInput = {}): Promise<Pipeline> {
  const postgres = pool(databases.databaseUrl)
  const client = writeClient(databases.clickhouseUrl)
  await putReference(postgres, reference)
  await syncReference(postgres, client)
  await withPublisher(postgres, client, (d) => publishAll(d))
  const duty = await takeRelayDuty(postgres)
  if (!duty) throw new Error('another relay works on the database of this test')
  const accept = (raws: readonly string[]) => {
    const events = raws.map((raw) => {
      const checked = checkEvent(JSON.parse(raw), Date.now())
      if (!checked.ok) throw new Error(`${checked.reason}: ${checked.message} in ${raw}`)
      return { raw, event: checked.event }
    })
    return acceptEvents(postgres, events, 'test')
  }
  const drain = async () => {
    const months = new Set<number>()
    while ((await seal(postgres)) > 0);
    for (let batches = await undelivered(postgres, 4); batches.length > 0; batches = await undelivered(postgres, 4)) {
      for (const month of await deliver(postgres, client, batches, duty.epoch)) months.add(month)
    }
    await withPublisher(postgres, client, (d) => rebuildRollups(d, months))
  }
  return {
    pool: postgres,
    client,
    accept,
    drain,
    async deliver(batches) {
      const outcomes: Outcome[][] = []
      for (const raws of batches) {
        outcomes.push(await accept(raws))
        while ((await seal(postgres)) > 0);
      }
      await drain()
      return outcomes
    },
    async close() {
      duty.release()
    },
  }
}

async function putReference(postgres: pg.Pool, { rates = [], suppliers = [], facilities = [] }: ReferenceInput) {
  for (const { currency, day, rate } of rates) {
    await postgres.query("INSERT INTO fx_rate (currency, day, rate, source) VALUES ($1, $2, $3, 'test')", [
      currency,
      day,
      rate,
    ])
  }
  for (const { id, coverage, windowDays } of suppliers) {
    await postgres.query(
      "INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ($1, $1, 'DE', $2, $3, 'EUR')",
      [id, coverage, windowDays],
    )
  }
  for (const { id, tz } of facilities) {
    await postgres.query(
      "INSERT INTO facility (id, name, kind, entity, country, tz, shifts) VALUES ($1, $1, 'warehouse', 'main', 'DE', $2, '[]')",
      [id, tz],
    )
  }
}
