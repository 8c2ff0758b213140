import { and, eq, inArray, sql } from 'drizzle-orm'
import type pg from 'pg'
import { db, pool, withTransaction } from '../../lib/db/client'
import { batch, importRun } from '../../lib/db/schema/index'
import { UserError } from '../../lib/errors'
import type { Tally } from './account'
import type { Checked } from './protocol'

/** What is known of one import: kept in Postgres, so that another process can go on where this one was killed. */
export interface Run {
  readonly id: bigint
  readonly state: 'running' | 'done'
  /** How far its lines are sealed: durable in the archive and known to Postgres. */
  readonly tally: Tally
  /** The mapping's own account, once it is made. */
  readonly mapped: unknown
}

export interface SealedBatch {
  readonly id: bigint
  readonly rows: number
  readonly state: 'sealed' | 'delivered'
  readonly path: string | null
  readonly sha256: string | null
  readonly maxTime: Date | null
}

interface Stored {
  tally?: Tally
  mapped?: unknown
}

const NOTHING: Tally = { lines: 0, blank: 0, events: 0, revised: 0, rejected: 0, reasons: {} }

/** The books of the bulk import in Postgres: runs of files, and the batches that they sealed. */
export class Ledger {
  private session: pg.PoolClient | undefined
  private readonly locked = new Set<bigint>()

  constructor(private readonly url: string) {}

  /** The run of this content with this mapping: the known one, or a new one. */
  async open(file: string, fingerprint: string, mapping: string): Promise<Run> {
    const [row] = await db(this.url)
      .insert(importRun)
      .values({ file, fingerprint, mapping })
      .onConflictDoUpdate({ target: [importRun.fingerprint, importRun.mapping], set: { file } })
      .returning()
    if (!row) throw new Error('Postgres gave no import run back')
    const stored: Stored = typeof row.account === 'object' && row.account !== null ? row.account : {}
    return { id: row.id, state: row.state, tally: stored.tally ?? NOTHING, mapped: stored.mapped }
  }

  /**
   * Makes this process the only one that works on a run, until the returned function is called or the process ends. Throws a UserError
   * when another one is at it.
   */
  async lock(run: bigint): Promise<() => void> {
    // One session for all runs: an import of many files must not use up the pool.
    this.session ??= await pool(this.url).connect()
    const { rows } = await this.session.query<{ taken: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('import:' || $1, 0)) AS taken",
      [run.toString()],
    )
    // A session may take the same lock twice.
    const taken = rows[0]?.taken === true && !this.locked.has(run)
    if (taken) this.locked.add(run)
    else this.closeSession()
    if (taken) {
      return () => {
        this.locked.delete(run)
        this.closeSession()
      }
    }
    throw new UserError(
      'import_running',
      'Another process is importing this file. Wait until it has ended.',
      409,
      'files',
    )
  }

  /** Closing the session is what unlocks; done with the last lock. */
  private closeSession() {
    if (this.locked.size > 0) return
    this.session?.release(true)
    this.session = undefined
  }

  async nextBatch(): Promise<bigint> {
    const { rows } = await pool(this.url).query<{ id: bigint }>(
      "SELECT nextval(pg_get_serial_sequence('batch', 'id')) AS id",
    )
    return rows[0]?.id ?? 0n
  }

  /** Notes a segment that lies in the archive, and how far the run has come with it. From here on it will reach ClickHouse. */
  async seal(run: bigint, tally: Tally, segment?: { id: bigint; path: string; checked: Checked }): Promise<void> {
    await withTransaction(
      async (tx) => {
        if (segment) {
          const { rows, sha256, maxTime } = segment.checked
          await tx.insert(batch).values({
            id: segment.id,
            kind: 'archive',
            rows,
            state: 'sealed',
            attempts: 1,
            importId: run,
            path: segment.path,
            sha256,
            maxTime: new Date(maxTime),
          })
        }
        await this.store(tx, run, { tally })
      },
      { url: this.url },
    )
  }

  /** Replaces the archive file of a sealed batch: ClickHouse could not read some of its lines, which are now set aside. */
  async reseal(run: bigint, id: bigint, rows: number, sha256: string, tally: Tally): Promise<void> {
    await withTransaction(
      async (tx) => {
        await tx.update(batch).set({ rows, sha256 }).where(eq(batch.id, id))
        await this.store(tx, run, { tally })
      },
      { url: this.url },
    )
  }

  /** These batches are in ClickHouse; the first `linesDone` lines of the input are, with all before them. */
  async delivered(run: bigint, ids: readonly bigint[], linesDone: number): Promise<void> {
    await withTransaction(
      async (tx) => {
        if (ids.length > 0) {
          const arrived = { state: 'delivered' as const, deliveredAt: new Date(), error: null }
          await tx
            .update(batch)
            .set(arrived)
            .where(inArray(batch.id, [...ids]))
        }
        await tx
          .update(importRun)
          .set({ linesDone: sql`greatest(${importRun.linesDone}, ${linesDone})` })
          .where(eq(importRun.id, run))
      },
      { url: this.url },
    )
  }

  /** Notes that a batch is about to be sent once more. */
  async retried(id: bigint, error: string): Promise<void> {
    await db(this.url)
      .update(batch)
      .set({ attempts: sql`${batch.attempts} + 1`, error: error.slice(0, 2000) })
      .where(eq(batch.id, id))
  }

  /** The batches that a run has sealed, oldest first. */
  batches(run: bigint): Promise<SealedBatch[]> {
    return db(this.url)
      .select({
        id: batch.id,
        rows: batch.rows,
        state: batch.state,
        path: batch.path,
        sha256: batch.sha256,
        maxTime: batch.maxTime,
      })
      .from(batch)
      .where(and(eq(batch.importId, run), eq(batch.kind, 'archive')))
      .orderBy(batch.id)
  }

  async keepMapped(run: bigint, mapped: unknown): Promise<void> {
    await this.store(db(this.url), run, { mapped })
  }

  async finish(run: bigint): Promise<void> {
    await db(this.url).update(importRun).set({ state: 'done', finishedAt: new Date() }).where(eq(importRun.id, run))
  }

  private async store(tx: Pick<ReturnType<typeof db>, 'update'>, run: bigint, part: Stored): Promise<void> {
    await tx
      .update(importRun)
      .set({ account: sql`coalesce(${importRun.account}, '{}') || ${JSON.stringify(part)}::jsonb` })
      .where(eq(importRun.id, run))
  }
}
