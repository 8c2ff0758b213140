import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DAY, dateText } from './calendar'
import { type CompanyOptions, makeWorld, monthsOf } from './company'
import { StockCounts } from './counts'
import { Emitter } from './emitter'
import type { KnownLine, MonthResult, MonthTask } from './month'

/** The last days of the history come in as they would have: through the door. */
export const RECENT_DAYS = 2
const PROCESSES = Math.max(1, Math.min(4, availableParallelism()))

export interface Generated {
  files: string[]
  events: number
  /** The events of the last two days in the order in which they became known. */
  recent: string[]
}

/**
 * Makes the whole history: a file for each month of sales in `folder` (the same options write the same bytes), by several processes.
 * `onFile` hears of each file once it is complete. Rejects when a process dies.
 */
export async function generate(
  options: CompanyOptions,
  folder: string,
  onFile: (done: number, of: number) => void = () => {},
  recentDays = RECENT_DAYS,
): Promise<Generated> {
  mkdirSync(folder, { recursive: true })
  const world = makeWorld(options)
  const historyEnd = options.today.getTime() - recentDays * DAY
  const { seed, months, scale } = options
  const tasks = monthsOf(world).map((span): MonthTask => {
    const file = join(folder, `${dateText(span.first)}.ndjson`)
    return { seed, months, scale, today: options.today.getTime(), span, file, historyEnd }
  })
  const results: MonthResult[] = []
  const queue = [...tasks]
  const work = async () => {
    const child = fork(join(import.meta.dirname, 'month-process.ts'), { execArgv: ['--import', 'tsx'] })
    try {
      for (let task = queue.shift(); task; task = queue.shift()) {
        results.push(await ask(child, task))
        onFile(results.length, tasks.length)
      }
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(PROCESSES, tasks.length) }, work))
  return finish(options, folder, historyEnd, results)
}

async function ask(child: ChildProcess, task: MonthTask): Promise<MonthResult> {
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the process that makes the demo company ended (${code ?? signal})`)
  })
  died.catch(() => {})
  const answer = once(child, 'message')
  child.send(task)
  const [result] = await Promise.race([answer, died])
  return result
}

/** The stock counts need every month's units, and are told last. */
function finish(options: CompanyOptions, folder: string, historyEnd: number, results: MonthResult[]): Generated {
  const world = makeWorld(options)
  const counts = new StockCounts(world)
  const recent: KnownLine[] = []
  for (const result of results) {
    counts.merge(result.counts)
    for (const known of result.recent) recent.push(known)
  }
  const lines: string[] = []
  const out = new Emitter(
    (event, known) => {
      if (known > historyEnd) recent.push([known, JSON.stringify(event)])
      else lines.push(JSON.stringify(event))
    },
    Number.NEGATIVE_INFINITY,
    options.today.getTime(),
  )
  counts.tell(out)
  const file = join(folder, 'stock-counts.ndjson')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  recent.sort(([a, left], [b, right]) => a - b || (left < right ? -1 : 1))
  return {
    files: [...results.map((result) => result.file).sort(), file],
    events: results.reduce((sum, result) => sum + result.events, lines.length),
    recent: recent.map(([, line]) => line),
  }
}
