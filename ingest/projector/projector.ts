import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pool, type Transaction, withTransaction } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { failpoint } from '../../lib/failpoint'
import { log } from '../../lib/log'
import { takeShipped } from '../../lib/workflow/exchange/shipped'
import { record } from '../../lib/workflow/record/record'
import type { Doer, Recorded } from '../../lib/workflow/record/types'
import type { AnyEvent } from '../contract/event'
import { eventsOf, type Waiting, waiting } from './read-batch'
import { isOfAnEvent, putAside, sift } from './set-aside'
import { takeStock } from './stock'

const IDLE = 80
const BACKOFF_MOST = 15_000
/** Events of history applied in one transaction: large enough to spare round trips, small enough for a session's time limit. */
const TOGETHER = 4_000
/** Any constant: the name of the lock that only one projector holds. */
const DUTY = 7_212_003

/** A batch that has failed so often is looked through for the events that it fails by. */
const PATIENCE = 3

/** Hears what outside events changed, in the same transaction: where automation and contradictions are decided. */
export type Reaction = (tx: Transaction, events: readonly AnyEvent[], recorded: Recorded, at: Date) => Promise<void>

/**
 * Starts the projector: it applies what outside systems and imports told to the cases, by the same rules as our own commands, with the source
 * as the one who did it. Only one process projects at a time.
 */
export async function startProjector(reactions: readonly Reaction[] = []): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = project(stopping.signal, reactions)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function project(signal: AbortSignal, reactions: readonly Reaction[]): Promise<void> {
  let backoff = 250
  while (!signal.aborted) {
    const client = await pool()
      .connect()
      .catch(() => undefined)
    if (!client) {
      await pause(1_000, signal)
      continue
    }
    try {
      // The duty is the session's: it ends with the process, however that ends.
      await client.query('SET idle_session_timeout = 0; SET statement_timeout = 0')
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [DUTY])
      if (!rows[0]?.mine) {
        await pause(1_000, signal)
        continue
      }
      while (!signal.aborted) {
        await client.query('SELECT 1')
        if ((await projectOnce(reactions)) === 0) await pause(IDLE, signal)
        backoff = 250
      }
    } catch (error) {
      log('projector').warn(
        { reason: describeError(error) },
        'a batch could not be applied and will be tried again; nothing is lost',
      )
      await pause(backoff, signal)
      backoff = Math.min(BACKOFF_MOST, backoff * 2)
    } finally {
      client.release(true)
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined)

/** Applies what waits, some batches at most; returns how many it applied. */
export async function projectOnce(reactions: readonly Reaction[] = []): Promise<number> {
  const batches = await waiting(pool(), 4)
  for (const batch of batches) await apply(batch, reactions)
  return batches.length
}

/** Batches that failed, how often in a row: in this process, which is enough. */
const failures = new Map<bigint, number>()

async function apply(batch: Waiting, reactions: readonly Reaction[]): Promise<void> {
  const events = await eventsOf(pool(), batch)
  const applied = batch.kind === 'archive' ? takeOver : applyLive
  try {
    await applied(batch, events, reactions, inOneGo)
    failures.delete(batch.id)
  } catch (error) {
    const times = (failures.get(batch.id) ?? 0) + 1
    failures.set(batch.id, times)
    if (times < PATIENCE || !isOfAnEvent(error)) throw error
    await applied(batch, events, reactions, withoutTheUnfit)
    failures.delete(batch.id)
  }
}

/** How events are applied: as they are, or without those that cannot be, which are put aside in the same transaction. */
type Way = (
  events: readonly AnyEvent[],
  work: (tx: Transaction, events: readonly AnyEvent[]) => Promise<void>,
  end: (tx: Transaction) => Promise<unknown>,
) => Promise<void>

const inOneGo: Way = (events, work, end) =>
  withTransaction(async (tx) => {
    await work(tx, events)
    await end(tx)
  })

const withoutTheUnfit: Way = async (events, work, end) => {
  const { fit, unfit } = await sift(events, work)
  await withTransaction(async (tx) => {
    await work(tx, fit)
    await putAside(tx, unfit)
    await end(tx)
  })
}

/** A batch of the log in one transaction. */
async function applyLive(
  batch: Waiting,
  events: readonly AnyEvent[],
  reactions: readonly Reaction[],
  way: Way,
): Promise<void> {
  await way(
    events,
    (tx, some) => recordBySource(tx, some, reactions),
    async (tx) => {
      await markProjected(tx, batch.id)
      failpoint('before_projection_commit')
    },
  )
}

/** A recording for each source: it is who did it. */
async function recordBySource(
  tx: Transaction,
  events: readonly AnyEvent[],
  reactions: readonly Reaction[],
): Promise<void> {
  const at = new Date()
  for (const [source, group] of bySource(events)) {
    const recorded = await record(tx, { events: group, doer: outside(source), at })
    await takeStock(tx, group, outside(source), at)
    await takeShipped(tx, group, outside(source), at)
    for (const react of reactions) await react(tx, group, recorded, at)
  }
}

/** A segment of history, a part a transaction: doing a part again changes nothing, so a death in between costs only time. */
async function takeOver(
  batch: Waiting,
  events: readonly AnyEvent[],
  _reactions: readonly Reaction[],
  way: Way,
): Promise<void> {
  const at = new Date()
  for (let from = 0; from < events.length; from += TOGETHER) {
    const archive = `${batch.id}/${from}`
    const work = async (tx: Transaction, part: readonly AnyEvent[]) => {
      await record(tx, { events: part, doer: outside('/backhaul/import'), at, archive })
    }
    await way(events.slice(from, from + TOGETHER), work, async () => undefined)
  }
  await withTransaction((tx) => markProjected(tx, batch.id))
}

const markProjected = (tx: Transaction, id: bigint) =>
  tx.execute(sql`UPDATE batch SET projected_at = now() WHERE id = ${id.toString()}::bigint`)

const outside = (source: string): Doer => ({ kind: 'source', id: source, name: source, roles: [] })

function bySource(events: readonly AnyEvent[]): Map<string, AnyEvent[]> {
  const groups = new Map<string, AnyEvent[]>()
  for (const event of events) {
    const group = groups.get(event.source)
    if (group) group.push(event)
    else groups.set(event.source, [event])
  }
  return groups
}
