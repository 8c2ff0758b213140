import { execute } from '../execute'
import type { Mover, Movers } from '../overview-types'
import { type Plan, plan, type Sum } from '../plan'
import { relationOf } from '../render'
import { Context } from '../sql/context'
import { money } from '../values'
import { figureOf, subtract, withParts } from './figures'
import { type Dates, earlier, frameOf, metricsOf, partMetric, queryOf, questionOf, type View } from './view'

const SHOWN = 10
const FEW = 30
/** Effects are whole numbers of these: then they add up exactly, in any order, as doubles do up to 2^53 of a unit. */
const GRAIN = 2 ** -44
const grain = (value: number): number => Math.round(value / GRAIN) * GRAIN

/** Units sold in the two periods; the page knows them from its days. */
export interface SoldInAll {
  current: number
  previous: number
}

interface Cell {
  sku: string
  reason: string
  channel: string
  returned: number
  returnedBefore: number
  sold: number
  soldBefore: number
  margin: string
}

/**
 * What explains the change of the return rate: cells of SKU × reason × channel by their share of all that was sold. A cell's
 * contribution is its returned units ÷ all units sold, now less before. It splits into what its own rate did, at its mean
 * weight, and what its weight in the sales did, at its mean rate; a cell that was not sold in one of the periods is all mix.
 * The contributions of all cells add up to the change of the rate.
 */
export async function moversOf(view: View, part: Dates, all: SoldInAll): Promise<Movers | undefined> {
  const then = earlier(view, part)
  if (!then || !view.shift || all.current === 0 || all.previous === 0) return undefined
  const question = questionOf(view, ['return_rate_units'], ['sku', 'reason', 'channel'])
  const [rate] = metricsOf(view, ['return_rate_units'])
  const counts = [partMetric('returned_quantity', rate?.basis), partMetric('sold_quantity', undefined)]
  const planned = plan(question, [
    { frame: frameOf(view, 'now', part), metrics: [...counts, ...metricsOf(view, ['net_margin_impact'])] },
    { frame: frameOf(view, 'before', then, view.shift.days), metrics: counts },
  ])
  const { cells, whole } = await read(view, planned, all)
  const names = await productNames(
    view,
    part,
    cells.map(({ sku }) => sku),
  )
  const rows = cells.map((cell): Mover => moverOf(view, part, cell, all, names.get(cell.sku) ?? ''))
  const current = whole.returned / all.current
  const previous = whole.returnedBefore / all.previous
  const change = grain(current - previous)
  const rateEffect = rows.reduce((left, row) => left - row.rateEffect, grain(whole.rateEffect))
  const contribution = rows.reduce((left, row) => left - row.contribution, change)
  const pairs = new Map(cells.map((cell) => [`${cell.sku}|${cell.channel}`, cell.sold]))
  return {
    change,
    current: withParts(figureOf(view, 'return_rate_units', current, part), whole.returned, all.current),
    previous: withParts(
      figureOf(view, 'return_rate_units', previous, { ...then, back: view.shift.days }),
      whole.returnedBefore,
      all.previous,
    ),
    rows,
    other: {
      count: whole.cells - rows.length,
      sold: all.current - [...pairs.values()].reduce((sum, sold) => sum + sold, 0),
      rateEffect,
      mixEffect: contribution - rateEffect,
      contribution,
      margin: cells.reduce((left, cell) => subtract(left, cell.margin), whole.margin),
    },
  }
}

function moverOf(view: View, part: Dates, cell: Cell, all: SoldInAll, product: string): Mover {
  const { sku, reason, channel, returned, returnedBefore, sold, soldBefore, margin } = cell
  const rate = sold > 0 ? returned / sold : null
  const previousRate = soldBefore > 0 ? returnedBefore / soldBefore : null
  const contribution = grain(returned / all.current - returnedBefore / all.previous)
  const rateEffect =
    rate === null || previousRate === null
      ? 0
      : grain(((sold / all.current + soldBefore / all.previous) / 2) * (rate - previousRate))
  const only = (dimension: string, value: string) => ({ dimension, op: 'eq' as const, values: [value] })
  return {
    sku,
    product,
    reason,
    channel,
    sold,
    rate,
    previousRate,
    rateEffect,
    mixEffect: contribution - rateEffect,
    contribution,
    margin,
    small: sold < FEW || soldBefore < FEW,
    spec: queryOf(view, ['return_rate_units'], {
      ...part,
      filters: [only('sku', sku), only('reason', reason), only('channel', channel)],
    }),
  }
}

