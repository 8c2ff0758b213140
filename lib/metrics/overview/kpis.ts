import { MARGIN_COMPONENTS } from '../definitions/margin'
import type { Ask } from '../question'
import { ask } from '../run'
import type { Row } from '../types'
import { bucketsOf, stepOf } from './trend'
import { type Dates, earlier, fits, frameOf, metricsOf, questionOf, type View } from './view'

const MARGIN = ['net_margin_impact', ...MARGIN_COMPONENTS.map(({ id }) => id)]
/** What is told of a period, beside the return rate. */
const TOLD = ['net_margin_impact', 'days_request_to_refund', 'supplier_recovery_rate', 'sellable_rate', 'leakage_value']
const BESIDE = [
  'margin_share',
  'days_request_to_refund_p90',
  'claimable_value',
  'recovered_value',
  'missed_claim_value',
  'finalized_units',
  'leakage_cases',
  'leakage_rate',
]
const STOCK = ['trapped_value', 'backlog_units']
const STOCK_BESIDE = [
  'backlog_value',
  'backlog_days',
  'days_request_to_refund_open_units',
  'days_request_to_refund_open_age',
  'open_exposure_value',
]

/** The page's figures of periods, in one pass over each fact. */
export interface Kpis {
  /** The whole period, the running day included, and what it is compared with at the same age. */
  live: Row
  liveBefore: Row | undefined
  /** The complete and mature part of the period, and what it is compared with. */
  part: Row | undefined
  partBefore: Row | undefined
}

export async function kpisOf(view: View, part: Dates | undefined): Promise<Kpis> {
  const fitting = (ids: readonly string[]) =>
    metricsOf(
      view,
      ids.filter((id) => fits(view, id)),
    )
  const question = questionOf(view, [], [])
  const days = view.shift?.days ?? 0
  const [then, partThen] = [earlier(view, view.spec), part && earlier(view, part)]
  const told = fitting(['return_rate_units', ...TOLD])
  const asks: Record<keyof Kpis, Ask | undefined> = {
    live: { frame: frameOf(view, 'live', view.spec), metrics: fitting([...MARGIN, ...TOLD, ...BESIDE]) },
    liveBefore: then && { frame: frameOf(view, 'live_before', then, days), metrics: fitting(MARGIN) },
    part: part && { frame: frameOf(view, 'part', part), metrics: told },
    partBefore: partThen && { frame: frameOf(view, 'part_before', partThen, days), metrics: told },
  }
  const named = Object.entries(asks).flatMap(([name, each]) =>
    each && each.metrics.length > 0 ? [{ name, each }] : [],
  )
  const answers =
    named.length > 0
      ? await ask(
          view.client,
          question,
          named.map(({ each }) => each),
        )
      : []
  const row = (name: keyof Kpis) => answers[named.findIndex((each) => each.name === name)]?.totals
  return { live: row('live') ?? {}, liveBefore: row('liveBefore'), part: row('part'), partBefore: row('partBefore') }
}

/** The same figures by step of time, for the small lines. */
export async function sparksOf(view: View): Promise<Row[]> {
  return byStep(view, TOLD)
}

export interface Stock {
  now: Row
  /** As of T less the comparison's distance. */
  before: Row | undefined
}

/** What lies where, now and then. */
export async function stockOf(view: View): Promise<Stock> {
  const fitting = (ids: readonly string[]) =>
    metricsOf(
      view,
      ids.filter((id) => fits(view, id)),
    )
  const days = view.shift?.days
  const asks = [
    { frame: frameOf(view, 'now', view.spec), metrics: fitting([...STOCK, ...STOCK_BESIDE]) },
    ...(days ? [{ frame: frameOf(view, 'before', view.spec, days), metrics: fitting(STOCK) }] : []),
  ]
  if (asks.every(({ metrics }) => metrics.length === 0)) return { now: {}, before: undefined }
  const [now, before] = await ask(view.client, questionOf(view, [], []), asks)
  return { now: now?.totals ?? {}, before: before?.totals }
}

export const stockSparksOf = (view: View): Promise<Row[]> => byStep(view, STOCK)

/** Rows by step of the period, one for every step, with the step's first day as `at`. */
async function byStep(view: View, ids: readonly string[]): Promise<Row[]> {
  const step = stepOf(view.spec)
  const metrics = metricsOf(
    view,
    ids.filter((id) => fits(view, id)),
  )
  if (metrics.length === 0) return []
  const question = questionOf(view, [], [step])
  const [answer] = await ask(view.client, question, [{ frame: frameOf(view, 'steps', view.spec), metrics }])
  const rows = new Map((answer?.rows ?? []).map((row) => [String(row[step]), row]))
  return bucketsOf(view, view.spec, step)
    .filter(({ start }) => start <= view.instant)
    .map(({ label }) => ({ ...rows.get(label), at: label }))
}
