import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DAY } from './calendar'
import { type CompanyOptions, makeWorld, monthsOf } from './company'
import { StockCounts } from './counts'
import { Emitter } from './emitter'
import type { KnownLine, MonthResult, MonthTask } from './month'

/** The last days of the history come in as they would have: through the door. */
export const RECENT_DAYS = 2
/** A file has a fixed cost in the import; so many keep four processes equally busy. */
const FILES = 4
const PROCESSES = Math.max(1, Math.min(4, availableParallelism()))

export interface Generated {
  files: string[]
  events: number
  /** The events of the last two days in the order in which they became known. */
  recent: string[]
}

/**
 * Makes the whole history in a few files of some months each (the same options write the same bytes), by several processes. `onMonth`
 * hears of each month that is done. Rejects when a process dies.
 */
export async function generate(
  options: CompanyOptions,
  folder: string,
  onMonth: (done: number, of: number) => void = () => {},
  recentDays = RECENT_DAYS,
): Promise<Generated> {
  mkdirSync(folder, { recursive: true })
  const historyEnd = options.today.getTime() - recentDays * DAY
  const { seed, months, scale } = options
  const spans = monthsOf(makeWorld(options))
  const results: MonthResult[] = []
  const files = Array.from({ length: FILES }, (_, index) => join(folder, `history-${index + 1}.ndjson`))
  const queue = files.map((file, index) => ({ file, spans: spans.filter((_, month) => month % FILES === index) }))
  const work = async () => {
    const child = fork(join(import.meta.dirname, 'month-process.ts'), { execArgv: ['--import', 'tsx'] })
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const part = `${next.file}.part`
        for (const [index, span] of next.spans.entries()) {
          const about = { seed, months, scale, today: options.today.getTime(), historyEnd }
          results.push(await ask(child, { ...about, span, file: part, append: index > 0 }))
          onMonth(results.length, spans.length)
        }
        // It gets its name when it is complete.
        if (next.spans.length > 0) renameSync(part, next.file)
      }
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(PROCESSES, FILES) }, work))
  return finish(options, folder, historyEnd, results, files.slice(0, spans.length))
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
function finish(
  options: CompanyOptions,
  folder: string,
  historyEnd: number,
  results: MonthResult[],
  files: string[],
): Generated {
  const world = makeWorld(options)
  const counts = new StockCounts(world)
  const recent: KnownLine[] = []
  for (const result of results) {
    counts.merge(result.counts)
    for (const known of result.recent) recent.push(known)
  }
  const lines: string[] = []
  let counted = 0
  const out = new Emitter(
    (event, known) => {
      counted++
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
    files: [...files, file],
    events: results.reduce((sum, result) => sum + result.events, counted),
    recent: recent.map(([, line]) => line),
  }
}
