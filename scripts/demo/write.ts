import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { events } from './company'
import { Figures } from './figures'
import { printFigures } from './print-figures'

/** Writes a demo company's history to a folder as NDJSON and prints what is in it: `tsx scripts/demo/write.ts <folder> [--scale 1]`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '7' },
    months: { type: 'string', default: '18' },
    today: { type: 'string', default: new Date().toISOString() },
    figures: { type: 'boolean', default: false },
  },
})
const options = {
  seed: Number(values.seed),
  today: new Date(values.today),
  months: Number(values.months),
  scale: Number(values.scale),
}
const folder = positionals[0]
if (folder) mkdirSync(folder, { recursive: true })
const file = folder ? createWriteStream(join(folder, 'events.ndjson')) : undefined
const figures = values.figures ? new Figures() : undefined
const started = performance.now()
let total = 0
let buffer: string[] = []
for (const event of events(options)) {
  total++
  figures?.add(event)
  if (!file) continue
  buffer.push(JSON.stringify(event))
  if (buffer.length < 10_000) continue
  if (!file.write(`${buffer.join('\n')}\n`)) await once(file, 'drain')
  buffer = []
}
file?.end(`${buffer.join('\n')}\n`)
const seconds = (performance.now() - started) / 1000
if (figures) printFigures(figures, options.today)
console.log(`${total} events, ${seconds.toFixed(1)} s, ${Math.round(total / seconds)} events/s`)
