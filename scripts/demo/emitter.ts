import type { CanonicalEvent } from '../../ingest/contract/event'
import type { EventData, EventType } from '../../ingest/contract/types'
import { iso } from './calendar'

/** Takes each event with the instant at which it becomes known: later than its own time where it comes in late. */
export type Sink = (event: CanonicalEvent, known: number) => void

/** How a fact came to be told: not at once, again with other content, or taken back. */
export interface Telling {
  known?: number
  revision?: number
  voided?: boolean
}

/** Builds events and lets through those that become known in (from, to]. */
export class Emitter {
  constructor(
    private readonly sink: Sink,
    private readonly from: number,
    private readonly to: number,
  ) {}

  put<T extends EventType>(
    type: T,
    source: string,
    id: string,
    at: number,
    subject: string,
    data: EventData<T>,
    telling: Telling = {},
  ): void {
    const known = telling.known ?? at
    if (known <= this.from || known > this.to) return
    const event: CanonicalEvent<T> = {
      specversion: '1.0',
      id,
      source,
      type,
      time: iso(at),
      subject,
      ...(telling.revision === undefined ? {} : { revision: telling.revision }),
      ...(telling.voided ? { voided: true } : {}),
      data,
    }
    this.sink(event, known)
  }
}

export const WORKFLOW = '/backhaul/workflow'
export const PORTAL = '/backhaul/portal'

/** What a key for the whole demo company may write: Backhaul's own sources have to be named. */
export const SOURCES = ['/*', WORKFLOW, PORTAL] as const
