import { MARGIN_COMPONENTS } from '../definitions/margin'
import type { AskedMetric, Frame } from '../question'
import { ask } from '../run'
import type { Row } from '../types'
import { addUp } from './figures'
import { bucketsOf, stepOf } from './trend'
import { type Dates, earlier, fits, frameOf, metricsOf, partMetric, questionOf, type View } from './view'

const MARGIN = 'net_margin_impact'
/** What is told of a period, beside the return rate. */
const TOLD = ['days_request_to_refund', 'supplier_recovery_rate', 'sellable_rate', 'leakage_value']
const BESIDE = [
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

const NAMES = ['live', 'liveBefore', 'part', 'partBefore'] as const
type Name = (typeof NAMES)[number]

export async function kpisOf(view: View, part: Dates | undefined): Promise<Kpis> {
  const days = view.shift?.days ?? 0
  const [then, partThen] = [earlier(view, view.spec), part && earlier(view, part)]
  const frames: Partial<Record<Name, Frame>> = {
    live: frameOf(view, 'live', view.spec),
    ...(then ? { liveBefore: frameOf(view, 'live_before', then, days) } : {}),
    ...(part ? { part: frameOf(view, 'part', part) } : {}),
    ...(partThen ? { partBefore: frameOf(view, 'part_before', partThen, days) } : {}),
  }
  const [told, margin] = await Promise.all([toldOf(view, frames), marginOf(view, frames)])
  const row = (name: Name) => (frames[name] ? { ...told[name], ...margin[name] } : undefined)
  const live = row('live') ?? {}
  const sold = Number(live.sold_net ?? 0)
  return {
    live: { ...live, margin_share: sold === 0 ? null : Number(live.net_margin_impact ?? 0) / sold },
    liveBefore: row('liveBefore'),
    part: row('part'),
    partBefore: row('partBefore'),
  }
}

const fitting = (view: View, ids: readonly string[]) =>
  metricsOf(
    view,
    ids.filter((id) => fits(view, id)),
  )

async function toldOf(view: View, frames: Partial<Record<Name, Frame>>): Promise<Partial<Record<Name, Row>>> {
  const compared = fitting(view, ['return_rate_units', ...TOLD])
  const live = [...fitting(view, [...TOLD, ...BESIDE]), partMetric('sold_net', undefined)]
  const metrics: Partial<Record<Name, AskedMetric[]>> = { live, part: compared, partBefore: compared }
  const asks = NAMES.flatMap((name) => {
    const [frame, asked] = [frames[name], metrics[name] ?? []]
    return frame && asked.length > 0 ? [{ name, frame, metrics: asked }] : []
  })
  const answers = await ask(view.client, questionOf(view, [], []), asks)
  return Object.fromEntries(asks.map(({ name }, index) => [name, answers[index]?.totals]))
}

/** The margin in all frames by component, in one pass: its components are sums of these, and it is the sum of all. */
async function marginOf(view: View, frames: Partial<Record<Name, Frame>>): Promise<Partial<Record<Name, Row>>> {
  const metrics = fitting(view, [MARGIN])
  if (metrics.length === 0) return {}
  const asks = NAMES.flatMap((name) => (frames[name] ? [{ name, frame: frames[name], metrics }] : []))
  const answers = await ask(view.client, questionOf(view, [MARGIN], ['component']), asks)
  return Object.fromEntries(
    asks.map(({ name }, index) => {
      const known = new Map(answers[index]?.rows.map((row) => [String(row.component), String(row[MARGIN])]))
      const components = MARGIN_COMPONENTS.map(({ id, components: names }) => [
        id,
        addUp(names.map((each) => known.get(each))),
      ])
      return [name, { ...Object.fromEntries(components), [MARGIN]: answers[index]?.totals[MARGIN] ?? null }]
    }),
  )
}

/** The same figures by step of time, for the small lines. */
export async function sparksOf(view: View): Promise<Row[]> {
  return byStep(view, [MARGIN, ...TOLD])
}

export interface Stock {
  now: Row
  /** As of T less the comparison's distance. */
  before: Row | undefined
}

/** What lies where, now and then. */
export async function stockOf(view: View): Promise<Stock> {
  const days = view.shift?.days
  const asks = [
    { frame: frameOf(view, 'now', view.spec), metrics: fitting(view, [...STOCK, ...STOCK_BESIDE]) },
    ...(days ? [{ frame: frameOf(view, 'before', view.spec, days), metrics: fitting(view, STOCK) }] : []),
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
