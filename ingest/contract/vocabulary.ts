import type { z } from 'zod'
import { compile, isObject, type Predicate } from './compile'
import { amount, instant, positive } from './fields'
import { DATA, type EventType } from './types'

type Schema = z.core.$ZodType
/** The schema without its "optional". */
export const unwrap = (schema: Schema): Schema => {
  const def = (schema as z.core.$ZodTypes)._zod.def
  return def.type === 'optional' ? unwrap(def.innerType) : schema
}
export const isAmount = (schema: Schema): boolean => schema === amount || schema === positive
/** Texts of any content; a time is none, since only one form of it can be read. */
const isText = (schema: Schema): boolean =>
  schema !== instant && ['string', 'enum'].includes((schema as z.core.$ZodTypes)._zod.def.type)

/** The fields of an object schema. */
export const shapeOf = (schema: Schema): Record<string, Schema> => {
  const def = (schema as z.core.$ZodTypes)._zod.def
  return def.type === 'object' ? def.shape : {}
}

/** Every name in the data of any type, with the shapes that the contract gives it. */
const meanings = new Map<string, Set<Schema>>()
for (const schema of Object.values(DATA)) {
  for (const [name, field] of Object.entries(shapeOf(schema))) {
    meanings.set(name, (meanings.get(name) ?? new Set()).add(unwrap(field)))
  }
}

/** Names of money fields: their digits are read exactly, so how they are spelled matters. */
export const AMOUNT_NAMES: readonly string[] = [
  ...[...meanings].filter(([, shapes]) => [...shapes].some(isAmount)).map(([name]) => name),
  'debit',
  'credit',
]

const ENVELOPE = ['id', 'source', 'type', 'time', 'sequence', 'revision', 'voided', 'data']
const INNER = ['account', 'debit', 'credit', 'unit_id', 'quantity']
/** Every name that the contract gives a meaning to anywhere in an event. */
export const KNOWN_NAMES: ReadonlySet<string> = new Set([...ENVELOPE, ...INNER, ...meanings.keys()])

/**
 * By type: the names that mean something in other types and are no text there, with the test for that meaning. Unknown fields are kept, but
 * one reader reads all types with one structure: `amount: "n/a"` on a receipt would stop it as surely as on a refund.
 */
const foreign = new Map<string, ReadonlyMap<string, Predicate>>()
for (const [type, schema] of Object.entries(DATA)) {
  const own = shapeOf(schema)
  const others = new Map<string, Predicate>()
  for (const [name, shapes] of meanings) {
    if (Object.hasOwn(own, name) || [...shapes].some(isText)) continue
    const options = [...shapes].map(compile)
    others.set(name, (value) => value === null || options.some((option) => option(value)))
  }
  foreign.set(type, others)
}

/** The first field of `data` whose name has a meaning in another type and whose value does not fit it; `undefined` when all do. */
export function foreignMisuse(type: EventType, data: object): string | undefined {
  const others = foreign.get(type)
  if (!others || !isObject(data)) return undefined
  for (const name in data) {
    const test = others.get(name)
    if (test && !test(data[name])) return name
  }
  return undefined
}
