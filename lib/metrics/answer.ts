import type { ClickHouseClient } from '@clickhouse/client'
import { parseAmount } from '../money'
import { type Answer, type Cells, execute } from './execute'
import { LIMITS } from './normalize'
import { chunksOf, needed, type Plan, passesOf, spreadOf, sumKey } from './plan'
import { render } from './render'
import type { Order } from './types'
import { type Raw, rawOf, reckon, wilsonLow } from './values'

/** What a plan gives, in the order of its sums: rendered and executed, in as many statements as it takes. */
export async function answerOf(client: ClickHouseClient, whole: Plan): Promise<Answer> {
  const chunks = chunksOf(whole)
  if (chunks.length > 1) return together(whole, await oneByOne(client, chunks))
  const passes = passesOf(whole)
  const answers = await Promise.all(passes.map((pass) => execute(client, render(pass))))
  const [first] = answers
  if (passes.length === 1 && first) return first
  const cells = new Map(
    passes.flatMap(({ sums }, pass) =>
      sums.map(({ alias }, index) => [alias, answers[pass]?.rows[0]?.[index] ?? null]),
    ),
  )
  return { rows: [whole.sums.map(({ alias }) => cells.get(alias) ?? null)], totals: undefined }
}

/** A long question must not take the cores from short ones: its statements follow one another. */
async function oneByOne(client: ClickHouseClient, chunks: readonly Plan[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const chunk of chunks) {
    // Whole: what is cut off here could be the first of all.
    const question = { ...chunk.question, limit: { rows: LIMITS.defaultRows, strict: true }, order: [] }
    answers.push(await execute(client, render({ ...chunk, question })))
  }
  return answers
}

/** Rows of several answers as the rows of one: estimates added up, the rest as it came first; ordered and cut as asked. */
function together(whole: Plan, answers: readonly Answer[]): Answer {
  const { by, limit } = whole.question
  const spread = spreadOf(whole)
  const rows = new Map<string, (string | number | null)[]>()
  for (const cells of answers.flatMap((answer) => answer.rows)) {
    const key = JSON.stringify(cells.slice(0, by.length))
    const known = rows.get(key)
    if (!known) rows.set(key, [...cells])
    else
      for (const [index, { alias }] of whole.sums.entries()) {
        const at = by.length + index
        if (spread.has(alias)) known[at] = added(known[at], cells[at])
      }
  }
  const ordered = [...rows.values()].sort(inOrder(whole))
  return { rows: ordered.slice(0, limit.rows + (limit.strict ? 1 : 0)), totals: undefined }
}

const added = (a: Cells[number] | undefined, b: Cells[number] | undefined): Cells[number] => {
  const [x, y] = [rawOf(a), rawOf(b)]
  return typeof x === 'bigint' && typeof y === 'bigint' ? String(x + y) : Number(x) + Number(y)
}

/** As `ORDER BY` does: what has no value comes last, whichever the direction. */
function inOrder(whole: Plan): (a: Cells, b: Cells) => number {
  const orders = whole.question.order.map((order) => ({
    of: figureOf(whole, order),
    sign: order.direction === 'desc' ? -1 : 1,
  }))
  return (a, b) => {
    for (const { of, sign } of orders) {
      const [x, y] = [of(a), of(b)]
      if (x === y) continue
      if (x === null) return 1
      if (y === null) return -1
      return x < y ? -sign : sign
    }
    return 0
  }
}

/** What rows are ordered by: a dimension, a metric, or the lower bound of a share. */
function figureOf({ question, asks, sums }: Plan, { column, by }: Order): (cells: Cells) => string | Raw | null {
  const dimension = question.by.findIndex(({ id }) => id === column)
  if (dimension >= 0) return (cells) => String(cells[dimension] ?? '')
  const metric = question.metrics.find(({ definition }) => definition.id === column)
  const frame = asks[0]?.frame
  if (!metric || !frame) throw new Error(`${column} is not in the question`)
  const places = new Map(
    needed(metric).map(({ partId, basis }) => {
      const key = sumKey(partId, basis, frame)
      return [partId, sums.findIndex((sum) => sumKey(sum.partId, sum.basis, sum.frame) === key)]
    }),
  )
  const { value } = metric.definition
  return (cells) => {
    const raw = (partId: string) => rawOf(cells[question.by.length + (places.get(partId) ?? -1)])
    if (by === 'low' && value.kind === 'ratio') return wilsonLow(Number(raw(value.of)), Number(raw(value.by)))
    const figure = reckon(metric, raw)
    return typeof figure === 'string' ? (parseAmount(figure) ?? null) : figure
  }
}
