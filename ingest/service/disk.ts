import { statfs } from 'node:fs/promises'
import { env } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { TooMany } from './limits'

/** Free bytes where the data lies: below the first figure senders are slowed, below the second nothing is taken. A full disk would stop Postgres. */
const SLOW_BELOW = 2 * 2 ** 30
const STOP_BELOW = 2 ** 29
const EVERY_MS = 5000

/** Free bytes on the disk of BACKHAUL_DATA. No such folder: nothing of ours is written there. */
async function freeBytes(): Promise<number> {
  const stats = await statfs(env().BACKHAUL_DATA).catch(() => undefined)
  return stats ? stats.bavail * stats.bsize : Number.POSITIVE_INFINITY
}

/** Watches a disk; `measure` says how many bytes are free on it. */
export class Disk {
  #free = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(readonly measure: () => Promise<number> = freeBytes) {}

  start(): void {
    void this.read()
    this.#timer = setInterval(() => void this.read(), EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async read(): Promise<void> {
    this.#free = await this.measure()
  }

  /** Throws `TooMany` or a 503 while the disk is nearly full. */
  check(): void {
    if (this.#free < STOP_BELOW) {
      throw new UserError('disk_full', 'The disk is nearly full, so nothing was accepted. Free some space on it.', 503)
    }
    if (this.#free < SLOW_BELOW) {
      throw new TooMany('disk_low', 'The disk is filling up. Send again after Retry-After.', 60)
    }
  }
}
