import type { AnyEvent, CanonicalEvent } from '../../ingest/contract/event'
import type { EventData, EventType } from '../../ingest/contract/types'
import type { Transaction } from '../db/client'
import { type AutomationId, automaton } from './automation'
import { WORKFLOW } from './command'
import { record } from './record/record'
import type { Recording } from './record/types'

/**
 * What an automation works with in a transaction of its own or of the projector: as a command's context, with the automation as the one who does it. Its
 * events carry an id of their own, made from what they follow from, so that following from it twice is once.
 */
export function automationRecorder(tx: Transaction, id: AutomationId, at: Date, cause: string) {
  const doer = automaton(id)
  const commandId = crypto.randomUUID()
  let made = 0
  return {
    tx,
    doer,
    at,
    event<T extends EventType>(type: T, subject: string, data: EventData<T>, time = at): CanonicalEvent<T> {
      made += 1
      return {
        specversion: '1.0',
        id: `${id}/${cause}/${type}/${made}`,
        source: WORKFLOW,
        type,
        time: time.toISOString(),
        sequence: String(made).padStart(4, '0'),
        subject,
        data: { ...data, ...('actor' in data ? {} : { actor: 'automation' }) },
      }
    },
    record: (events: readonly AnyEvent[], more: Partial<Recording> = {}) =>
      record(tx, { events, doer, at, commandId, ...more }),
  }
}
