import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeClient } from '../../clickhouse/client'
import { importFiles } from '../../ingest/import/import-files'
import { syncReference } from '../../ingest/relay/reference'
import { remember } from '../../ingest/relay/state'
import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'
import { env, required } from '../../lib/env'
import { makeWorld, referenceOf } from './company'
import { SOURCES } from './emitter'
import { generate, RECENT_DAYS } from './generate'
import { send } from './knock'
import { type DemoRecord, readRecord, writeRecord, writeReference } from './record'

export const DEMO_SEED = 7
export const DEMO_MONTHS = 18

export interface FillOptions {
  /** The instant up to which the history reaches. */
  today: Date
  /** 1 = about 600,000 sale lines. */
  scale: number
  /** The ingest service, for what came in during the last days. Without it that is imported like the rest. */
  ingestUrl?: string
  /** A key that may write every source; made and revoked here when absent. */
  apiKey?: string
  seed?: number
  months?: number
  databaseUrl?: string
  clickhouseUrl?: string
  /** Folder for the files on their way and for the archive; BACKHAUL_DATA when absent. */
  dataDir?: string
  /** Hears what is going on, in words. */
  progress?: (text: string) => void
}

/** What was done, and how long each part took, in seconds. */
export interface Filled {
  events: number
  recent: number
  seconds: { generate: number; load: number; publish: number; send: number; total: number }
}

/**
 * Fills the demo company once, through the real ways in: reference data into Postgres, the history by the bulk import, the last two days
 * through the ingest service. Interrupted, the next call goes on: it makes the same events, and the contract's identity keeps them single.
 * Returns nothing when it was filled before. Wants both databases migrated.
 */
export async function fillDemo(options: FillOptions): Promise<Filled | undefined> {
  const databaseUrl = options.databaseUrl ?? required('DATABASE_URL')
  const clickhouseUrl = options.clickhouseUrl ?? required('CLICKHOUSE_URL')
  const dataDir = options.dataDir ?? env().BACKHAUL_DATA
  const say = options.progress ?? (() => {})
  const known = await readRecord(databaseUrl)
  if (known?.state === 'done') return undefined
  const record: DemoRecord = known ?? {
    state: 'filling',
    seed: options.seed ?? DEMO_SEED,
    today: options.today.toISOString(),
    months: options.months ?? DEMO_MONTHS,
    scale: options.scale,
  }
  await writeRecord(databaseUrl, record)
  const company = { ...record, today: new Date(record.today) }
  await writeReference(databaseUrl, referenceOf(makeWorld(company)))
  await copyReference(databaseUrl, clickhouseUrl)

  const clock = stopwatch()
  const folder = join(dataDir, 'demo-events')
  const made = await generate(
    company,
    folder,
    (done, of) => say(`making ${of} months of events: ${done}`),
    options.ingestUrl ? RECENT_DAYS : 0,
  )
  const generateSeconds = clock()
  const account = await importFiles({
    files: made.files,
    mapping: 'canonical',
    databaseUrl,
    clickhouseUrl,
    archiveDir: join(dataDir, 'archive'),
    onProgress: ({ phase, file, events, done }) =>
      say(
        phase === 'publishing'
          ? `deriving: ${Math.round(done * 100)} %`
          : `importing ${file}: ${events.toLocaleString('en')} events`,
      ),
  })
  if (account.rejected > 0)
    throw new Error(`${account.rejected} events of the demo company were rejected by the import`)
  clock()
  await sendRecent(options, made.recent, say)
  const sendSeconds = clock()
  await writeRecord(databaseUrl, { ...record, state: 'done' })
  await rm(folder, { recursive: true, force: true })
  const { loadSeconds, publishSeconds } = account
  return {
    events: made.events,
    recent: made.recent.length,
    seconds: {
      generate: generateSeconds,
      load: loadSeconds,
      publish: publishSeconds,
      send: sendSeconds,
      total: generateSeconds + loadSeconds + publishSeconds + sendSeconds,
    },
  }
}

/**
 * Makes the copy of the reference data that the relay would make: then it finds nothing new, and derives nothing twice. It may be at it
 * at this very moment, so a failure is tried again.
 */
async function copyReference(databaseUrl: string, clickhouseUrl: string): Promise<void> {
  const postgres = pool(databaseUrl)
  for (let left = 5; ; left--) {
    try {
      await remember(postgres, 'reference', await syncReference(postgres, writeClient(clickhouseUrl)))
      return
    } catch (error) {
      if (left === 0) throw error
      await sleep(400)
    }
  }
}

async function sendRecent(options: FillOptions, lines: string[], say: (text: string) => void): Promise<void> {
  const { ingestUrl } = options
  if (!ingestUrl) return
  const made = options.apiKey
    ? undefined
    : await createKey({ scopes: ['events:write'], sources: SOURCES, name: 'demo company, history', days: 1 })
  const apiKey = options.apiKey ?? made?.key ?? ''
  await send({ ingestUrl, apiKey }, lines, (sent) =>
    say(`sending the last two days: ${sent} of ${lines.length} events`),
  )
  if (made) await revokeKey(made.id)
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const seconds = (now - last) / 1000
    last = now
    return seconds
  }
}
