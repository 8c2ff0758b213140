'use client'
import { type Answer, ask } from './ask'
import type { Action, Entry, OpenCase } from './entry'
import type { Store } from './store'

/** What a worked entry came to: how it looks from now on, and what it means for the open return. */
export interface Worked {
  readonly entry: Partial<Entry>
  readonly openCase?: OpenCase | null
}

/** How a station works one entry; `unreachable` leaves it in the queue. */
export type Work = (
  entry: Entry,
  keep: (change: Partial<Entry>) => Promise<Entry>,
  known: {
    readonly openCase: OpenCase | null
    readonly lastUnit: string | null
    /** The content addresses of photos that were kept, of these entries. */
    readonly kept: (photos: readonly string[]) => string[]
  },
) => Promise<Worked | 'unreachable' | 'signed-out'>

export interface Snapshot {
  readonly ready: boolean
  /** Newest first. */
  readonly entries: readonly Entry[]
  readonly openCase: OpenCase | null
  readonly waiting: number
  /** Entries of somebody else who used this browser: only their own session may send them. */
  readonly foreign: number
  readonly connection: 'online' | 'offline' | 'signed-out'
  /** False where this browser keeps nothing: what is not sent is lost with the page. */
  readonly kept: boolean
  /** Some of it is shown and not on the disk yet. */
  readonly keeping: boolean
}

const KEPT_ENTRIES = 200
const RETRY_LEAST = 1_000
const RETRY_MOST = 15_000

const BLANK: Snapshot = {
  ready: false,
  entries: [],
  openCase: null,
  waiting: 0,
  foreign: 0,
  connection: 'online',
  kept: true,
  keeping: false,
}

/**
 * The queue of a station: every entry is kept before anything else happens to it, and is worked in the order in which it was made, one at a
 * time, until the server has answered. A network that is away only makes the queue longer.
 */
export class Sender {
  #snapshot = BLANK
  #entries: Entry[] = []
  #store: Store | null = null
  #listeners = new Set<() => void>()
  #answered = new Set<(entry: Entry) => void>()
  #working = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #pause = RETRY_LEAST
  #stopped = false
  #opening = false
  /** Writes happen in the order in which they were asked for. */
  #writes: Promise<void> = Promise.resolve()
  #unwritten = 0