interface Whole {
  cells: number
  returned: number
  returnedBefore: number
  rateEffect: number
  margin: string
}

/** The cells that moved the rate most, and sums over all cells. */
async function read(view: View, planned: Plan, all: SoldInAll): Promise<{ cells: Cell[]; whole: Whole }> {
  const context = new Context(planned.question)
  const { from, refer } = relationOf(planned, context)
  const named = (partId: string, frame: string) => {
    const found = planned.sums.find((sum: Sum) => sum.partId === partId && sum.frame.name === frame)
    if (!found) throw new Error(`${partId} is not in the plan`)
    return refer(found)
  }
  const [back, backBefore] = [named('returned_quantity', 'now'), named('returned_quantity', 'before')]
  const [sold, soldBefore] = [named('sold_quantity', 'now'), named('sold_quantity', 'before')]
  const margin = named('margin_all', 'now')
  const [share, shareBefore] = [context.params.number(1 / all.current), context.params.number(1 / all.previous)]
  const effect = `if(${sold} = 0 OR ${soldBefore} = 0, 0., (toFloat64(${sold}) * ${share} + toFloat64(${soldBefore}) * ${shareBefore}) / 2 * (toFloat64(${back}) / toFloat64(${sold}) - toFloat64(${backBefore}) / toFloat64(${soldBefore})))`
  const sql = `SELECT g0.d0, g0.d1, g0.d2, ${[back, backBefore, sold, soldBefore, margin].map((each) => `toString(${each})`).join(', ')},
  toString(count() OVER ()), toString(sum(${back}) OVER ()), toString(sum(${backBefore}) OVER ()), toString(sum(${margin}) OVER ()), sum(${effect}) OVER ()
FROM ${from}
WHERE ${back} != 0 OR ${backBefore} != 0
ORDER BY abs(toFloat64(${back}) * ${share} - toFloat64(${backBefore}) * ${shareBefore}) DESC, g0.d0, g0.d1, g0.d2
LIMIT ${context.params.count(SHOWN)}`
  const { rows } = await execute(view.client, { sql, params: context.params.values })
  const cells = rows.map(
    (row): Cell => ({
      sku: String(row[0]),
      reason: String(row[1]),
      channel: String(row[2]),
      returned: Number(row[3]),
      returnedBefore: Number(row[4]),
      sold: Number(row[5]),
      soldBefore: Number(row[6]),
      margin: money(BigInt(row[7] ?? 0)),
    }),
  )
  const [first] = rows
  return {
    cells,
    whole: {
      cells: Number(first?.[8] ?? 0),
      returned: Number(first?.[9] ?? 0),
      returnedBefore: Number(first?.[10] ?? 0),
      margin: money(BigInt(first?.[11] ?? 0)),
      rateEffect: Number(first?.[12] ?? 0),
    },
  }
}

/** Names of products by SKU, as of their units in the period or the year before it. */
async function productNames(view: View, { to }: Dates, skus: readonly string[]): Promise<Map<string, string>> {
  if (skus.length === 0) return new Map()
  const context = new Context(questionOf(view, [], []))
  const end = Date.parse(`${to}T00:00:00Z`)
  const { params } = context
  const sql = `SELECT sku, anyHeavy(product_name) FROM units FINAL
WHERE cohort_day BETWEEN ${params.day(end - 366 * 86_400_000)} AND ${params.day(end)} AND sku IN ${params.texts(skus)} AND product_name != '' GROUP BY sku`
  const { rows } = await execute(view.client, { sql, params: params.values })
  return new Map(rows.map((row) => [String(row[0]), String(row[1])]))
}
