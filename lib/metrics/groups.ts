import { readClient } from '../../clickhouse/client'
import { type Actor, authorize } from '../auth/actor'
import { UserError } from '../errors'
import { answerOf } from './answer'
import { buckets, startOfDate } from './calendar'
import type { Answer, Cells } from './execute'
import { format } from './format'
import type { Group, GroupsResult } from './groups-types'
import { LIMITS, normalize } from './normalize'
import { hasDimension, isAsOf, needed, type Plan, plan, type Sum, sumKey } from './plan'
import type { Ask, Frame, Question } from './question'
import { ask, type Deps } from './run'
import type { QuerySpec, Row } from './types'
import { type Raw, rawOf, reckon } from './values'

/**
 * The same numbers as `runQuery`, as a page shows them that has room for some groups only: the first of them in the order asked for, how
 * many there are, and what all others come to. Needs `metrics:read`. More groups than an answer may have are refused, never cut.
 */
export async function runGroups(
  actor: Actor,
  spec: Omit<QuerySpec, 'limit'>,
  first: number,
  deps: Deps = {},
): Promise<GroupsResult> {
  authorize(actor, 'metrics:read')
  if (spec.metrics.length === 0) throw new UserError('metric_missing', 'Ask for at least one metric.', 400, 'metrics')
  const client = deps.client ?? readClient()
  const question = normalize(actor, spec, deps.now ?? new Date())
  const { current, previous, metrics, unit } = question
  const asks = [current, ...(previous ? [previous] : [])].map((frame): Ask => ({ frame, metrics }))
  const read = async (of: readonly Ask[]): Promise<Found> => {
    const planned = plan(question, of)
    const answer = await answerOf(client, planned)
    if (answer.rows.length > LIMITS.defaultRows) throw tooMany(question)
    return { planned, answer }
  }
  const [found, totals] = await Promise.all([
    // With time in `by` each frame has buckets of its own; without it one pass reads both.
    unit ? Promise.all(asks.map((each) => read([each]))) : read(asks).then((both) => asks.map(() => both)),
    ask(client, { ...question, by: [], unit: undefined, order: [] }, asks),
  ])
  const [now, before] = asks.map((each, index) => sideOf(question, found[index], each))
  if (!now) throw new Error('A question without a period')
  const partner = partners(question)
  const earlier = new Map((before?.parts ?? []).map((part) => [keyOf(part.keys), part]))
  const matched = (part: Part) => {
    const keys = partner(part.keys)
    return keys ? { keys, part: earlier.get(keyOf(keys)) } : undefined
  }
  const shown = now.parts.slice(0, first)
  const others = now.parts.slice(first)
  const taken = new Set(shown.map((part) => matched(part)?.part))
  const left = (before?.parts ?? []).filter((part) => !taken.has(part))
  const alive = new Set(others.map((part) => matched(part)?.part))
  const gone = left.filter((part) => !alive.has(part)).length
  return {
    groups: shown.map((part): Group => {
      const match = matched(part)
      const previousAt = unit ? (match?.keys[timeAt(question)] ?? null) : null
      return { keys: part.keys, values: part.values, previous: match?.part?.values ?? null, previousAt }
    }),
    count: now.parts.length,
    rest:
      others.length + gone > 0
        ? { count: others.length, gone, values: now.sum(others), previous: before?.sum(left) ?? null }
        : null,
    totals: { values: totals[0]?.totals ?? {}, previous: totals[1]?.totals ?? null },
    compared: previous ? { from: previous.from, to: previous.to } : null,
    asOf: new Date(current.instant).toISOString(),
  }
}

const tooMany = ({ by }: Question): UserError =>
  new UserError(
    'too_many_groups',
    `There are more than ${LIMITS.defaultRows} groups by ${by.map(({ label }) => label.toLowerCase()).join(' and ')}. Filter, take a shorter period, or cut by less.`,
    400,
    'by',
  )

interface Found {
  planned: Plan
  answer: Answer
}

/** A group of one frame: its sums as they came, and its figures. */
interface Part {
  keys: string[]
  cells: Cells
  values: Row
}

