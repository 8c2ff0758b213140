import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec } from '../../lib/metrics/types'
import { ask } from './postgres'
import { type BenchQuestion, QUESTIONS } from './questions'
import { median } from './stats'

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
    sameTotal(question, (await ours()).totals, await theirs())
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

/** Throws when the two did not count the same: then their times say nothing. */
function sameTotal(
  { name, check }: BenchQuestion,
  totals: Record<string, unknown>,
  rows: Record<string, unknown>[],
): void {
  if (!check) return
  const ours = Number(totals[check.metric])
  const values = rows.map((row) => Number(row[check.column]))
  const theirs = check.column.startsWith('all_') ? (values[0] ?? 0) : values.reduce((a, b) => a + b, 0)
  if (Math.abs(ours - theirs) > 1e-6)
    throw new Error(`${name}: ${check.metric} is ${ours} here and ${theirs} in Postgres`)
}
