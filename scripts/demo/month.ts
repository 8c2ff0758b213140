import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { makeWorld, type Span, simulate } from './company'
import { StockCounts } from './counts'
import { Emitter } from './emitter'

/** What one process is asked for: the events of the sales of some days. */
export interface MonthTask {
  seed: number
  today: number
  months: number
  scale: number
  span: Span
  /** NDJSON of what is known up to `historyEnd` goes here; what comes after it is given back. */
  file: string
  historyEnd: number
}
/** A line and the instant at which it becomes known. */
export type KnownLine = [known: number, line: string]
export interface MonthResult {
  file: string
  events: number
  recent: KnownLine[]
  counts: [string, number][]
}

const CHUNK = 500

/** Makes one month's file; whole or not at all: it gets its name when it is complete. */
export function writeMonth(task: MonthTask): MonthResult {
  const world = makeWorld({ ...task, today: new Date(task.today) })
  const counts = new StockCounts(world)
  const recent: KnownLine[] = []
  const handle = openSync(`${task.file}.part`, 'w')
  let lines: string[] = []
  let events = 0
  const flush = () => {
    if (lines.length > 0) writeSync(handle, `${lines.join('\n')}\n`)
    lines = []
  }
  const out = new Emitter(
    (event, known) => {
      events++
      const line = JSON.stringify(event)
      if (known > task.historyEnd) {
        recent.push([known, line])
        return
      }
      if (lines.push(line) >= CHUNK) flush()
    },
    Number.NEGATIVE_INFINITY,
    task.today,
  )
  simulate(world, task.span, out, counts)
  flush()
  closeSync(handle)
  renameSync(`${task.file}.part`, task.file)
  return { file: task.file, events, recent, counts: [...counts.expected] }
}
