import { z } from 'zod'
import { EVENT_TYPES, type EventType } from '../../ingest/contract/types'
import { schemaOf } from '../../ingest/contract/validate'
import type { Generator } from './generator'

/** JSON Schema of one event type, for senders that check before they send. What it cannot say (a balance, a known currency) the door checks. */
export function jsonSchemaOf(type: EventType): object {
  const { $schema, ...schema } = z.toJSONSchema(schemaOf(type), { target: 'draft-2020-12', io: 'input' })
  return { $schema, $id: `urn:backhaul:event:${type}`, title: type, ...orNull(schema as Json) }
}

/** As much of a JSON Schema as is changed here. */
interface Json {
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
  readonly items?: Json
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Json[]
}

/** The same schema, which takes null in the place of every field that may be left out, as the door does. */
function orNull(schema: Json): Json {
  const { properties, items, required = [] } = schema
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    const inner = orNull(field)
    return [name, required.includes(name) ? inner : nullable(inner)] as const
  })
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(items && { items: orNull(items) }),
  }
}

function nullable({ type, enum: values, anyOf, ...rest }: Json): Json {
  if (anyOf) return { anyOf: [...anyOf, { type: 'null' }], ...rest }
  // JSON Schema has lists of types; what is asked of a text or number beside them does not concern null.
  return { type: [type ?? [], 'null'].flat(), ...(values && { enum: [...values, null] }), ...rest }
}

export const eventSchemas: Generator = {
  name: 'event schemas',
  folder: 'ingest/contract/schemas',
  files: () => new Map(EVENT_TYPES.map((type) => [`${type}.json`, `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`])),
}
