import { setTimeout as sleep } from 'node:timers/promises'
import { sealKey } from '../../lib/audit/key'
import { anchorMissing, MOST, sealOnce } from '../../lib/audit/seal'
import { pool } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'

const EVERY = 2_000
const BACKOFF = 5_000
/** Any constant: the name of the lock that only one sealer holds. */
const DUTY = 7_212_004

/** Seals the audit log into blocks, every two seconds or as soon as a block is full. Only one process seals at a time. */
export async function startSealer(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = seal(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined)

async function seal(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = await pool()
      .connect()
      .catch(() => undefined)
    if (!client) {
      await pause(BACKOFF, signal)
      continue
    }
    try {
      // The duty is the session's: it ends with the process, however that ends.
      await client.query('SET idle_session_timeout = 0')
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [DUTY])
      if (!rows[0]?.mine) {
        await pause(EVERY, signal)
        continue
      }
      const key = sealKey()
      await anchorMissing(client)
      while (!signal.aborted) if ((await sealOnce(client, key)) < MOST) await pause(EVERY, signal)
    } catch (error) {
      log('audit').warn({ reason: describeError(error) }, 'sealing failed and will be tried again; nothing is lost')
      await pause(BACKOFF, signal)
    } finally {
      client.release(true)
    }
  }
}
