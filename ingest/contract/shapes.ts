import type { z } from 'zod'
import { ByteMap } from './byte-map'
import { checksOf, compile, type Predicate } from './compile'
import { eventSchema } from './event'
import { instant, isPrintable, positive } from './fields'
import { DATA, EVENT_TYPES } from './types'
import { isAmount, KNOWN_NAMES } from './vocabulary'

/** What a text must be, where its bytes show it; `other`: what its predicate says of it. */
export const TEXT = { other: 0, printable: 1, free: 2, instant: 3, amount: 4, positive: 5 } as const

/** A field of the contract for a reader of bytes. Made from its schema, like everything else. */
export interface Shape {
  /** Its name with the quote that ends it. */
  readonly name: Buffer
  /** The field that came after it last: most programs write their names in one order. */
  next: Shape | undefined
  /** The place of its name in the marks of what has been seen. */
  readonly bit: number
  /** Its name, where it is one of the envelope's that say how to read on or what a reader keeps. */
  readonly role: Role | undefined
  readonly required: boolean
  readonly text: (typeof TEXT)[keyof typeof TEXT]
  /** Least and most: characters of a text, elements of an array. */
  readonly least: number
  readonly most: number
  /** Says of any value whether it fits. */
  readonly fits: Predicate
  /** Texts that `fits` took: most have few values, such as codes. */
  readonly taken: ByteMap<true>
  readonly element: Shape | undefined
  readonly object: ObjectShape | undefined
}

export interface ObjectShape {
  /** The field that came first last. */
  first: Shape | undefined
  readonly fields: ByteMap<Shape | 'elsewhere'>
  /** Marks of the fields that must be there. */
  readonly required: number
  /** What is asked of the whole. */
  readonly checks: readonly Predicate[]
}

const ROLES = ['type', 'time', 'revision', 'data'] as const
export type Role = (typeof ROLES)[number]

export interface EventShapes {
  /** Of any type's event: here its `type` is any type, and its `data` anything. */
  readonly envelope: ObjectShape
  /** By type. */
  readonly data: ByteMap<ObjectShape>
}

type Schema = z.core.$ZodType
type Def = z.core.$ZodTypes['_zod']['def']

/** Marks are the bits of one integer. */
const MOST_FIELDS = 31
/** Texts remembered of a field. */
const MOST_TAKEN = 256
const defOf = (schema: Schema): Def => (schema as z.core.$ZodTypes)._zod.def

/**
 * The shapes of events. `currencies`: those that have a rate, which the currency of an event must be among. A name that means something
 * elsewhere in the contract stands in each object as `elsewhere`: what follows from it is not seen in bytes.
 */
export function eventShapes(currencies: ReadonlySet<string> | undefined): EventShapes {
  const [any = 'sale.shipped.v1'] = EVENT_TYPES
  return {
    envelope: objectShape(defOf(eventSchema(any)), (name, shape) => ({
      ...shape,
      role: ROLES.find((each) => each === name),
    })),
    data: new ByteMap(
      EVENT_TYPES.map((type) => [
        type,
        objectShape(defOf(DATA[type]), (name, shape) => (name === 'currency' ? withRate(shape, currencies) : shape)),
      ]),
    ),
  }
}

const withRate = (shape: Shape, currencies: ReadonlySet<string> | undefined): Shape =>
  currencies ? { ...shape, fits: (value) => shape.fits(value) && currencies.has(String(value)) } : shape

function objectShape(def: Def, finish: (name: string, shape: Shape) => Shape = (_, shape) => shape): ObjectShape {
  if (def.type !== 'object') throw new Error(`Not an object: ${def.type}`)
  const names = Object.entries(def.shape)
  if (names.length > MOST_FIELDS) throw new Error(`More than ${MOST_FIELDS} fields in one object`)
  const fields = names.map(([name, schema], bit) => [name, finish(name, shapeOf(schema, bit, name))] as const)
  const own = new Set(fields.map(([name]) => name))
  const elsewhere = [...KNOWN_NAMES].filter((name) => !own.has(name)).map((name) => [name, 'elsewhere'] as const)
  return {
    first: undefined,
    fields: new ByteMap<Shape | 'elsewhere'>([...fields, ...elsewhere]),
    required: fields.reduce((marks, [, { bit, required }]) => (required ? marks | (1 << bit) : marks), 0),
    checks: checksOf(def),
  }
}

function shapeOf(schema: Schema, bit: number, name: string): Shape {
  const fits = compile(schema)
  const inner = unwrapped(schema)
  const def = defOf(inner)
  const { least, most, printable, plain } = lengths(def)
  return {
    name: Buffer.from(`${name}"`),
    next: undefined,
    bit,
    role: undefined,
    required: !fits(undefined),
    text: textOf(inner, def, printable, plain),
    least,
    most,
    fits,
    taken: new ByteMap<true>([], MOST_TAKEN),
    // What is asked of an array beyond its length is not seen in bytes.
    element: def.type === 'array' && plain ? shapeOf(def.element, 0, '') : undefined,
    object: def.type === 'object' ? objectShape(def) : undefined,
  }
}

function textOf(schema: Schema, def: Def, printable: boolean, plain: boolean): Shape['text'] {
  if (schema === instant) return TEXT.instant
  if (isAmount(schema)) return schema === positive ? TEXT.positive : TEXT.amount
  if (def.type !== 'string') return TEXT.other
  return printable ? TEXT.printable : plain ? TEXT.free : TEXT.other
}

const unwrapped = (schema: Schema): Schema => {
  const def = defOf(schema)
  return def.type === 'optional' ? unwrapped(def.innerType) : schema
}

/** Bounds of a length; `plain`: nothing else is asked, `printable`: nothing but that it is printable. */
function lengths(def: Def): { least: number; most: number; printable: boolean; plain: boolean } {
  let least = 0
  let most = Number.POSITIVE_INFINITY
  let printable = false
  let others = 0
  for (const check of def.checks ?? []) {
    const each: z.core.$ZodChecks['_zod']['def'] | z.core.$ZodCustomDef = (check as z.core.$ZodChecks)._zod.def
    if (each.check === 'min_length') least = Math.max(least, each.minimum)
    else if (each.check === 'max_length') most = Math.min(most, each.maximum)
    else if ('fn' in each && each.fn === isPrintable) printable = true
    else others++
  }
  return { least, most, printable: printable && others === 0, plain: !printable && others === 0 }
}
