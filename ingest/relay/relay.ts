import { setTimeout as sleep } from 'node:timers/promises'
import { writeClient } from '../../clickhouse/client'
import { compact } from '../../clickhouse/derive/compact'
import { publishAll } from '../../clickhouse/derive/publish'
import { pool } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import { auditSlice } from './audit'
import { rollUp } from './behind'
import { refreshCodes } from './codes'
import { deliver } from './deliver'
import { derivationOf, takeRelayDuty, withPublisher } from './publisher'
import { syncReference } from './reference'
import { seal, undelivered } from './seal'
import { recall, remember } from './state'
import { restarted, sweep } from './sweep'

/** Pauses in milliseconds. The first is what a lone event waits at most before its batch is sealed. */
const PACE = {
  idle: 60,
  backoffFirst: 250,
  backoffMost: 30_000,
  rollups: 1_000,
  reference: 15_000,
  codes: 1_000,
  sweep: 300_000,
  /** So often it is asked whether ClickHouse has been started anew, which brings the next sweep forward. */
  restart: 5_000,
  audit: 20_000,
  compact: 60_000,
  /** After a small delivery the next one waits as long as that took, and this at most: a trickle then costs half, and is still seen within two seconds. */
  rest: 500,
} as const
/** Rows up to which a delivery counts as small: deriving costs the same for one as for so many. */
const TRICKLE = 500
/** Partitions put together in one go; and so many times as long as that took, nothing is put together. */
const COMPACT = { partitions: 6, rest: 15 } as const
/** Batches delivered and published together while there is a backlog. */
const TOGETHER = 4
/** One audit looks at one of so many slices; a whole round takes AUDIT_SLICES audits. */
const AUDIT_SLICES = 64

/**
 * Starts the relay: it seals rows of the log, delivers them to ClickHouse, publishes what they touch, keeps rollups and reference data fresh,
 * sweeps for what got lost and audits what is served. Only one process relays at a time; the others wait for the duty.
 */
export async function startRelay(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = relay(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function relay(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const duty = await takeRelayDuty(pool())
      if (!duty) {
        await pause(1_000, signal)
        continue
      }
      const lost = new AbortController()
      void duty.lost.then(() => lost.abort())
      try {
        await serve(duty.epoch, AbortSignal.any([signal, lost.signal]))
      } finally {
        duty.release()
      }
    } catch (error) {
      log('relay').error({ reason: describeError(error) }, 'the relay lost its duty and begins again')
      await pause(1_000, signal)
    }
  }
}

/** Waits, or not so long when told to stop. */
const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined)

async function serve(epoch: bigint, signal: AbortSignal): Promise<void> {
  const due = { rollups: 0, reference: 0, codes: 0, restart: 0, sweep: Date.now() + PACE.sweep }
  let backoff: number = PACE.backoffFirst
  const auditing = Promise.all([audit(signal), tidy(signal)])
  while (!signal.aborted) {
    try {
      // First, because cases are read from sealed batches too: they must not wait for ClickHouse.
      const sealed = await seal(pool())
      if (Date.now() >= due.restart) {
        if (await restarted(pool(), writeClient())) {
          // What it lost of the reference data nobody would notice, since Postgres has not changed.
          await remember(pool(), 'reference_seen', '')
          due.reference = 0
          due.sweep = 0
        }
        due.restart = Date.now() + PACE.restart
      }
      if (Date.now() >= due.reference) {
        await refreshReference()
        due.reference = Date.now() + PACE.reference
      }
      if (Date.now() >= due.sweep) {
        await sweep(pool(), writeClient())
        due.sweep = Date.now() + PACE.sweep
      }
      const batches = await undelivered(pool(), TOGETHER)
      // A batch is sealed after its codes were given a meaning, so their meaning is there before what it touches is derived.
      if (batches.length > 0 || Date.now() >= due.codes) {
        await refreshCodes(pool(), writeClient())
        due.codes = Date.now() + PACE.codes
      }
      const began = Date.now()
      if (batches.length > 0) {
        await deliver(pool(), writeClient(), batches, epoch)
        if (batches.reduce((sum, { rows }) => sum + rows, 0) <= TRICKLE)
          await pause(Math.min(PACE.rest, Date.now() - began), signal)
      }
      if (Date.now() >= due.rollups) {
        const rolling = Date.now()
        await rollUp(pool(), writeClient())
        // Never more than a fifth of the time on rollups.
        due.rollups = Date.now() + Math.max(PACE.rollups, 4 * (Date.now() - rolling))
      }
      if (sealed === 0 && batches.length === 0) await pause(PACE.idle, signal)
      backoff = PACE.backoffFirst
    } catch (error) {
      log('relay').warn({ reason: describeError(error) }, 'delivery failed and will be tried again; nothing is lost')
      await pause(backoff * (0.5 + Math.random()), signal)
      backoff = Math.min(PACE.backoffMost, backoff * 2)
    }
  }
  await auditing
}

