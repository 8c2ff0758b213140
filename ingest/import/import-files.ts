import { basename } from 'node:path'
import { writeClient } from '../../clickhouse/client'
import { pool } from '../../lib/db/client'
import { env, required } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { failpoint } from '../../lib/failpoint'
import { mappingNamed } from '../mappings/registry'
import type { FileAccount, ImportAccount, Tally } from './account'
import { fingerprintOf, type Input, resolveInputs } from './inputs'
import { Ledger, type SealedBatch } from './ledger'
import { load } from './load'
import { publishImport } from './publish'
import { RejectsFile } from './rejects'
import { SEGMENT_BYTES } from './segments'
import { Workers } from './workers'

/** How far an import is. `done` and `total` are in the phase's own measure; `total` is 0 while it is not known. */
export interface Progress {
  readonly phase: 'fingerprint' | 'mapping' | 'loading' | 'publishing'
  /** The file that it is about; empty when publishing. */
  readonly file: string
  readonly done: number
  readonly total: number
  /** Events that have arrived, in this phase. */
  readonly events: number
}

export interface ImportOptions {
  /** Files, folders or patterns. */
  readonly files: readonly string[]
  /** A name of ingest/mappings; `canonical` when absent: the lines are events already. */
  readonly mapping?: string
  readonly databaseUrl?: string
  readonly clickhouseUrl?: string
  /** Folder of the archive; made when missing. */
  readonly archiveDir: string
  /** For rejected lines of files whose own folder cannot be written; `archiveDir` when absent. */
  readonly rejectsDir?: string
  readonly onProgress?: (progress: Progress) => void
  /** Bytes of a segment, about; for tests. */
  readonly segmentBytes?: number
  /** Ends the import after what is under way; it can be gone on with later. */
  readonly signal?: AbortSignal
  /** False leaves publishing to the caller, who then marks nothing. */
  readonly publish?: boolean
}

/**
 * Imports files of events in bulk: into the archive (durable, what ClickHouse is rebuilt from), into ClickHouse's truth tables, and then
 * into what dashboards read. Interrupted, it goes on where it was; the same content with the same mapping again changes nothing. Throws
 * UserError for what a person can mend. Wants both databases migrated.
 */
export async function importFiles(options: ImportOptions): Promise<ImportAccount> {
  const mapping = mappingNamed(options.mapping ?? 'canonical')
  const inputs = await resolveInputs(options.files)
  const databaseUrl = options.databaseUrl ?? required('DATABASE_URL')
  const client = writeClient(options.clickhouseUrl ?? required('CLICKHOUSE_URL'))
  const ledger = new Ledger(databaseUrl)
  const began = performance.now()
  const workers = new Workers(Math.ceil(inputs.reduce((sum, { bytes }) => sum + bytes, 0) / SEGMENT_BYTES))
  const files: FileAccount[] = []
  const opened: bigint[] = []
  const unlock: (() => void)[] = []
  const say = options.onProgress ?? (() => undefined)

  const one = async (input: Input): Promise<FileAccount> => {
    const file = basename(input.path)
    say({ phase: 'fingerprint', file, done: 0, total: input.bytes, events: 0 })
    const fingerprint = await fingerprintOf(input.path)
    const run = await ledger.open(input.path, fingerprint, mapping.name)
    const about = { file: input.path, fingerprint, mapping: mapping.name }
    if (run.state === 'done') return { ...about, outcome: 'unchanged', tally: run.tally, mapped: run.mapped }
    unlock.push(await ledger.lock(run.id))
    opened.push(run.id)
    await mapping.prepare?.(databaseUrl, client)
    let read = 0
    const mapped = mapping.convert(input, {
      onRead: (bytes) => {
        read = bytes
      },
      onMapped: (done, total) => say({ phase: 'mapping', file, done, total, events: 0 }),
    })
    const rejects = new RejectsFile(input.path, options.rejectsDir ?? options.archiveDir)
    const currencies = new Set([...(await ledger.currencies()), env().BACKHAUL_CURRENCY])
    const before = run.tally.events
    const onArrival = ({ lines, events }: Tally) => {
      const total = mapped.lines?.()
      const progress = total === undefined ? { done: read, total: input.bytes } : { done: lines, total }
      say({ phase: 'loading', file, ...progress, events: events - before })
    }
    const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    const loading = {
      ledger,
      segmentBytes,
      client,
      workers,
      currencies,
      onArrival,
      signal: options.signal,
      now: Date.now(),
    }
    const tally = await load({ ...loading, archiveDir: options.archiveDir }, run, rejects, mapped.events)
    const account = mapped.account?.()
    if (account !== undefined) await ledger.keepMapped(run.id, account)
    return {
      ...about,
      outcome: run.tally.lines > 0 ? 'resumed' : 'imported',
      tally,
      ...(tally.rejected > 0 ? { rejectedFile: rejects.path } : {}),
      ...(account === undefined ? {} : { mapped: account }),
    }
  }

  const publish = async () => {
    const batches: SealedBatch[] = []
    for (const run of opened) batches.push(...(await ledger.batches(run)))
    const revised = files.some(({ tally }) => tally.revised > 0)
    await publishImport(pool(databaseUrl), client, batches, revised, (share) =>
      say({ phase: 'publishing', file: '', done: share, total: 1, events: 0 }),
    )
  }

  try {
    for (const input of inputs) files.push(await one(input))
    const loaded = performance.now()
    if (options.publish !== false) {
      failpoint('import_before_publish')
      await publish()
      failpoint('import_before_finish')
      for (const run of opened) await ledger.finish(run)
    }
    const fresh = files.filter(({ outcome }) => outcome !== 'unchanged')
    return {
      files,
      events: fresh.reduce((sum, { tally }) => sum + tally.events, 0),
      rejected: fresh.reduce((sum, { tally }) => sum + tally.rejected, 0),
      loadSeconds: (loaded - began) / 1000,
      publishSeconds: (performance.now() - loaded) / 1000,
    }
  } catch (error) {
    if (options.signal?.aborted) {
      throw new UserError(
        'import_interrupted',
        'Interrupted. Run the same import again to go on where it stopped.',
        499,
      )
    }
    // A file that is damaged further on stays so: what came of it until there is shown. Otherwise the next run goes on.
    if (error instanceof UserError && error.status === 400 && options.publish !== false) await publish()
    throw error
  } finally {
    await workers.close()
    for (const each of unlock) each()
  }
}
