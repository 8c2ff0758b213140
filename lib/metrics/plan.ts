import { UserError } from '../errors'
import { type Bucket, buckets } from './calendar'
import type { Dimension, Fact, Part } from './definition-types'
import { partOf, partOn, partsOf } from './definitions/index'
import type { Ask, AskedMetric, Frame, Question } from './question'
import type { Basis } from './types'

/**
 * What is to be read, as a plain value: which facts, in how many passes, and which sums each pass gives. Nothing here knows
 * SQL; `render` turns a plan into one statement.
 */
export interface Plan {
  question: Question
  asks: readonly Ask[]
  /** Every sum, in the order of the answer's columns. */
  sums: readonly Sum[]
  /** The first has all dimensions; the others lack some, and their sums stand beside every row that they fit. */
  groups: readonly Group[]
  /** `within`: the sums add up over rows. `apart`: the totals need a question of their own. `row`: there is one row. */
  totals: 'within' | 'apart' | 'row'
}

/** One part over one frame on one basis. `alias` is its name in SQL. */
export interface Sum {
  alias: string
  partId: string
  part: Part
  basis: Basis | undefined
  frame: Frame
}

export interface Group {
  by: readonly Dimension[]
  scans: readonly Scan[]
}

/** One pass over one fact. */
export interface Scan {
  fact: Fact
  basis: Basis | undefined
  /** The column that time is cut by, when time is in `by`. */
  clock: string | undefined
  /** As-of facts cut by time: the instants to look from. Otherwise the frame's own. */
  instants: readonly Bucket[] | undefined
  sums: readonly Sum[]
}

/** As-of figures by time are snapshots; each costs a look at the stock. */
const MOST_INSTANTS = 800
/** Figures with an estimate in them need a curve for each instant. */
const MOST_ESTIMATES = 62

export const isAsOf = (fact: Fact): boolean => fact === 'stock' || fact === 'throughput' || fact === 'open_sales'
const isOfSales = (fact: Fact): boolean => fact === 'sales' || fact === 'aged_sales' || fact === 'open_sales'

/** Whether a fact has a dimension: any time, or a column for it. */
export const hasDimension = (fact: Fact, dimension: Dimension): boolean =>
  dimension.kind === 'time' || dimension.columns[fact] !== undefined

/**
 * Second step. With time in `by`, the current and the previous frame are asked apart; without it both, or more, are read in
 * one pass.
 */
export function plan(question: Question, asks: readonly Ask[]): Plan {
  const sums = sumsOf(asks)
  const groups = groupsOf(question, sums)
  return { question, asks, sums, groups, totals: totalsOf(question, sums, groups) }
}

/**
 * A plan of one row as plans of one scan each, to be asked side by side: planning a statement takes its time with its length, and on one
 * core; and a scan by one time reads only where that time is. What has rows is put together by ClickHouse, which orders and cuts them.
 */
export function passesOf(whole: Plan): Plan[] {
  if (whole.totals !== 'row') return [whole]
  const scans = whole.groups.flatMap((group) => group.scans).flatMap(byClock)
  if (scans.length < 2) return [whole]
  return scans.map((scan) => ({ ...whole, sums: scan.sums, groups: [{ by: [], scans: [scan] }] }))
}

/** Sums over units by the date of an event, apart by event. */
function byClock(scan: Scan): Scan[] {
  if (scan.fact !== 'units' || scan.basis !== 'activity') return [scan]
  const clocks = [...new Set(scan.sums.map(({ part }) => part.time))]
  return clocks.map((clock) => ({ ...scan, sums: scan.sums.filter(({ part }) => part.time === clock) }))
}

/** Instants of estimates in one statement: each has curves of its own, and a statement has ten seconds. */
const INSTANTS_AT_ONCE = 4

/** Estimates as of several instants: a scan for each. */
const isEstimate = ({ instants, sums }: Scan): boolean =>
  instants !== undefined && sums.some(({ part }) => part.measure === 'float')

/** Sums that are spread over the plans of `chunksOf`: zero in all but one. */
export const spreadOf = ({ groups }: Plan): ReadonlySet<string> =>
  new Set(groups.flatMap(({ scans }) => scans.filter(isEstimate).flatMap(({ sums }) => sums.map(({ alias }) => alias))))

/**
 * A plan with estimates as of many instants as several plans of some instants each. What is no estimate stands in the first alone; in all of
 * them where groups are joined, since a row of one is looked for beside the others.
 */
