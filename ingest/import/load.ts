import type { ClickHouseClient } from '@clickhouse/client'
import { addTo, type Tally } from './account'
import { archiveWire, readSegment, removeUnsealed, segmentPath, writeSegment } from './archive'
import type { Ledger, Run, SealedBatch } from './ledger'
import type { Checked, Rejected } from './protocol'
import type { RejectsFile } from './rejects'
import { type Segment, segmentsOf } from './segments'
import { findUnreadable, isUnreadable, sendPersistently } from './sink'
import type { Workers } from './workers'

/** Two at once: while the server sorts and writes one segment it can read the next. */
const SENDS = 2
const NEWLINE = 0x0a

/** What loading needs of the process. */
export interface Loading {
  readonly ledger: Ledger
  readonly client: ClickHouseClient
  readonly workers: Workers
  readonly archiveDir: string
  readonly now: number
  readonly currencies: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
  /** Hears the tally each time a segment has arrived. */
  readonly onSegment: (tally: Tally) => void
}

/**
 * Brings lines of canonical events into the archive and into ClickHouse, segment by segment: archive file, then its batch in Postgres, then
 * ClickHouse, then "delivered". A kill at any point loses nothing: what is sealed is sent again from the archive, what is not is read
 * again. Returns the tally of the whole input. Rejects when the signal says so, after what is under way has arrived.
 */
export async function load(
  loading: Loading,
  run: Run,
  rejects: RejectsFile,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<Tally> {
  await rejects.keepUpTo(run.tally.lines)
  await resend(loading, run)
  const line = new Line(loading, run, rejects)
  try {
    for await (const segment of segmentsOf(content, run.tally.lines)) {
      loading.signal?.throwIfAborted()
      await line.take(segment)
    }
  } finally {
    await line.settle()
  }
  return line.end()
}

/** Sends what a killed process had sealed, from the archive; removes what it had not. */
async function resend({ ledger, client, archiveDir }: Loading, run: Run): Promise<void> {
  const batches = await ledger.batches(run.id)
  await removeUnsealed(archiveDir, run.id, new Set(batches.flatMap(({ path }) => path ?? [])))
  for (const batch of batches.filter(({ state }) => state === 'sealed')) {
    await ledger.retried(batch.id, '')
    await sendPersistently(client, await wireOf(archiveDir, batch), (error) => ledger.retried(batch.id, error.message))
    await ledger.delivered(run.id, batch.id, 0)
  }
  await ledger.delivered(run.id, undefined, run.tally.lines)
}

async function wireOf(archiveDir: string, batch: SealedBatch): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of archiveWire(archiveDir, batch)) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** The way of segments from reading to delivery: checked side by side, sealed in the input's order, sent a few at once. */
class Line {
  private readonly underWay = new Set<Promise<void>>()
  private readonly sending = new Set<Promise<void>>()
  private sealed: Promise<void> = Promise.resolve()
  private tally: Tally
  private failure: unknown
  /** Segments in order, each with the lines up to its end: a run's progress is what is delivered without a gap. */
  private readonly order: { readonly lines: number; delivered: boolean }[] = []

  constructor(
    private readonly loading: Loading,
    private readonly run: Run,
    private readonly rejects: RejectsFile,
  ) {
    this.tally = run.tally
  }

  /** Accepts a segment; waits while as many are under way as keep every thread and the server busy. */
  async take(segment: Segment): Promise<void> {
    while (this.underWay.size >= this.loading.workers.size + SENDS && this.failure === undefined) {
      await Promise.race(this.underWay)
    }
    if (this.failure !== undefined) throw this.failure
    const work = this.process(segment).catch((error: unknown) => {
      this.failure ??= error
    })
    this.underWay.add(work)
    void work.finally(() => this.underWay.delete(work))
  }

  async settle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  end(): Tally {
    if (this.failure !== undefined) throw this.failure
    return this.tally
  }

  private async process(segment: Segment): Promise<void> {
    const { ledger, workers, archiveDir, now, currencies } = this.loading
    const before = this.sealed
    const check = async () => {
      const id = await ledger.nextBatch()
      const path = segmentPath(this.run.id, id)
      const checked = await workers.check({ bytes: segment.bytes, batch: id, archiveDir, path, now, currencies })
      await before
      return { id, path, checked, place: await this.seal(segment.lines, id, path, checked) }
    }
    const checking = check()
    // The next segment is sealed after this one, and not at all when this one failed.
    this.sealed = checking.then(() => undefined)
    this.sealed.catch(() => undefined)
    const { id, path, checked, place } = await checking
    if (checked.rows > 0) await this.send(id, path, checked)
    await this.deliver(place, checked.rows > 0 ? id : undefined)
  }

  private async seal(lines: number, id: bigint, path: string, checked: Checked) {
    await this.rejects.add(checked.rejected, this.tally.lines)
    this.tally = addTo(this.tally, { lines, ...checked })
    await this.loading.ledger.seal(this.run.id, this.tally, checked.rows > 0 ? { id, path, checked } : undefined)
    const place = { lines: this.tally.lines, delivered: false }
    this.order.push(place)
    return place
  }

  private async send(id: bigint, path: string, checked: Checked): Promise<void> {
    while (this.sending.size >= SENDS) await Promise.race(this.sending)
    const { client, ledger } = this.loading
    const wire = Buffer.from(checked.wire.buffer, checked.wire.byteOffset, checked.wire.byteLength)
    const sent = sendPersistently(client, wire, (error) => ledger.retried(id, error.message))
    const settled = sent.then(
      () => undefined,
      () => undefined,
    )
    this.sending.add(settled)
    try {
      await sent
    } catch (error) {
      if (!isUnreadable(error)) throw error
      await this.setAside(id, path, checked, wire)
    } finally {
      this.sending.delete(settled)
    }
  }

  /** ClickHouse cannot read something that passed the contract: find the lines, reject them, seal the segment without them. */
  private async setAside(id: bigint, path: string, checked: Checked, wire: Buffer): Promise<void> {
    const { archiveDir, client, ledger } = this.loading
    const unreadable = await findUnreadable(client, splitLines(wire))
    const segment = await readSegment(archiveDir, { id, path, sha256: checked.sha256 })
    const lines = splitLines(segment)
    const rejected: Rejected[] = [...unreadable].map(([line, message]) => ({
      line,
      reason: 'sink_poison',
      message,
      raw: lines[line]?.toString().trimEnd() ?? '',
    }))
    const kept = Buffer.concat(lines.filter((_, line) => !unreadable.has(line)))
    const sha256 = writeSegment(archiveDir, path, kept)
    await this.rejects.add(rejected, this.tally.lines)
    const moved = addTo(this.tally, { lines: 0, blank: 0, rows: -rejected.length, rejected })
    this.tally = moved
    await ledger.reseal(this.run.id, id, checked.rows - rejected.length, sha256, moved)
  }

  private async deliver(place: { delivered: boolean }, id: bigint | undefined): Promise<void> {
    place.delivered = true
    let done = 0
    while (this.order[0]?.delivered) done = this.order.shift()?.lines ?? done
    await this.loading.ledger.delivered(this.run.id, id, done)
    this.loading.onSegment(this.tally)
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline === -1 ? bytes.length : newline + 1
    lines.push(bytes.subarray(from, end))
    from = end
  }
  return lines
}
