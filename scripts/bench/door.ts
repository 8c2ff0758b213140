import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { readClient } from '../../clickhouse/client'
import type { Stack } from '../chaos/stack'
import { sleep } from '../servers/child'
import { percentile } from './stats'

export interface DoorFigures {
  rate: number
  ackP50: number
  ackP99: number
  visibleP50: number
  visibleP99: number
}

const BATCH = 500

/** Lines of a history with identities of their own, so that none is a duplicate. */
async function renamed(file: string, count: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line !== '') lines.push(line.replace(/"id":"[^"]*"/, `"id":"bench-${lines.length}"`))
    if (lines.length === count) break
  }
  return lines
}

async function post(stack: Stack, body: string): Promise<number> {
  const began = performance.now()
  const answer = await fetch(`${stack.ingestUrl}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/x-ndjson' },
    body,
  })
  const text = await answer.text()
  if (answer.status === 429 || answer.status === 503) {
    await sleep(1000 * Number(answer.headers.get('retry-after') ?? 1))
    return post(stack, body)
  }
  if (answer.status !== 202) throw new Error(`${answer.status} ${text}`)
  return performance.now() - began
}

/** Sustained rate with eight senders of 500 events, then the time until a lone event can be seen, under a gentle load. */
export async function benchDoor(stack: Stack, file: string, events: number): Promise<DoorFigures> {
  const lines = await renamed(file, events)
  const bodies = Array.from({ length: Math.floor(lines.length / BATCH) }, (_, i) =>
    lines.slice(i * BATCH, (i + 1) * BATCH).join('\n'),
  )
  const queue = bodies.values()
  const acks: number[] = []
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const body of queue) acks.push(await post(stack, body))
    }),
  )
  const rate = (bodies.length * BATCH) / ((performance.now() - began) / 1000)
  await settled()
  const visible: number[] = []
  for (let probe = 0; probe < 40; probe += 1) visible.push(await timeToSee(stack, probe))
  return {
    rate,
    ackP50: percentile(acks, 0.5),
    ackP99: percentile(acks, 0.99),
    visibleP50: percentile(visible, 0.5),
    visibleP99: percentile(visible, 0.99),
  }
}

async function countOf(unit: string): Promise<number> {
  const result = await readClient().query({
    query: 'SELECT count() AS n FROM units FINAL WHERE unit_id = {unit:String}',
    query_params: { unit },
    format: 'JSONEachRow',
  })
  return Number((await result.json<{ n: number }>())[0]?.n ?? 0)
}

async function timeToSee(stack: Stack, probe: number): Promise<number> {
  const unit = `probe-${probe}-${Date.now()}`
  const event = (id: string, data: object) =>
    JSON.stringify({
      specversion: '1.0',
      id,
      source: '/bench',
      type: 'cost.incurred.v1',
      time: new Date().toISOString(),
      data,
    })
  const body = event(unit, { cost_id: unit, unit_id: unit, kind: 'labor', amount: 1, currency: 'EUR' })
  const began = performance.now()
  await post(stack, body)
  while ((await countOf(unit)) === 0) await sleep(20)
  return performance.now() - began
}

/** Until the relay has delivered everything. */
async function settled(): Promise<void> {
  const { drained } = await import('../chaos/storm')
  await drained()
}