export function chunksOf(whole: Plan): Plan[] {
  const scans = whole.groups.flatMap((group) => group.scans)
  const ends = [...new Set(scans.filter(isEstimate).flatMap(({ instants }) => instants?.map(({ end }) => end) ?? []))]
  if (ends.length <= INSTANTS_AT_ONCE) return [whole]
  const empty = (scan: Scan): Scan => ({ ...scan, instants: [] })
  const chunks: Plan[] = []
  for (let from = 0; from < ends.length; from += INSTANTS_AT_ONCE) {
    const own = new Set(ends.slice(from, from + INSTANTS_AT_ONCE))
    const stays = (scan: Scan) =>
      isEstimate(scan) ? own.has(scan.instants?.[0]?.end ?? 0) : from === 0 || whole.groups.length > 1
    const groups = whole.groups.map((group) => ({
      ...group,
      scans: group.scans.map((scan) => (stays(scan) ? scan : empty(scan))),
    }))
    chunks.push({ ...whole, groups })
  }
  return chunks
}

function sumsOf(asks: readonly Ask[]): Sum[] {
  const found = new Map<string, Omit<Sum, 'alias'>>()
  for (const { frame, metrics } of asks) {
    for (const metric of metrics) {
      for (const { partId, basis } of needed(metric)) {
        found.set(sumKey(partId, basis, frame), { partId, part: partOn(partId, basis), basis, frame })
      }
    }
  }
  return [...found.values()].map((sum, index) => ({ alias: `m${index}`, ...sum }))
}

/** The parts of a metric, each with the basis on which it is summed: sales and as-of facts have one way only. */
export const needed = ({ definition, basis }: AskedMetric): { partId: string; basis: Basis | undefined }[] =>
  partsOf(definition).map((partId) => {
    const { fact } = partOf(partId)
    return { partId, basis: isOfSales(fact) || isAsOf(fact) ? undefined : basis }
  })

export const sumKey = (partId: string, basis: Basis | undefined, frame: Frame): string =>
  `${partId} ${basis ?? '-'} ${frame.name}`

function groupsOf(question: Question, sums: readonly Sum[]): Group[] {
  const byDimensions = new Map<string, { by: readonly Dimension[]; sums: Sum[] }>()
  byDimensions.set(question.by.map(({ id }) => id).join(), { by: question.by, sums: [] })
  for (const sum of sums) {
    const by = question.by.filter((dimension) => hasDimension(sum.part.fact, dimension))
    const key = by.map(({ id }) => id).join()
    const group = byDimensions.get(key) ?? { by, sums: [] }
    byDimensions.set(key, group)
    group.sums.push(sum)
  }
  return [...byDimensions.values()].map(({ by, sums: own }) => ({ by, scans: scansOf(question, own) }))
}

function scansOf(question: Question, sums: readonly Sum[]): Scan[] {
  const passes = new Map<string, Sum[]>()
  for (const sum of sums) {
    const pass = passOf(question, sum)
    passes.set(pass, [...(passes.get(pass) ?? []), sum])
  }
  return [...passes.values()].flatMap((own): Scan[] => {
    const [first] = own
    if (!first) return []
    const { part, basis } = first
    const scan: Scan = { fact: part.fact, basis, clock: clockOf(question, first), instants: undefined, sums: own }
    if (!isAsOf(part.fact) || !question.unit) return [scan]
    const instants = instantsOf(question, first)
    if (part.measure !== 'float') return [{ ...scan, instants }]
    return instants.map((instant) => ({ ...scan, instants: [instant] }))
  })
}

/** Sums with the same pass are read together. */
function passOf(question: Question, sum: Sum): string {
  const { fact, measure } = sum.part
  const perFrame = isAsOf(fact) || fact === 'aged_sales'
  return [
    fact,
    sum.basis,
    clockOf(question, sum),
    perFrame ? `${sum.frame.name} ${measure === 'float' && question.unit !== undefined}` : '',
  ].join()
}

function clockOf({ unit }: Question, { part, basis }: Sum): string | undefined {
  if (!unit || isAsOf(part.fact)) return undefined
  return isOfSales(part.fact) || basis === 'cohort' ? 'sold_at' : part.time
}

/** The ends of the buckets, none later than T. */
function instantsOf({ unit, tz }: Question, { frame, part }: Sum): Bucket[] {
  const most = part.measure === 'float' ? MOST_ESTIMATES : MOST_INSTANTS
  const found = unit ? buckets(unit, frame.from, Math.min(frame.end, frame.instant), tz, most + 1) : []
  if (found.length > most) {
    throw new UserError(
      'too_many',
      `At most ${most} points in time for this metric. Ask for a shorter period or longer steps.`,
      400,
      'by',
    )
  }
  return found.map((bucket) => ({ ...bucket, end: Math.min(bucket.end, frame.instant) }))
}

function totalsOf(question: Question, sums: readonly Sum[], groups: readonly Group[]): Plan['totals'] {
  if (question.by.length === 0) return 'row'
  const addUp = sums.every(({ part }) => part.measure === 'sum' || part.measure === 'float')
  const ofOneInstant = !question.unit || sums.every(({ part }) => !isAsOf(part.fact))
  return addUp && ofOneInstant && groups.length === 1 ? 'within' : 'apart'
}
