import type { ClickHouseClient } from '@clickhouse/client'
import { readClient } from '../../clickhouse/client'
import { type Actor, authorize } from '../auth/actor'
import { UserError } from '../errors'
import { execute, watermark } from './execute'
import { type Formatted, format } from './format'
import { normalize } from './normalize'
import { plan } from './plan'
import type { Frame, Question } from './question'
import { render } from './render'
import { rowsOf } from './rows'
import type { QueryResult, QuerySpec, RowsOptions, RowsResult } from './types'

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
  const question = normalize(actor, spec, deps.now ?? new Date())
  const [answer, newest] = await Promise.all([answerTo(client, question), watermark(client)])
  const { current, previous } = answer
  return {
    columns: [...question.columns],
    ...current,
    ...(previous && question.previous
      ? { comparison: { from: question.previous.from, to: question.previous.to, ...previous } }
      : {}),
    watermark: newest,
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

interface Both {
  current: Formatted
  previous: Formatted | undefined
}

/** Both frames in one pass, or each in its own where time is in `by`. */
async function answerTo(client: ClickHouseClient, question: Question): Promise<Both> {
  const { current, previous } = question
  if (!previous) return { current: await one(client, question, current), previous: undefined }
  if (question.unit) {
    const [now, then] = await Promise.all([one(client, question, current), one(client, question, previous)])
    return { current: now, previous: then }
  }
  return ask(client, question, [current, previous])
}

const one = async (client: ClickHouseClient, question: Question, frame: Frame) =>
  (await ask(client, question, [frame])).current

async function ask(client: ClickHouseClient, question: Question, frames: readonly Frame[]): Promise<Both> {
  const planned = plan(question, frames)
  const [current, previous] = frames
  if (!current) throw new Error('A question without a period')
  const [answer, total] = await Promise.all([
    execute(client, render(planned)),
    planned.totals === 'apart' ? ask(client, { ...question, by: [], unit: undefined, order: [] }, frames) : undefined,
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
  const of = (frame: Frame, totals: Formatted | undefined): Formatted => {
    const formatted = format(planned, answer, frame)
    return totals ? { ...formatted, totals: totals.totals } : formatted
  }
  return { current: of(current, total?.current), previous: previous && of(previous, total?.previous) }
}
