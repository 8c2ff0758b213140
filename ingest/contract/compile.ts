import type { z } from 'zod'

/** Says whether a value has a shape, and nothing more. */
export type Predicate = (value: unknown) => boolean

type Schema = z.core.$ZodType
type AnyDef = z.core.$ZodTypes['_zod']['def']

/**
 * Turns a schema of the contract into a plain predicate, by walking its definition: zod's own parse allocates an issue list and a copy of
 * every object, which is several times the price of the check itself. The happy path runs the predicate; zod stays the one definition and
 * writes the message when the predicate says no. A construct that is not known here throws when it is compiled, never when it is used.
 */
export function compile(schema: Schema): Predicate {
  const def = (schema as z.core.$ZodTypes)._zod.def
  return withChecks(compileType(def), def)
}

function compileType(def: AnyDef): Predicate {
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string'
    case 'number':
      return numberType(def)
    case 'boolean':
      return (value) => typeof value === 'boolean'
    case 'unknown':
      return () => true
    case 'literal':
      return oneOf(def.values)
    case 'enum':
      return oneOf(Object.values(def.entries))
    case 'optional':
      return optional(compile(def.innerType))
    case 'union':
      return anyOf(def.options.map(compile))
    case 'array':
      return arrayOf(compile(def.element))
    case 'object':
      return looseObject(def)
    default:
      throw new Error(`The contract's compiler does not know schemas of type "${def.type}"`)
  }
}

function numberType(def: AnyDef): Predicate {
  const format = 'format' in def ? def.format : undefined
  if (format === undefined) return (value) => typeof value === 'number' && Number.isFinite(value)
  if (format === 'safeint') return (value) => Number.isSafeInteger(value)
  throw new Error(`The contract's compiler does not know numbers of format "${format}"`)
}

function oneOf(values: readonly unknown[]): Predicate {
  if (values.length === 1) return (value) => value === values[0]
  const known = new Set<unknown>(values)
  return (value) => known.has(value)
}

const optional =
  (inner: Predicate): Predicate =>
  (value) =>
    value === undefined || inner(value)

const anyOf =
  (options: readonly Predicate[]): Predicate =>
  (value) =>
    options.some((option) => option(value))

const arrayOf =
  (element: Predicate): Predicate =>
  (value) =>
    Array.isArray(value) && value.every(element)

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function looseObject(def: Extract<AnyDef, { type: 'object' }>): Predicate {
  const rest = def.catchall && (def.catchall as z.core.$ZodTypes)._zod.def.type
  if (rest !== 'unknown') throw new Error('Every object of the contract keeps unknown fields: use z.looseObject')
  const fields = new Map<string, Field>()
  let required = 0
  for (const [name, schema] of Object.entries(def.shape)) {
    const check = compile(schema)
    const isRequired = !check(undefined)
    if (isRequired) required++
    fields.set(name, { check, isRequired })
  }
  return (value) => {
    if (!isObject(value)) return false
    // Over the names that are there, not over those that could be: a loop over an object's own names reads its values by position, and
    // most events carry half of the fields that they may.
    let missing = required
    for (const name in value) {
      const field = fields.get(name)
      if (field === undefined) continue
      if (!field.check(value[name])) return false
      if (field.isRequired) missing--
    }
    return missing === 0
  }
}

interface Field {
  check: Predicate
  isRequired: boolean
}

/** What a schema asks beyond its type. */
export const checksOf = (def: AnyDef): Predicate[] =>
  (def.checks ?? []).map((check) => compileCheck((check as z.core.$ZodChecks)._zod.def))

function withChecks(base: Predicate, def: AnyDef): Predicate {
  const checks = checksOf(def)
  if (checks.length === 0) return base
  const [first, second, third] = checks
  if (first && !second) return (value) => base(value) && first(value)
  if (first && second && !third) return (value) => base(value) && first(value) && second(value)
  return (value) => base(value) && checks.every((check) => check(value))
}

type CheckDef = z.core.$ZodChecks['_zod']['def'] | z.core.$ZodCustomDef

function compileCheck(def: CheckDef): Predicate {
  switch (def.check) {
    case 'min_length':
      return (value) => lengthOf(value) >= def.minimum
    case 'max_length':
      return (value) => lengthOf(value) <= def.maximum
    case 'greater_than': {
      const least = def.value
      return def.inclusive ? (value) => Number(value) >= Number(least) : (value) => Number(value) > Number(least)
    }
    case 'less_than': {
      const most = def.value
      return def.inclusive ? (value) => Number(value) <= Number(most) : (value) => Number(value) < Number(most)
    }
    case 'string_format': {
      const pattern = def.format === 'regex' ? def.pattern : undefined
      if (!pattern || pattern.global || pattern.sticky) throw new Error(`Unknown string format "${def.format}"`)
      return (value) => typeof value === 'string' && pattern.test(value)
    }
    case 'custom': {
      const test = 'fn' in def ? def.fn : undefined
      if (!test) throw new Error('A custom check without a function')
      return (value) => test(value) === true
    }
    default:
      throw new Error(`The contract's compiler does not know the check "${def.check}"`)
  }
}

const lengthOf = (value: unknown): number => (typeof value === 'string' || Array.isArray(value) ? value.length : -1)
