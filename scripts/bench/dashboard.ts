import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec, Value } from '../../lib/metrics/types'
import { parseAmount } from '../../lib/money'
import { type BenchQuestion, QUESTIONS } from './questions'
import { geometricMean, median, table } from './stats'

/** Another engine that has the same served tables. */
export interface Rival {
  readonly name: string
  /** Rows of the question's SQL; `times` are the two ends of the period and the instant now. */
  ask(question: BenchQuestion, times: readonly Date[]): Promise<Record<string, unknown>[]>
}

/** One question to all, in turn, milliseconds; of rivals in the order in which they were given. */
export interface QueryFigures {
  readonly name: string
  readonly ours: number
  readonly rivals: readonly { readonly took: number; readonly ratio: number }[]
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

/**
 * Every question to all, the same in turn, after one run that warms each; milliseconds are medians over HTTP and the wire, or in this process,
 * until the rows are here.
 */
export async function benchDashboard(now: Date, rivals: readonly Rival[]): Promise<QueryFigures[]> {
  const figures: QueryFigures[] = []
  for (const question of QUESTIONS) {
    const { days, filters = [], ...spec } = question.spec
    // Whole days up to yesterday: the same instants in all.
    const to = Math.floor(now.getTime() / DAY) * DAY
    const from = to - days * DAY
    const asked: QuerySpec = { ...spec, filters, from: date(from), to: date(to), tz: 'UTC', asOf: now.toISOString() }
    const ours = async () => runQuery(READER, asked)
    const theirs = rivals.map((rival) => async () => rival.ask(question, [new Date(from), new Date(to), now]))
    const { totals } = await ours()
    for (const [index, ask] of theirs.entries()) sameTotals(question, totals, await ask(), rivals[index]?.name ?? '')
    const everybody = [ours, ...theirs].map((ask) => ({ ask, times: [] as number[] }))
    for (let run = 0; run < RUNS; run += 1) {
      for (const { ask, times } of everybody) times.push(await milliseconds(ask))
    }
    const [mine = Number.NaN, ...others] = everybody.map(({ times }) => median(times))
    figures.push({ name: question.name, ours: mine, rivals: others.map((took) => ({ took, ratio: took / mine })) })
  }
  return figures
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Throws when two did not reckon the same: then their times say nothing. */
function sameTotals(
  { name, same }: BenchQuestion,
  totals: Record<string, Value>,
  rows: Record<string, unknown>[],
  rival: string,
): void {
  for (const [metric, column] of Object.entries(same)) {
    const total = totals[metric]
    // Money is a decimal text here, and a count of 1/10,000 there.
    const ours = typeof total === 'string' ? parseAmount(total) : BigInt(total ?? 0)
    const values = rows.map((row) => BigInt(String(row[column] ?? 0)))
    const theirs = column.startsWith('all_') ? (values[0] ?? 0n) : values.reduce((a, b) => a + b, 0n)
    if (ours !== theirs) throw new Error(`${name}: ${metric} is ${total} here and ${theirs} in ${rival}`)
  }
}

/** A pair of columns of the report: one of the rivals of one round. */
interface Column {
  readonly name: string
  readonly figures: readonly QueryFigures[]
  readonly rival: number
}

// A millisecond more or less of ten is worth a digit, and so is a ratio below one.
const milli = (value = Number.NaN): string => value.toFixed(value < 10 ? 1 : 0)
const times = (value = Number.NaN): string => value.toFixed(value < 1 ? 2 : 1)

/** The figures as a table, with what Backhaul took in the round of the first column; each ratio is of its own round. */
export function queryTable(columns: readonly Column[]): string {
  const rounds = columns.map(({ figures, rival }) => figures.map(({ rivals }) => rivals[rival]))
  const first = columns[0]?.figures ?? []
  const mean = (values: readonly (number | undefined)[]) => geometricMean(values.map((value) => value ?? Number.NaN))
  return table(
    ['query', 'Backhaul ms', ...columns.flatMap(({ name }) => [`${name} ms`, 'times faster'])],
    [
      ...first.map(({ name, ours }, row) => [
        name,
        milli(ours),
        ...rounds.flatMap((round) => [milli(round[row]?.took), times(round[row]?.ratio)]),
      ]),
      [
        '**geometric mean**',
        milli(mean(first.map(({ ours }) => ours))),
        ...rounds.flatMap((round) => [
          milli(mean(round.map((each) => each?.took))),
          times(mean(round.map((each) => each?.ratio))),
        ]),
      ],
    ],
  )
}
