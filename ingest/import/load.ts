import type { ClickHouseClient } from '@clickhouse/client'
import { failpoint } from '../../lib/failpoint'
import type { Vocabulary } from '../contract/validate'
import { addTo, type Tally } from './account'
import { removeUnsealed, segmentPath } from './archive'
import type { Flow } from './flow'
import type { Ledger, Run } from './ledger'
import type { Checked } from './protocol'
import { resend } from './recover'
import type { RejectsFile } from './rejects'
import { type Segment, segmentsOf } from './segments'
import type { Owner, Sealed, Sender } from './sender'
import type { Workers } from './workers'

/** What loading needs of the process. */
export interface Loading {
  readonly ledger: Ledger
  readonly client: ClickHouseClient
  readonly workers: Workers
  readonly flow: Flow
  readonly sender: Sender
  readonly archiveDir: string
  readonly now: number
  readonly segmentBytes: number
  readonly vocabulary: Vocabulary
  readonly signal: AbortSignal | undefined
  /** Hears the tally each time segments have arrived. */
  readonly onArrival: (tally: Tally) => void
}

/**
 * Brings lines of canonical events into the archive and into ClickHouse, segment by segment: archive file, then its batch in Postgres, then
 * ClickHouse, then "delivered". A kill at any point loses nothing: what is sealed is sent again from the archive, what is not is read
 * again. Resolves when all is read: what is told of it is whole once the flow has settled and the sender has ended. Rejects when the
 * signal says so, or when anything under way has failed.
 */
export async function load(
  loading: Loading,
  run: Run,
  rejects: RejectsFile,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<Loaded> {
  await rejects.keepUpTo(run.tally.lines)
  const line = new Line(loading, run, rejects)
  await line.takeUp()
  for await (const segment of segmentsOf(content, run.tally.lines, loading.segmentBytes)) {
    loading.signal?.throwIfAborted()
    await loading.flow.add(() => line.process(segment))
  }
  return line
}

/** What is known of an import on its way. */
export interface Loaded {
  readonly tally: Tally
}

/** The way of segments from reading to delivery: checked side by side, sealed in the input's order, sent as they come. */
class Line implements Loaded, Owner {
  tally: Tally
  /** What changes the tally happens one after the other. */
  private last: Promise<unknown> = Promise.resolve()
  /** Ends of the segments in order, and whether they arrived: progress is what arrived without a gap. */
  private readonly order: { readonly lines: number; arrived: boolean }[] = []

  constructor(
    private readonly loading: Loading,
    private readonly run: Run,
    private readonly rejects: RejectsFile,
  ) {
    this.tally = run.tally
  }

  /** Ends what a killed process began: sends what it had sealed, removes what it had not. */
  async takeUp(): Promise<void> {
    const { ledger, archiveDir } = this.loading
    const batches = await ledger.batches(this.run.id)
    await removeUnsealed(archiveDir, this.run.id, new Set(batches.flatMap(({ path }) => path ?? [])))
    for (const { id, path, sha256, rows, state } of batches) {
      if (state === 'delivered' || !path || !sha256) continue
      await this.recover({ id, path, sha256, rows, lines: 0 }, new Error('the process that sealed it ended'))
      await ledger.delivered(this.run.id, [id], 0)
    }
    await ledger.delivered(this.run.id, [], this.tally.lines)
  }

  /** A segment's whole way, until the server has taken its bytes in. */
  async process(segment: Segment): Promise<void> {
    const { ledger, workers, archiveDir, now, vocabulary } = this.loading
    const checking = (async () => {
      const id = await ledger.nextBatch()
      const path = segmentPath(this.run.id, id)
      const checked = await workers.check({ bytes: segment.bytes, batch: id, archiveDir, path, now, vocabulary })
      return { id, path, checked }
    })()
    const { sealed, wire } = await this.inTurn(async () => {
      const { id, path, checked } = await checking
      return { sealed: await this.seal(segment.lines, id, path, checked), wire: checked.wire }
    })
    if (sealed.rows === 0) await this.arrived([sealed])
    else await this.loading.sender.send(sealed, Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength), this)
  }

  /** After everything that asked before, and not at all once something has failed: the order of sealing is the input's. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work)
    this.last = turn
    turn.catch(() => undefined)
    return turn
  }

  private async seal(lines: number, id: bigint, path: string, checked: Checked): Promise<Sealed> {
    failpoint('import_after_archive')
    await this.rejects.add(checked.rejected, this.tally.lines)
    failpoint('import_after_rejects')
    this.tally = addTo(this.tally, { lines, ...checked })
    await this.loading.ledger.seal(this.run.id, this.tally, checked.rows > 0 ? { id, path, checked } : undefined)
    failpoint('import_after_seal')
    this.order.push({ lines: this.tally.lines, arrived: false })
    return { id, path, sha256: checked.sha256, rows: checked.rows, lines: this.tally.lines }
  }

  /** Sends a segment again, from the archive. Lines that ClickHouse cannot read are set aside and the segment sealed without them. */
  async recover(segment: Sealed, error: Error): Promise<void> {
    const { ledger, client, archiveDir } = this.loading
    await ledger.retried(segment.id, error.message)
    const unreadable = await resend(client, archiveDir, segment, (again) => ledger.retried(segment.id, again.message))
    if (!unreadable) return
    await this.inTurn(async () => {
      const { rejected, sha256 } = unreadable
      await this.rejects.add(rejected)
      this.tally = addTo(this.tally, { lines: 0, blank: 0, revised: 0, rows: -rejected.length, rejected })
      await ledger.reseal(this.run.id, segment.id, segment.rows - rejected.length, sha256, this.tally)
    })
  }

  async arrived(segments: readonly Sealed[]): Promise<void> {
    failpoint('import_after_send')
    const ends = new Set(segments.map(({ lines }) => lines))
    for (const place of this.order) if (ends.has(place.lines)) place.arrived = true
    let done = 0
    while (this.order[0]?.arrived) done = this.order.shift()?.lines ?? done
    const batches = segments.filter(({ rows }) => rows > 0).map(({ id }) => id)
    await this.loading.ledger.delivered(this.run.id, batches, done)
    this.loading.onArrival(this.tally)
  }
}
