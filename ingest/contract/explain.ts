import type { z } from 'zod'
import { listOfPath } from '../../lib/returns/code-map'
import { currency, id } from './fields'
import type { RefusalReason } from './reasons'
import { DATA, type EventType } from './types'
import { isAmount, shapeOf, unwrap } from './vocabulary'

type Issue = z.core.$ZodIssue
type Schema = z.core.$ZodType

/** Turns zod's first objection to an event into a typed reason, the path of the field, and a sentence that says what to do. */
export function explain(
  type: EventType,
  event: object,
  issue: Issue,
): { reason: RefusalReason; message: string; path: string; given?: string } {
  const path = writePath(issue.path)
  const given = valueAt(event, issue.path)
  const field = issue.path[0] === 'data' ? schemaAt(DATA[type], issue.path.slice(1)) : undefined
  const reason = reasonOf(issue, given, field)
  const mappable = reason === 'code_unknown' && id.safeParse(given).success && listOfPath(path) !== undefined
  return {
    ...{ reason, message: sentence(type, path, issue, given, field), path },
    ...(mappable ? { given: String(given) } : {}),
  }
}

function reasonOf(issue: Issue, given: unknown, field: Schema | undefined): RefusalReason {
  const named = issue.code === 'custom' ? issue.params?.reason : undefined
  if (named === 'unbalanced' || named === 'split_duplicate') return named
  if (issue.path.length === 1 && issue.path[0] === 'time') return 'time_invalid'
  if (given === undefined || !field) return 'schema_invalid'
  if (field === currency) return 'currency_unknown'
  if (isAmount(field)) return 'amount_invalid'
  return isCode(field) ? 'code_unknown' : 'schema_invalid'
}

const isCode = (field: Schema) => (field as z.core.$ZodTypes)._zod.def.type === 'enum'

function sentence(type: EventType, path: string, issue: Issue, given: unknown, field: Schema | undefined): string {
  if (given === undefined) return `${path} is missing. Add it: ${type} needs it.`
  if (field && isAmount(field)) {
    return `${path} ${show(given)} is not an amount that this field takes. Send a decimal string or a number with at most 4 decimals${issue.message.includes('zero or more') ? ', zero or more' : ''}.`
  }
  switch (issue.code) {
    case 'invalid_type':
      return `${path} is ${show(given)}; it must be ${article(issue.expected)}. Leave an optional field out, or send null, when there is no value.`
    case 'too_small':
      return `${path} is too ${sized(issue.origin) ? 'short' : 'small'}: at least ${issue.minimum}${unitOf(issue.origin)}.`
    case 'too_big':
      return `${path} is too ${sized(issue.origin) ? 'long' : 'large'}: at most ${issue.maximum}${unitOf(issue.origin)}.`
    case 'invalid_value':
      return `${path} ${show(given)} is not known. Map it onto one of: ${issue.values.map(String).join(', ')}.`
    default:
      return `${path} ${typeof given === 'object' ? '' : `${show(given)} `}${issue.message}.`
  }
}

const sized = (origin: string) => origin === 'string' || origin === 'array'
const unitOf = (origin: string) => (origin === 'string' ? ' characters' : origin === 'array' ? ' elements' : '')
const article = (expected: string) => (/^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`)

/** A value as a short, printable text. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  const clipped = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return clipped.replace(/\p{Cs}/gu, '\ufffd')
}

function writePath(path: readonly PropertyKey[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at ? '.' : ''}${String(step)}`)).join('')
}

function valueAt(event: unknown, path: readonly PropertyKey[]): unknown {
  let at = event
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Reflect.get(at, step)
  }
  return at
}

function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | undefined {
  let at: Schema | undefined = schema
  for (const step of path) {
    if (!at) return undefined
    const def: z.core.$ZodTypes['_zod']['def'] = (at as z.core.$ZodTypes)._zod.def
    const next: Schema | undefined = def.type === 'array' ? def.element : shapeOf(at)[String(step)]
    at = next && unwrap(next)
  }
  return at
}
