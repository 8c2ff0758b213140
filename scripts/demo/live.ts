import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CanonicalEvent } from '../../ingest/contract/event'
import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { closeDatabase } from '../../lib/db/client'
import { env, required } from '../../lib/env'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import { DAY, HOUR, iso, SECOND } from './calendar'
import { makeWorld } from './company'
import { putInHand } from './desks/in-hand'
import { SOURCES } from './emitter'
import { is } from './figures'
import { send } from './knock'
import { leaveToPeople, leftToPeople } from './left-to-people'
import { Random } from './prng'
import { type DemoRecord, readLiveUntil, readRecord, writeLiveUntil } from './record'
import { type Upcoming, upcoming } from './upcoming'

export interface LiveOptions {
  ingestUrl: string
  apiKey: string
  /** What the history was made with: the live company is its continuation. */
  record: DemoRecord
  /** From here on; the end of the history when absent. */
  from?: number
  /** Where the cases are: those that people have taken in hand are left to them. Without it the story tells everything. */
  databaseUrl?: string
  /** Hears up to which instant everything was told. */
  onTold?: (until: number) => void
  signal: AbortSignal
  /** What time it is; the machine's clock when absent. */
  clock?: () => number
}

/** How far ahead is simulated at once. */
const AHEAD = 3 * HOUR
const TICK = SECOND
/** Events a second that the whole stream comes to by day; at night a quarter. */
const BY_DAY = 2.4

/**
 * Keeps the demo company running in real time until the signal says stop. The company's own events (orders, requests, receipts,
 * inspections, settlements: some 5,000 a day at scale 1) come when they happen, so that no chart shows a jump where the history ends;
 * what was missed while nothing ran is caught up. Between them the carriers tell where parcels are, two or three times a second by day:
 * that keeps the stream alive and changes no count. All ids are the simulator's or carry the time: a restart reuses none for other things.
 */
export async function startLive(options: LiveOptions): Promise<void> {
  const { record, signal, clock = Date.now } = options
  const world = makeWorld({ ...record, today: new Date(record.today) })
  const door = { ingestUrl: options.ingestUrl, apiKey: options.apiKey, signal }
  let told = options.from ?? world.story.today
  let planned = told
  const ours = options.databaseUrl ? await leftToPeople(options.databaseUrl) : new Set<string>()
  let plan: Upcoming = { events: [], underWay: new Map() }
  const random = new Random(clock())
  while (!signal.aborted) {
    const now = clock()
    if (now > planned) {
      planned = Math.min(now + AHEAD, told + MOST)
      plan = await upcoming(world, told, planned)
    }
    const until = Math.min(now, planned)
    const due = options.databaseUrl
      ? await leaveToPeople(takeDue(plan, until), world.story.today, options.databaseUrl, ours)
      : takeDue(plan, until)
    const lines = due.map((event) => JSON.stringify(event))
    if (until === now) lines.push(...carrierNews(plan, now, lines.length, random).map((event) => JSON.stringify(event)))
    await send(door, lines)
    told = until
    options.onTold?.(told)
    if (until === now) await sleep(TICK, undefined, { signal }).catch(() => {})
  }
}
/** At most so much is caught up at once. */
const MOST = 14 * DAY

function takeDue({ events, underWay }: Upcoming, until: number): CanonicalEvent[] {
  const due: CanonicalEvent[] = []
  while (events[0] && events[0].known <= until) {
    const next = events.shift()
    if (!next) break
    due.push(next.event)
    follow(underWay, next.event)
  }
  return due
}

function follow(underWay: Upcoming['underWay'], event: CanonicalEvent): void {
  if (is(event, 'shipment.in_transit.v1')) underWay.set(event.data.unit_id, event)
  else if (is(event, 'shipment.delivered.v1') || is(event, 'shipment.lost.v1')) underWay.delete(event.data.unit_id)
}

/** Scans of parcels under way, so many that the whole stream has its pace. */
function carrierNews({ underWay }: Upcoming, now: number, sent: number, random: Random): CanonicalEvent[] {
  const parcels = [...underWay.values()]
  if (parcels.length === 0) return []
  const count = Math.max(0, random.poisson(paceAt(now)) - sent)
  return Array.from({ length: Math.min(count, parcels.length) }, (_, index) => {
    const parcel = random.of(parcels)
    const expected = Date.parse(parcel.data.expected_at ?? parcel.time)
    const arrival = Math.max(now + random.between(4, 30) * HOUR, expected)
    return {
      ...parcel,
      id: `${parcel.data.unit_id}-scan-${now}-${index}`,
      time: iso(now),
      data: {
        ...parcel.data,
        expected_at: iso(arrival),
        checkpoint: random.of(['hub', 'sorting centre', 'depot', 'line haul']),
      },
    }
  })
}

/** Events a second at an instant: full from morning to evening in central Europe, a quarter in the night. */
export function paceAt(now: number): number {
  const hour = (now % DAY) / HOUR + 1
  const day = Math.max(0, Math.cos(((hour - 14) / 24) * 2 * Math.PI) + 0.45) / 1.45
  return BY_DAY * (0.25 + 0.75 * day)
}

/** As a process of its own: waits for the history, makes itself a key, and ends with its parent or with SIGTERM. */
async function main(): Promise<void> {
  if (!env().BACKHAUL_LIVE) return
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(name, () => stop.abort())
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop.abort()
  }, 2 * SECOND)
  const databaseUrl = required('DATABASE_URL')
  const record = await readRecord(databaseUrl)
  if (record?.state === 'done') await run(databaseUrl, record, stop.signal)
  else log('demo').warn('the demo company was not filled: nothing goes on')
  clearInterval(watch)
  await closeDatabase()
}

async function run(databaseUrl: string, record: DemoRecord, signal: AbortSignal): Promise<void> {
  const key = await createKey({ scopes: ['events:write'], sources: SOURCES, name: 'demo company, live', days: 365 })
  const from = await readLiveUntil(databaseUrl)
  let saved = 0
  let saving = Promise.resolve()
  const keep = (until: number) => {
    saved = Date.now()
    saving = saving
      .then(() => writeLiveUntil(databaseUrl, until))
      .catch((error: unknown) =>
        log('demo').warn({ reason: describeError(error) }, 'the place reached was not written down'),
      )
  }
  let last = from ?? Date.parse(record.today)
  const inHand = putInHand(databaseUrl, signal).catch((error: unknown) =>
    log('demo').warn({ reason: describeError(error) }, 'the work in hand could not be put in place'),
  )
  try {
    await startLive({
      ingestUrl: `http://${env().BACKHAUL_HOST}:${env().INGEST_PORT}`,
      apiKey: key.key,
      databaseUrl,
      record,
      ...(from === undefined ? {} : { from }),
      onTold: (until) => {
        last = until
        if (Date.now() - saved > 20 * SECOND) keep(until)
      },
      signal,
    })
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    keep(last)
    await Promise.all([saving, inHand])
    await revokeKey(key.id)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
