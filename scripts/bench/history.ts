import { join } from 'node:path'
import { writeClient } from '../../clickhouse/client'
import { importFiles } from '../../ingest/import/import-files'
import { syncReference } from '../../ingest/relay/reference'
import { remember } from '../../ingest/relay/state'
import { pool } from '../../lib/db/client'
import { env } from '../../lib/env'
import { makeWorld, referenceOf } from '../demo/company'
import { generate } from '../demo/generate'
import { writeReference } from '../demo/record'

/** Scale 1 of the demo company is about so many million events. */
const MILLIONS_AT_SCALE_1 = 2.8

export interface History {
  files: string[]
  events: number
  today: Date
}

/** Writes a company's history of about so many million events to files, and its reference data to Postgres and ClickHouse. */
export async function makeHistory(millions: number): Promise<History> {
  const today = new Date()
  const company = { seed: 7, today, months: 18, scale: millions / MILLIONS_AT_SCALE_1 }
  await writeReference(env().DATABASE_URL ?? '', referenceOf(makeWorld(company)))
  await remember(pool(), 'reference', await syncReference(pool(), writeClient()))
  const made = await generate(company, join(env().BACKHAUL_DATA, `bench-${millions}`), undefined, 0)
  return { files: made.files, events: made.events, today }
}

/** Imports it as anybody would, and returns how many seconds it took until the events were in the truth tables, and in all. */
export async function importHistory(history: History): Promise<{ load: number; publish: number }> {
  const account = await importFiles({ files: history.files, archiveDir: join(env().BACKHAUL_DATA, 'archive') })
  return { load: account.loadSeconds, publish: account.publishSeconds }
}
