import { z } from 'zod'
import { type CodeMap, withOurCodes } from '../../lib/returns/code-map'
import { withoutNulls } from './canonical'
import { compile, isObject, type Predicate } from './compile'
import { type AnyEvent, eventSchema } from './event'
import { explain } from './explain'
import { parseInstant } from './fields'
import type { Refusal, RefusalReason } from './reasons'
import { EVENT_TYPES, type EventType, isEventType } from './types'
import { foreignMisuse } from './vocabulary'

export type Checked = { ok: true; event: AnyEvent } | Refusal

/** What can be understood beside the contract itself. */
export interface Vocabulary {
  /** Currencies that can be converted (those with an exchange rate, and the reporting currency). */
  readonly currencies: ReadonlySet<string>
  /** What codes of outside systems mean. */
  readonly codes: CodeMap
}

/** Without `currencies` every ISO 4217 code will do; without `codes` only our own. */
export type CheckOptions = Partial<Vocabulary>

export const AHEAD = 24 * 3600 * 1000
const schemas = new Map(EVENT_TYPES.map((type) => [type, eventSchema(type)]))
const predicates = new Map<EventType, Predicate>(EVENT_TYPES.map((type) => [type, compile(eventSchema(type))]))

/**
 * Says whether a parsed JSON value is an event of the contract. `now` (milliseconds) is the clock that "more than 24 h ahead" is measured
 * with. Never throws: whatever the value is, the answer is the event itself (with our codes, where its source's own are mapped, and without the
 * nulls that stand for absent fields) or a refusal with a typed reason.
 */
export function checkEvent(value: unknown, now: number, options: CheckOptions = {}): Checked {
  if (!isObject(value)) {
    return { ok: false, reason: 'not_an_object', message: 'An event is a JSON object. Send one object an event.' }
  }
  const { type } = value
  if (!isEventType(type)) return unknownType(value)
  if (value.time === undefined || value.time === null) {
    return refuse(value, 'time_missing', 'time is missing. Add when it happened, such as 2026-05-10T14:02:11Z.', 'time')
  }
  const fits = predicates.get(type)?.(value) === true
  if (!fits) {
    // Many senders write null for what they do not have. A required field is then missing.
    const said = withoutNulls(value)
    if (said !== value) return checkEvent(said, now, options)
  }
  if (!isEvent(type, value, fits)) {
    const { codes, ...rest } = options
    const ours = codes && mapped(type, value, codes)
    return ours ? checkEvent(ours, now, rest) : invalid(type, value)
  }
  const misused = foreignMisuse(type, value.data)
  if (misused !== undefined) {
    const message = `data.${misused} has a meaning in the contract and this value does not fit it. Mend the value, or give the field another name.`
    return refuse(value, 'schema_invalid', message, `data.${misused}`)
  }
  const at = parseInstant(value.time) ?? Number.POSITIVE_INFINITY
  if (at > now + AHEAD) {
    const message = `time ${value.time} is more than 24 hours ahead. Send when it happened, with the right zone.`
    return refuse(value, 'time_future', message, 'time')
  }
  return withoutRate(value, options.currencies) ?? { ok: true, event: value }
}

/** The event with our codes for its source's own; undefined when there is nothing to replace. */
function mapped(type: EventType, value: Record<string, unknown>, codes: CodeMap): object | undefined {
  const { source, data } = value
  if (typeof source !== 'string' || !isObject(data)) return undefined
  const ours = withOurCodes(type, source, data, codes)
  return ours === data ? undefined : { ...value, data: ours }
}

/** Whether it fits by its predicate, or else by zod: zod is the definition, so its word counts. */
function isEvent(
  type: EventType,
  value: Record<string, unknown>,
  fits: boolean,
): value is Record<string, unknown> & AnyEvent {
  return fits || schemas.get(type)?.safeParse(value).success === true
}

function invalid(type: EventType, value: Record<string, unknown>): Refusal {
  const parsed = schemas.get(type)?.safeParse(value)
  const issue = parsed?.error?.issues[0]
  if (!issue) return refuse(value, 'schema_invalid', 'The event does not fit its schema.', '')
  const { reason, message, path, given } = explain(type, value, issue)
  const refusal = refuse(value, reason, message, path)
  return given === undefined ? refusal : { ...refusal, given }
}

function withoutRate(
  value: Record<string, unknown> & AnyEvent,
  known: ReadonlySet<string> | undefined,
): Refusal | undefined {
  if (!known || !('currency' in value.data)) return undefined
  const { currency } = value.data
  if (typeof currency !== 'string' || known.has(currency)) return undefined
  const message = `data.currency ${currency} has no exchange rate here. Add a rate for it, then replay the event.`
  return refuse(value, 'currency_unknown', message, 'data.currency')
}

function unknownType(value: Record<string, unknown>): Refusal {
  const { type } = value
  if (typeof type !== 'string') {
    return refuse(value, 'type_unknown', 'type is missing or is not a text. Add one such as unit.received.v1.', 'type')
  }
  const stem = type.replace(/\.v\d+$/, '')
  const known = EVENT_TYPES.filter((each) => each.replace(/\.v\d+$/, '') === stem)
  const message = known.length
    ? `type "${clip(type)}" is a version that is not known here. Send ${known.join(' or ')}.`
    : `type "${clip(type)}" is not in the contract. The types are listed in docs/events.md.`
  return refuse(value, 'type_unknown', message, 'type')
}

const clip = (text: string) => (text.length > 64 ? `${text.slice(0, 64)}…` : text)

/** A refusal of a readable object, with its `source` and `id` where they can be used as such. */
export function refuse(value: Record<string, unknown>, reason: RefusalReason, message: string, path?: string): Refusal {
  const { source, id } = value
  return {
    ok: false,
    reason,
    message,
    ...(path ? { path } : {}),
    ...(isName(source, 256) ? { source } : {}),
    ...(isName(id, 128) ? { id } : {}),
  }
}

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u
const isName = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most && !UNPRINTABLE.test(value)

/** The schemas by type, for the generators of documents. */
export const schemaOf = (type: EventType): z.ZodType => schemas.get(type) ?? z.never()