  constructor(
    private readonly person: string,
    private readonly facility: string,
    private readonly work: Work,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  /** Calls back with every entry that the server has answered; answers how to stop. */
  onAnswered(listener: (entry: Entry) => void): () => void {
    this.#answered.add(listener)
    return () => this.#answered.delete(listener)
  }
  snapshot = (): Snapshot => this.#snapshot
  /** What the server renders: nothing is known there of this browser. */
  blank = (): Snapshot => BLANK

  /** Takes up what an earlier page left. */
  async start(open: () => Promise<Store>): Promise<void> {
    this.#stopped = false
    addEventListener('online', this.#wake)
    addEventListener('offline', this.#away)
    if (this.#snapshot.ready) return this.#wake()
    if (this.#opening) return
    this.#opening = true
    const store = await open().catch(() => null)
    this.#store = store
    const [kept, openCase] = store ? await Promise.all([store.entries(), store.openCase()]) : [[], null]
    // What was scanned while the store was being opened comes after what it holds.
    const last = kept.at(-1)?.seq ?? 0
    const early = this.#entries.map((entry, index) => ({ ...entry, seq: last + index + 1 }))
    this.#entries = [...kept, ...early]
    for (const entry of early) this.#write(entry)
    const surplus = this.#entries.at(-KEPT_ENTRIES - 1)
    const oldest = this.#entries.find(({ state }) => state === 'waiting')
    if (store && surplus && (!oldest || oldest.seq > surplus.seq)) {
      await store.forget(surplus.seq)
      this.#entries = this.#entries.filter(({ seq }) => seq > surplus.seq)
    }
    this.#publish({ ready: true, kept: store !== null, openCase })
    this.#wake()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    removeEventListener('online', this.#wake)
    removeEventListener('offline', this.#away)
  }

  /** Takes an action: shown at once, kept, sent when its turn comes. */
  add(action: Action): Entry {
    return this.#take({ action, state: 'waiting' })
  }

  /** Shows something that is not to be sent: a question that must be answered first. */
  say(action: Action, change: Partial<Entry>): Entry {
    return this.#take({ action, ...change, state: 'sent' })
  }

  #take(own: Pick<Entry, 'action' | 'state'> & Partial<Entry>): Entry {
    const entry: Entry = {
      id: crypto.randomUUID(),
      seq: (this.#entries.at(-1)?.seq ?? 0) + 1,
      person: this.person,
      facility: this.facility,
      at: Date.now(),
      ...own,
    }
    this.#entries.push(entry)
    if (this.#snapshot.ready) this.#write(entry)
    this.#publish({})
    this.#kick()
    return entry
  }

  /** Changes an entry that is not to be sent (any more): dealt with, or taken back before it went. */
  change(id: string, change: Partial<Entry>): void {
    const entry = this.#entries.find((each) => each.id === id)
    if (entry) this.#replace({ ...entry, ...change })
  }

  setOpenCase(openCase: OpenCase | null): void {
    this.#publish({ openCase })
    const store = this.#store
    if (store) this.#writes = this.#writes.then(() => store.setOpenCase(openCase)).catch(this.#lost)
  }

  #wake = (): void => {
    this.#pause = RETRY_LEAST
    this.#publish({ connection: navigator.onLine ? 'online' : 'offline' })
    this.#kick()
  }
  #away = (): void => this.#publish({ connection: 'offline' })
  #lost = (): void => this.#publish({ kept: false })

  #write(entry: Entry): void {
    const store = this.#store
    if (!store) return
    this.#unwritten += 1
    this.#writes = this.#writes
      .then(() => store.put(entry))
      .catch(this.#lost)
      .then(() => {
        this.#unwritten -= 1
        if (this.#unwritten === 0) this.#publish({})
      })
  }

  #replace(entry: Entry): void {
    const at = this.#entries.findIndex(({ seq }) => seq === entry.seq)
    if (at >= 0) this.#entries[at] = entry
    this.#write(entry)
    this.#publish({})
  }

  #publish(change: Partial<Snapshot>): void {
    const open = this.#entries.filter(({ state }) => state === 'waiting')
    this.#snapshot = {
      ...this.#snapshot,
      ...change,
      entries: this.#entries.slice(-KEPT_ENTRIES).reverse(),
      waiting: open.filter(({ person }) => person === this.person).length,
      foreign: open.filter(({ person }) => person !== this.person).length,
      keeping: this.#unwritten > 0,
    }
    for (const listener of this.#listeners) listener()
  }

  #kick(): void {
    if (this.#working || this.#stopped || !this.#snapshot.ready) return
    this.#working = true
    clearTimeout(this.#timer)
    // Of several pages of this browser one sends, so that the order is one.
    void navigator.locks
      .request('backhaul-station', () => this.#drain())
      .catch(() => 'again' as const)
      .then((end) => {
        this.#working = false
        if (end === 'done' && this.#next() === undefined) return
        this.#timer = setTimeout(() => this.#kick(), end === 'done' ? 0 : this.#pause)
        if (end !== 'done') this.#pause = Math.min(RETRY_MOST, this.#pause * 2)
      })
  }

  #next(): Entry | undefined {
    return this.#entries.find(({ state, person }) => state === 'waiting' && person === this.person)
  }

  /** The unit received last before an entry, of those that still stand. */
  #lastUnit(seq: number): string | null {
    const last = this.#entries.findLast((entry) => entry.seq < seq && entry.receipt && !entry.settled)
    return last?.receipt?.unitId ?? null
  }

  async #drain(): Promise<'done' | 'again'> {
    for (;;) {
      const next = this.#next()
      if (!next || this.#stopped) return 'done'
      await this.#writes
      const worked = await this.work(
        next,
        async (change) => {
          this.change(next.id, change)
          await this.#writes
          return this.#entries.find(({ id }) => id === next.id) ?? next
        },
        {
          openCase: this.#snapshot.openCase,
          lastUnit: this.#lastUnit(next.seq),
          kept: (photos) => this.#entries.flatMap(({ id, sha256 }) => (sha256 && photos.includes(id) ? [sha256] : [])),
        },
      )
      if (worked === 'unreachable' || worked === 'signed-out') {
        this.#publish({ connection: worked === 'unreachable' ? 'offline' : 'signed-out' })
        return 'again'
      }
      this.#pause = RETRY_LEAST
      if (worked.openCase !== undefined) this.setOpenCase(worked.openCase)
      const now = this.#entries.find(({ id }) => id === next.id)
      if (now && now.state === 'waiting') {
        const done: Entry = { ...now, ...worked.entry, state: 'sent' }
        this.#replace(done)
        for (const answered of this.#answered) answered(done)
      }
      this.#publish({ connection: 'online' })
    }
  }
}

/** Sends the command that an entry has become. */
export const send = <T>(entry: Entry, name: string, input: unknown): Promise<Answer<{ result: T }>> =>
  ask<{ result: T }>(`/api/v1/commands/${name}`, { commandId: entry.id, input })
