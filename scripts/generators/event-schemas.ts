import { z } from 'zod'
import { EVENT_TYPES, type EventType } from '../../ingest/contract/types'
import { schemaOf } from '../../ingest/contract/validate'
import type { Generator } from './generator'

/** JSON Schema of one event type, for senders that check before they send. What it cannot say (a balance, a known currency) the door checks. */
export function jsonSchemaOf(type: EventType): object {
  const { $schema, ...schema } = z.toJSONSchema(schemaOf(type), { target: 'draft-2020-12', io: 'input' })
  return { $schema, $id: `urn:backhaul:event:${type}`, title: type, ...schema }
}

export const eventSchemas: Generator = {
  name: 'event schemas',
  folder: 'ingest/contract/schemas',
  files: () => new Map(EVENT_TYPES.map((type) => [`${type}.json`, `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`])),
}
