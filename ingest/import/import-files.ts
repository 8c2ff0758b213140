import { basename } from 'node:path'
import { writeClient } from '../../clickhouse/client'
import { pool } from '../../lib/db/client'
import { required } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { failpoint } from '../../lib/failpoint'
import { knownVocabulary } from '../log/vocabulary'
import type { Mapped } from '../mappings/mapping'
import { mappingNamed } from '../mappings/registry'
import type { FileAccount, ImportAccount } from './account'
import { Flow } from './flow'
import { fingerprintOf, type Input, resolveInputs } from './inputs'
import { Ledger, type Run, type SealedBatch } from './ledger'
import { type Loaded, load } from './load'
import { publishImport } from './publish'
import { RejectsFile } from './rejects'
import { SEGMENT_BYTES } from './segments'
import { Sender } from './sender'
import { Workers } from './workers'

/** Segments read and waiting for a thread, or checked and waiting for the server, beside those in the threads. */
const READ_AHEAD = 2

/** How far an import is: `done` of `total`, in the phase's own measure. */
export interface Progress {
  readonly phase: 'fingerprint' | 'mapping' | 'loading' | 'publishing'
  /** The file that it is about; empty when publishing. */
  readonly file: string
  readonly done: number
  readonly total: number
  /** Events of all files that have arrived. */
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
}

interface Planned {
  readonly input: Input
  readonly fingerprint: string
  readonly run: Run
  /** Its content was imported before, or comes in another file of this import. */
  readonly known: boolean
}

interface OnItsWay {
  readonly loaded: Loaded
  readonly mapped: Mapped
  readonly rejects: RejectsFile
}

/**
 * Imports files of events in bulk: into the archive (durable, what ClickHouse is rebuilt from), into ClickHouse's truth tables, and then
 * into what dashboards read. Interrupted, it goes on where it was; the same content with the same mapping again changes nothing. Throws
 * UserError for what a person can mend. Wants both databases migrated.
 */
export async function importFiles(options: ImportOptions): Promise<ImportAccount> {
  const inputs = await resolveInputs(options.files)
  const work = new Import(options, inputs)
  try {
    return await work.run()
  } catch (error) {
    if (options.signal?.aborted) {
      const message = 'Interrupted. Run the same import again to go on where it stopped.'
      throw new UserError('import_interrupted', message, 499)
    }
    // A file that is damaged further on stays so: what came of it until there is shown. Otherwise the next run goes on.
    if (error instanceof UserError && error.status === 400) await work.publish()
    throw error
  } finally {
    await work.close()
  }
}

class Import {
  private readonly mapping
  private readonly databaseUrl
  private readonly client
  private readonly ledger
  private readonly workers
  private readonly flow
  private readonly sender
  private readonly say
  private readonly began = performance.now()
  private readonly unlock: (() => void)[] = []
  private readonly opened: bigint[] = []
  private readonly onTheirWay = new Map<bigint, OnItsWay>()
  private readonly bytes: number
  private next: Promise<Planned> | undefined

  constructor(
    private readonly options: ImportOptions,
    private readonly inputs: readonly Input[],
  ) {
    this.mapping = mappingNamed(options.mapping ?? 'canonical')
    this.databaseUrl = options.databaseUrl ?? required('DATABASE_URL')
    this.client = writeClient(options.clickhouseUrl ?? required('CLICKHOUSE_URL'))
    this.ledger = new Ledger(this.databaseUrl)
    this.bytes = inputs.reduce((sum, { bytes }) => sum + bytes, 0)
    this.workers = new Workers(Math.ceil(this.bytes / SEGMENT_BYTES))
    this.flow = new Flow(this.workers.size + READ_AHEAD)
    this.sender = new Sender(this.client)
    this.say = options.onProgress ?? (() => undefined)
  }

  async run(): Promise<ImportAccount> {
    const planned: Planned[] = []
    let bytes = 0
    try {
      for await (const each of this.plans()) {
        planned.push(each)
        if (!each.known) this.onTheirWay.set(each.run.id, await this.load(each, bytes))
        bytes += each.input.bytes
      }
    } finally {
      await this.flow.settle().finally(() => this.sender.end())
    }
    const fresh = planned.filter(({ known }) => !known)
    const files = planned.map((each) => this.accountOf(each))
    for (const { run } of fresh) {
      const mapped = this.onTheirWay.get(run.id)?.mapped.account?.()
      if (mapped !== undefined) await this.ledger.keepMapped(run.id, mapped)
    }
    const loaded = performance.now()
    failpoint('import_before_publish')
    await this.publish()
    failpoint('import_before_finish')
    for (const run of this.opened) await this.ledger.finish(run)
    const brought = files.filter(({ outcome }) => outcome !== 'unchanged')
    return {
      files,
      events: brought.reduce((sum, { tally }) => sum + tally.events, 0),
      rejected: brought.reduce((sum, { tally }) => sum + tally.rejected, 0),
      loadSeconds: (loaded - this.began) / 1000,
      publishSeconds: (performance.now() - loaded) / 1000,
    }
  }

