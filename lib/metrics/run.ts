import type { ClickHouseClient } from '@clickhouse/client'
import { readClient } from '../../clickhouse/client'
import { type Actor, authorize } from '../auth/actor'
import { UserError } from '../errors'
import { answerOf } from './answer'
import { reach } from './execute'
import { type Formatted, format } from './format'
import { normalize } from './normalize'
import { plan } from './plan'
import type { Ask, Question } from './question'
import { everyRowOf, rowsOf } from './rows'
import type { EveryRow, QueryResult, QuerySpec, RowsOptions, RowsResult } from './types'

export interface Deps {
  client?: ClickHouseClient
  /** What "now" is; for tests, and for a page whose questions share one instant. */
  now?: Date
}

/**
 * Answers a question about numbers: normalize, plan, render, execute, format. Needs `metrics:read`; the reader's scope is
 * added to every sum. Throws a UserError (400) for what cannot be asked and (403) for who may not.
 */
export async function runQuery(actor: Actor, spec: QuerySpec, deps: Deps = {}): Promise<QueryResult> {
  authorize(actor, 'metrics:read')
  const started = performance.now()
  const client = deps.client ?? readClient()
  if (spec.metrics.length === 0) throw new UserError('metric_missing', 'Ask for at least one metric.', 400, 'metrics')
  const question = normalize(actor, spec, deps.now ?? new Date())
  const [answer, reached] = await Promise.all([answerTo(client, question), reach(client)])
  const [current, previous] = answer
  if (!current) throw new Error('A question without a period')
  return {
    columns: [...question.columns],
    ...current,
    ...(previous && question.previous
      ? { comparison: { from: question.previous.from, to: question.previous.to, ...previous } }
      : {}),
    watermark: reached.watermark,
    elapsed_ms: Math.round((performance.now() - started) * 10) / 10,
  }
}

/**
 * The rows behind the number that `runQuery` gives for `metricId` with the same question: Σ contribution over all of them is
 * that number, or the asked part of the ratio. `by` and `compare` do not matter. Needs `rows:read`.
 */
export async function runRows(
  actor: Actor,
  spec: QuerySpec,
  metricId: string,
  options: RowsOptions = {},
  deps: Deps = {},
): Promise<RowsResult> {
  authorize(actor, 'rows:read')
  const { compare: _, order: __, limit: ___, ...asked } = spec
  const question = normalize(actor, { ...asked, metrics: [metricId], by: [] }, deps.now ?? new Date())
  return rowsOf(deps.client ?? readClient(), question, options)
}

/** All of them, of one moment: what an export writes. Needs `rows:export`. */
export async function runEveryRow(
  actor: Actor,
  spec: QuerySpec,
  metricId: string,
  options: Omit<RowsOptions, 'limit' | 'offset'> = {},
  deps: Deps = {},
): Promise<EveryRow> {
  authorize(actor, 'rows:export')
  const { compare: _, order: __, limit: ___, ...asked } = spec
  const question = normalize(actor, { ...asked, metrics: [metricId], by: [] }, deps.now ?? new Date())
  return everyRowOf(deps.client ?? readClient(), question, options)
}

/** Both frames in one pass, or each in its own where time is in `by`. */
async function answerTo(client: ClickHouseClient, question: Question): Promise<Formatted[]> {
  const { current, previous, metrics } = question
  const asks = [current, ...(previous ? [previous] : [])].map((frame): Ask => ({ frame, metrics }))
  if (!question.unit) return ask(client, question, asks)
  return (await Promise.all(asks.map((each) => ask(client, question, [each])))).flat()
}

/** Plan, answer, format: one statement as a rule, and a second one for totals that do not add up. One answer an ask. */
export async function ask(client: ClickHouseClient, question: Question, asks: readonly Ask[]): Promise<Formatted[]> {
  const planned = plan(question, asks)
  const [answer, totals] = await Promise.all([
    answerOf(client, planned),
    planned.totals === 'apart' ? ask(client, { ...question, by: [], unit: undefined, order: [] }, asks) : undefined,
  ])
  const { rows, strict } = question.limit
  if (strict && answer.rows.length > rows) {
    throw new UserError(
      'too_many_rows',
      `The answer has more than ${rows} rows. Ask for a limit, or cut by less.`,
      400,
      'limit',
    )
  }
  return asks.map((each, index) => {
    const formatted = format(planned, answer, each)
    return { ...formatted, totals: totals?.[index]?.totals ?? formatted.totals }
  })
}
