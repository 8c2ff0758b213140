import { closeSync, openSync, writeSync } from 'node:fs'
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
  /** NDJSON of what is known up to `historyEnd` goes here (from its start, or after what is there); what comes later is given back. */
  file: string
  append: boolean
  historyEnd: number
}
/** A line and the instant at which it becomes known. */
export type KnownLine = [known: number, line: string]
export interface MonthResult {
  events: number
  recent: KnownLine[]
  counts: [string, number][]
}

const CHUNK = 500

/** Makes the events of one span of sales. */
export function writeMonth(task: MonthTask): MonthResult {
  const world = makeWorld({ ...task, today: new Date(task.today) })
  const counts = new StockCounts(world)
  const recent: KnownLine[] = []
  const handle = openSync(task.file, task.append ? 'a' : 'w')
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
  return { events, recent, counts: [...counts.expected] }
}
