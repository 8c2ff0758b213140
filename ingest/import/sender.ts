import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { sendRows } from '../relay/send'

/** Whose segments they are: the import of one file. */
export interface Owner {
  /** Sends a segment again, from the archive, where an insert with it has failed. */
  recover(segment: Sealed, error: Error): Promise<void>
  /** Hears that segments are in ClickHouse. */
  arrived(segments: readonly Sealed[]): Promise<void>
}

/** A segment on its way: durable in the archive, known to Postgres. */
export interface Sealed {
  readonly id: bigint
  readonly path: string
  readonly sha256: string
  readonly rows: number
  /** Lines of the input up to its end. */
  readonly lines: number
}

/** Rows of one insert: larger inserts cost the server less (50,000 rows at a time cost it 1.7 times as much as this). */
const GROUP_ROWS = 250_000
/** One insert takes in rows while the one before it is still being sorted and written. */
const AT_ONCE = 2
/** An insert that waits longer than this for its next segment is closed: a server cuts off silent senders. */
const IDLE_MS = 5_000

interface Group {
  readonly pipe: PassThrough
  readonly segments: { readonly segment: Sealed; readonly owner: Owner }[]
  /** Resolves when the insert has ended: with nothing when it is in, else with what went wrong. */
  readonly outcome: Promise<Error | undefined>
  rows: number
  closed: boolean
}

/**
 * Sends segments to ClickHouse, of one file or several, several in one insert and the next insert while one is ending. Whatever goes wrong
 * with an insert, its segments' owners recover them; then, as after a good one, they hear that the segments have arrived.
 */
export class Sender {
  private open: Group | undefined
  private idle: NodeJS.Timeout | undefined
  private readonly ending = new Set<Promise<void>>()
  private failure: unknown

  constructor(private readonly client: ClickHouseClient) {}

  /** Resolves when the server has taken the bytes in, or will not: not yet when the segment has arrived. */
  async send(segment: Sealed, wire: Buffer, owner: Owner): Promise<void> {
    const group = await this.room()
    group.segments.push({ segment, owner })
    group.rows += segment.rows
    if (!group.pipe.write(wire)) await Promise.race([once(group.pipe, 'drain').catch(() => undefined), group.outcome])
    if (group.rows >= GROUP_ROWS) this.close(group)
    else if (!group.closed) this.closeWhenIdle(group)
  }

  /** Ends what is open; resolves when everything has arrived, rejects with the first failure that could not be recovered from. */
  async end(): Promise<void> {
    if (this.open) this.close(this.open)
    while (this.ending.size > 0) await Promise.all(this.ending)
    if (this.failure !== undefined) throw this.failure
  }

  private async room(): Promise<Group> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure
      if (this.open) return this.open
      if (this.ending.size < AT_ONCE) return this.start()
      await Promise.race(this.ending)
    }
  }

  private start(): Group {
    const pipe = new PassThrough()
    const outcome = sendRows(this.client, pipe)
      .then(() => undefined)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    const group = { pipe, segments: [], outcome, rows: 0, closed: false }
    // A refused insert takes nothing more in: whoever waits to write must not wait for ever.
    pipe.on('error', () => undefined)
    void outcome.then((error) => {
      if (error) this.close(group)
      pipe.destroy()
    })
    this.open = group
    return group
  }

  private closeWhenIdle(group: Group): void {
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.close(group), IDLE_MS)
  }

  private close(group: Group): void {
    if (group.closed) return
    group.closed = true
    clearTimeout(this.idle)
    if (this.open === group) this.open = undefined
    group.pipe.end()
    const ended = this.conclude(group)
      .catch((error: unknown) => {
        this.failure ??= error
      })
      .finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }

  private async conclude({ outcome, segments }: Group): Promise<void> {
    const error = await outcome
    if (error) for (const { segment, owner } of segments) await owner.recover(segment, error)
    for (const owner of new Set(segments.map((each) => each.owner))) {
      await owner.arrived(segments.filter((each) => each.owner === owner).map(({ segment }) => segment))
    }
  }
}
