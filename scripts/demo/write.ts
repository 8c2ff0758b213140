import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { events } from './company'

/** Writes a demo company's history to a folder as NDJSON and prints what is in it: `tsx scripts/demo/write.ts <folder> [--scale 1]`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '7' },
    months: { type: 'string', default: '18' },
    today: { type: 'string', default: new Date().toISOString() },
  },
})
const folder = positionals[0] ?? 'demo-events'
mkdirSync(folder, { recursive: true })
const file = createWriteStream(join(folder, 'events.ndjson'))
const counts = new Map<string, number>()
const started = performance.now()
let total = 0
let bytes = 0
let buffer: string[] = []
for (const event of events({
  seed: Number(values.seed),
  today: new Date(values.today),
  months: Number(values.months),
  scale: Number(values.scale),
})) {
  counts.set(event.type, (counts.get(event.type) ?? 0) + 1)
  total++
  const line = JSON.stringify(event)
  bytes += line.length + 1
  buffer.push(line)
  if (buffer.length < 10_000) continue
  if (!file.write(`${buffer.join('\n')}\n`)) await once(file, 'drain')
  buffer = []
}
file.end(`${buffer.join('\n')}\n`)
const seconds = (performance.now() - started) / 1000
for (const [type, count] of [...counts].sort()) console.log(String(count).padStart(9), type)
console.log(
  `${total} events, ${(bytes / 1e6).toFixed(0)} MB, ${seconds.toFixed(1)} s, ${Math.round(total / seconds)} events/s`,
)
