import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec, Value } from '../../lib/metrics/types'
import { parseAmount } from '../../lib/money'
import { ask } from './postgres'
import { type BenchQuestion, QUESTIONS } from './questions'
import { median } from './stats'

/** One question to both, in turn, milliseconds. */
export interface QueryFigures {
  name: string
  ours: number
  postgres: number
  ratio: number
}

const READER: Actor = {
  kind: 'person',
  userId: 'bench',
  name: 'bench',
  email: '',
  roles: ['controller'],
  permissions: permissionsOf(['controller']),
  scope: EVERYTHING,
}
const DAY = 86_400_000
const RUNS = 7

const date = (at: number) => new Date(at).toISOString().slice(0, 10)

/** Every question on both, the same in turn, after one run that warms each; milliseconds are medians over HTTP and the wire. */
export async function benchDashboard(now: Date): Promise<QueryFigures[]> {
  const figures: QueryFigures[] = []
  for (const question of QUESTIONS) {
    const { days, filters = [], ...spec } = question.spec
    // Whole days up to yesterday: the same instants in both.
    const to = Math.floor(now.getTime() / DAY) * DAY
    const from = to - days * DAY
    const asked: QuerySpec = { ...spec, filters, from: date(from), to: date(to), tz: 'UTC', asOf: now.toISOString() }
    const ours = async () => runQuery(READER, asked)
    const theirs = async () => ask(question.sql, [new Date(from), new Date(to), now])
    sameTotals(question, (await ours()).totals, await theirs())
    const times: { ours: number[]; postgres: number[] } = { ours: [], postgres: [] }
    for (let run = 0; run < RUNS; run += 1) {
      times.ours.push(await milliseconds(ours))
      times.postgres.push(await milliseconds(theirs))
    }
    const [a, b] = [median(times.ours), median(times.postgres)]
    figures.push({ name: question.name, ours: a, postgres: b, ratio: b / a })
  }
  return figures
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Throws when the two did not reckon the same: then their times say nothing. */
function sameTotals(
  { name, same }: BenchQuestion,
  totals: Record<string, Value>,
  rows: Record<string, unknown>[],
): void {
  for (const [metric, column] of Object.entries(same)) {
    const total = totals[metric]
    // Money is a decimal text here, and a count of 1/10,000 there.
    const ours = typeof total === 'string' ? parseAmount(total) : BigInt(total ?? 0)
    const values = rows.map((row) => BigInt(String(row[column] ?? 0)))
    const theirs = column.startsWith('all_') ? (values[0] ?? 0n) : values.reduce((a, b) => a + b, 0n)
    if (ours !== theirs) throw new Error(`${name}: ${metric} is ${total} here and ${theirs} in Postgres`)
  }
}
