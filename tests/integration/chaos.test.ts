import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeClickHouse, writeClient } from '../../clickhouse/client'
import { restarted } from '../../ingest/relay/sweep'
import { closeDatabase, pool } from '../../lib/db/client'
import { CRASH_POINTS, killAt, withoutStrace } from '../../scripts/chaos/crash-points'
import { type Stack, startStack } from '../../scripts/chaos/stack'
import { storm } from '../../scripts/chaos/storm'

/** Short here; `npm run chaos -- --minutes 10` is the long one. Seeds are printed, so that a failure can be run again. */
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)

const exact = { lost: 0, doubled: 0, differences: 0, stale: 0 }

describe('the back end under kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backhaul-chaos-'))
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack(folder, () => undefined)
  })
  afterAll(async () => {
    await Promise.allSettled([closeDatabase(), closeClickHouse()])
    await stack?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a storm of sixty seconds loses nothing and doubles nothing', { timeout: 240_000 }, async () => {
    console.log(`storm seed ${SEED}`)
    const outcome = await storm(stack, { seconds: 60, seed: SEED, clients: 6, say: console.log })
    console.log(outcome)
    expect(outcome).toMatchObject(exact)
    expect(outcome.sums.served).toBe(outcome.sums.sent)
    expect(Object.values(outcome.kills).reduce((a, b) => a + b)).toBeGreaterThan(60)
    expect(outcome.acknowledged).toBeGreaterThan(1_000)
    // The last of ClickHouse's new starts was followed by a sweep, as each was.
    await expect.poll(() => restarted(pool(), writeClient()), { timeout: 20_000 }).toBe(false)
  })

  test('ClickHouse killed by strace between the steps of an insert loses nothing and doubles nothing', {
    timeout: 240_000,
  }, async ({ skip }) => {
    // A machine may lack it or forbid it: then the report says that this was not looked at, and why.
    const trouble = withoutStrace(console.log)
    if (trouble) skip(trouble)
    let hits = 0
    let id = 0
    const post = async () => {
      const lines = Array.from({ length: 50 }, () => {
        id += 1
        return JSON.stringify({
          specversion: '1.0',
          id: `point-${id}`,
          source: '/points',
          type: 'cost.incurred.v1',
          time: '2026-01-01T00:00:00Z',
          data: { cost_id: `point-${id}`, unit_id: `pu-${id % 7}`, kind: 'labor', amount: '1.00', currency: 'EUR' },
        })
      })
      const answer = await fetch(`${stack.ingestUrl}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/x-ndjson' },
        body: lines.join('\n'),
      })
      expect(answer.status).toBe(202)
    }
    for (const calls of CRASH_POINTS) {
      for (const when of [1, 2, 4]) if (await killAt(stack, calls, when, post)) hits += 1
    }
    expect(hits).toBeGreaterThanOrEqual(CRASH_POINTS.length)
    const outcome = await storm(stack, { seconds: 0, seed: SEED, clients: 0, say: console.log })
    console.log(outcome)
    expect(outcome).toMatchObject({ differences: 0, stale: 0, doubled: 0 })
  })
})