  /** Each file with what is known of it; while one is loaded, the next is read for its fingerprint. */
  private async *plans(): AsyncGenerator<Planned> {
    for (const [at, input] of this.inputs.entries()) {
      const plan = await (this.next ?? this.plan(input))
      const following = this.inputs[at + 1]
      this.next = following && this.plan(following)
      this.next?.catch(() => undefined)
      yield plan
    }
  }

  private async plan(input: Input): Promise<Planned> {
    this.options.signal?.throwIfAborted()
    if (this.onTheirWay.size === 0) {
      this.say({ phase: 'fingerprint', file: basename(input.path), done: 0, total: 0, events: 0 })
    }
    const fingerprint = await fingerprintOf(input.path)
    const run = await this.ledger.open(input.path, fingerprint, this.mapping.name)
    const known = run.state === 'done' || this.opened.includes(run.id)
    if (!known) {
      this.unlock.push(await this.ledger.lock(run.id))
      if (this.opened.length === 0) await this.mapping.prepare?.(this.databaseUrl, this.client)
      this.opened.push(run.id)
    }
    return { input, fingerprint, run, known }
  }

  /** `before`: bytes of the files that were loaded before this one. */
  private async load({ input, run }: Planned, before: number): Promise<OnItsWay> {
    const file = basename(input.path)
    let read = 0
    const mapped = this.mapping.convert(input, {
      onRead: (bytes) => {
        read = bytes
      },
      onMapped: (done, total) => this.say({ phase: 'mapping', file, done, total, events: 0 }),
    })
    const rejects = new RejectsFile(input.path, this.options.rejectsDir ?? this.options.archiveDir)
    const earlier = [...this.onTheirWay.values()]
    const loading = {
      ledger: this.ledger,
      client: this.client,
      workers: this.workers,
      flow: this.flow,
      sender: this.sender,
      archiveDir: this.options.archiveDir,
      segmentBytes: this.options.segmentBytes ?? SEGMENT_BYTES,
      vocabulary: await knownVocabulary((text) => pool(this.databaseUrl).query(text)),
      now: Date.now(),
      signal: this.options.signal,
      onArrival: ({ lines, events }: Loaded['tally']) => {
        const total = mapped.lines?.()
        const done = before + (total === undefined ? read : (lines / total) * input.bytes)
        const all = earlier.reduce((sum, { loaded }) => sum + loaded.tally.events, events)
        this.say({ phase: 'loading', file, done, total: this.bytes, events: all })
      },
    }
    return { loaded: await load(loading, run, rejects, mapped.events), mapped, rejects }
  }

  private accountOf({ input, fingerprint, run, known }: Planned): FileAccount {
    const about = { file: input.path, fingerprint, mapping: this.mapping.name }
    const done = this.onTheirWay.get(run.id)
    if (!done || known) {
      const mapped = run.mapped ?? done?.mapped.account?.()
      return { ...about, outcome: 'unchanged', tally: done?.loaded.tally ?? run.tally, mapped }
    }
    const { loaded, rejects, mapped } = done
    const account = mapped.account?.()
    return {
      ...about,
      outcome: run.tally.lines > 0 ? 'resumed' : 'imported',
      tally: loaded.tally,
      ...(loaded.tally.rejected > 0 ? { rejectedFile: rejects.path } : {}),
      ...(account === undefined ? {} : { mapped: account }),
    }
  }

  /** Brings what has arrived to the dashboards. */
  async publish(): Promise<void> {
    const batches: SealedBatch[] = []
    for (const run of this.opened) batches.push(...(await this.ledger.batches(run)))
    await publishImport(pool(this.databaseUrl), this.client, batches, (share) =>
      this.say({ phase: 'publishing', file: '', done: share, total: 1, events: 0 }),
    )
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.next, this.workers.close()])
    for (const each of this.unlock) each()
  }
}