/** One frame of an answer: its groups, and the figures of any of them together. */
function sideOf(question: Question, found: Found | undefined, asked: Ask) {
  if (!found) throw new Error('A frame without an answer')
  const { planned, answer } = found
  const own = planned.sums.flatMap(({ frame, part }, index) =>
    frame === asked.frame && question.by.every((dimension) => hasDimension(part.fact, dimension)) ? [index] : [],
  )
  const isThere = (cells: Cells) => own.some((index) => Number(rawOf(cells[question.by.length + index])) !== 0)
  const parts = answer.rows.filter(isThere).flatMap((cells): Part[] => {
    const [values] = format(planned, { rows: [cells], totals: undefined }, asked).rows
    return values ? [{ keys: question.by.map(({ id }) => String(values[id] ?? '')), cells, values }] : []
  })
  return { parts, sum: (of: readonly Part[]) => together(planned, asked, of) }
}

/** Figures of several groups: ratios of sums. What cannot be added up over groups (percentiles, distinct counts) has no value. */
function together({ question, sums }: Plan, { frame, metrics }: Ask, parts: readonly Part[]): Row {
  const added = new Map<string, Raw | undefined>()
  for (const [index, sum] of sums.entries()) {
    if (sum.frame !== frame) continue
    const cells = parts.map(({ cells }) => rawOf(cells[question.by.length + index]))
    added.set(sumKey(sum.partId, sum.basis, frame), addedUp(question, sum, cells))
  }
  return Object.fromEntries(
    metrics.map((metric) => {
      const raw = new Map(needed(metric).map(({ partId, basis }) => [partId, added.get(sumKey(partId, basis, frame))]))
      const whole = [...raw.values()].every((value) => value !== undefined)
      return [metric.definition.id, whole ? reckon(metric, (partId) => raw.get(partId) ?? 0n) : null]
    }),
  )
}

function addedUp({ by, unit }: Question, { part }: Sum, cells: readonly Raw[]): Raw | undefined {
  const own = by.filter((dimension) => hasDimension(part.fact, dimension))
  // Sales have no reason: by reason, every group stands beside all of them.
  if (own.length === 0) return cells[0] ?? 0n
  const adds = part.measure === 'sum' || part.measure === 'float'
  // Stock at the end of one week is there at the end of the next.
  if (own.length < by.length || !adds || (unit !== undefined && isAsOf(part.fact))) return undefined
  return part.measure === 'float'
    ? cells.reduce<number>((sum, cell) => sum + Number(cell), 0)
    : cells.reduce<bigint>((sum, cell) => sum + BigInt(cell), 0n)
}

const keyOf = (keys: readonly string[]): string => JSON.stringify(keys)
const timeAt = ({ by }: Question): number => by.findIndex(({ kind }) => kind === 'time')

/** Buckets of as many days, give or take what months differ by, can be compared. */
const SLACK_MS = 3.5 * 86_400_000

/** The keys of the earlier group that a group is compared with: the same, or with time the bucket at the same place. */
function partners(question: Question): (keys: readonly string[]) => readonly string[] | undefined {
  const { current, previous, unit } = question
  const at = timeAt(question)
  if (!unit || !previous || at < 0) return (keys) => keys
  const then = placesOf(question, previous)
  const pairs = new Map(
    placesOf(question, current).flatMap(({ label, length }, index): [string, string][] => {
      const other = then[index]
      return other && Math.abs(other.length - length) <= SLACK_MS ? [[label, other.label]] : []
    }),
  )
  return (keys) => {
    const label = pairs.get(keys[at] ?? '')
    return label === undefined ? undefined : keys.with(at, label)
  }
}

/** Buckets of a frame with the length of what of them lies in it. */
function placesOf({ unit, tz }: Question, { from, to }: Frame): { label: string; length: number }[] {
  if (!unit) return []
  const [start, end] = [startOfDate(from, tz), startOfDate(to, tz)]
  return buckets(unit, from, end, tz, LIMITS.defaultRows).map((bucket) => ({
    label: bucket.label,
    length: Math.min(bucket.end, end) - Math.max(bucket.start, start),
  }))
}