/** Goes round over everything that is served, a slice at a time, beside the delivery. */
async function audit(signal: AbortSignal): Promise<void> {
  for (let slice = 0; !signal.aborted; slice = (slice + 1) % AUDIT_SLICES) {
    await pause(PACE.audit, signal)
    try {
      if (!signal.aborted && !(await importing())) await auditSlice(pool(), writeClient(), slice, AUDIT_SLICES)
    } catch (error) {
      log('audit').warn({ reason: describeError(error) }, 'an audit failed and will be done again')
    }
  }
}

/** Keeps what is served in few pieces, beside the delivery. */
async function tidy(signal: AbortSignal): Promise<void> {
  let rest: number = PACE.compact
  while (!signal.aborted) {
    await pause(rest, signal)
    const began = Date.now()
    try {
      if (!signal.aborted && !(await importing()))
        await compact(derivationOf(pool(), writeClient()), COMPACT.partitions)
    } catch (error) {
      log('relay').warn(
        { reason: describeError(error) },
        'served partitions could not be put together; they are read more slowly',
      )
    }
    rest = Math.max(PACE.compact, COMPACT.rest * (Date.now() - began))
  }
}

/** An import publishes at its end; until then what it has loaded rightly differs from what is served. */
async function importing(): Promise<boolean> {
  const { rows } = await pool().query<{ busy: boolean }>(
    `SELECT EXISTS (SELECT FROM import_run r JOIN batch b ON b.import_id = r.id
       WHERE r.state = 'running' AND b.sealed_at > now() - interval '10 minutes') AS busy`,
  )
  return rows[0]?.busy ?? false
}

/** Copies reference data; when rates or agreements changed, every served row is derived anew. */
async function refreshReference(): Promise<void> {
  const version = await fingerprintOfSource()
  if (version === (await recall<string>(pool(), 'reference_seen', ''))) return
  const fingerprint = await syncReference(pool(), writeClient())
  if (fingerprint !== (await recall<string>(pool(), 'reference', ''))) {
    await withPublisher(pool(), writeClient(), (d) => publishAll(d))
    await remember(pool(), 'reference', fingerprint)
  }
  await remember(pool(), 'reference_seen', version)
}

/** Cheap to ask often: changes whenever a reference table changes. */
async function fingerprintOfSource(): Promise<string> {
  const { rows } = await pool().query<{ v: string }>(
    `SELECT md5(concat(
       (SELECT coalesce(string_agg(md5(f::text), ',' ORDER BY f.id), '') FROM facility f),
       (SELECT coalesce(string_agg(md5(s::text), ',' ORDER BY s.id), '') FROM supplier s),
       (SELECT coalesce(string_agg(md5(a::text), ',' ORDER BY a.id), '') FROM annotation a),
       (SELECT concat(count(*), ',', max(day), ',', sum(rate)) FROM fx_rate))) AS v`,
  )
  return rows[0]?.v ?? ''
}
