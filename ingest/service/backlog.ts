import type { Pool } from 'pg'
import { log } from '../../lib/log'
import { TooMany } from './limits'

/** Accepted rows that ClickHouse does not have yet. Beyond the first figure it is said aloud, beyond the second nothing more is taken. */
const WARN = 2_000_000
const MOST = 10_000_000
const EVERY_MS = 5000

/** Sealed rows are counted; unsealed ones are estimated from the ends of their index, which costs the same however many there are. */
const UNDELIVERED = `SELECT
  (SELECT COALESCE(sum(rows), 0) FROM batch WHERE state = 'sealed')
  + COALESCE((SELECT max(seq) - min(seq) + 1 FROM event_log WHERE batch_id IS NULL), 0) AS rows`

/** Watches how far the relay is behind, so that senders are slowed before the disk is full. */
export class Backlog {
  #rows = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    readonly pool: Pool,
    readonly most = MOST,
  ) {}

  start(): void {
    void this.read()
    this.#timer = setInterval(() => void this.read(), EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Reads the backlog now. When Postgres is away the last figure stays: the write itself will say so. */
  async read(): Promise<void> {
    try {
      const { rows } = await this.pool.query<{ rows: string }>(UNDELIVERED)
      this.#rows = Number(rows[0]?.rows ?? 0)
      if (this.#rows > WARN) log('ingest').warn({ rows: this.#rows }, 'the relay is far behind')
    } catch (error) {
      log('ingest').debug({ error }, 'the backlog could not be read')
    }
  }

  /** Throws `TooMany` while more waits for delivery than may. */
  check(): void {
    if (this.#rows > this.most) {
      throw new TooMany('backlog', 'Too many accepted events wait for delivery. Send again after Retry-After.', 30)
    }
  }
}
