import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { checkEvent } from '../../ingest/contract/validate'
import { acceptEvents } from '../../ingest/log/accept'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { drained } from '../../scripts/chaos/storm'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const ROOT = join(import.meta.dirname, '../..')

/** A relay in a process of its own, which may kill itself at a named place. */
const startRelay = (failpoint: string) =>
  spawn(
    process.execPath,
    ['--import=tsx', `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`, 'ingest/main.ts', 'relay'],
    {
      cwd: ROOT,
      env: { ...process.env, FAILPOINT: failpoint, BACKHAUL_LOG: 'error' },
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  )

let id = 0
const cost = () => {
  id += 1
  const raw = JSON.stringify({
    specversion: '1.0',
    id: `c${id}`,
    source: '/failpoints',
    type: 'cost.incurred.v1',
    time: '2026-01-01T00:00:00Z',
    data: { cost_id: `c${id}`, unit_id: `u${id % 5}`, kind: 'labor', amount: '2.50', currency: 'EUR' },
  })
  const checked = checkEvent(JSON.parse(raw), Date.now())
  if (!checked.ok) throw new Error(checked.message)
  return { raw, event: checked.event }
}

describe('a relay that dies', () => {
  test.each(['after_seal', 'after_send', 'before_mark'])(
    'at %s is followed by one that ends the work exactly',
    { timeout: 60_000 },
    async (point) => {
      await acceptEvents(pool(), Array.from({ length: 40 }, cost), 'test')
      const dying = startRelay(point)
      const [, signal] = await once(dying, 'exit')
      expect(signal).toBe('SIGKILL')
      const next = startRelay('')
      try {
        await drained()
      } finally {
        next.kill('SIGTERM')
        await once(next, 'exit')
      }
      const found = await verify(pool(), writeClient())
      expect(found).toMatchObject({ differences: [], rollups: [], served: { stale: 0 }, pending: 0 })
      const sum = await writeClient().query({
        query: 'SELECT toString(sum(arraySum(money.amount))) AS s FROM units FINAL',
        format: 'JSONEachRow',
      })
      expect(await sum.json()).toEqual([{ s: String(id * -25_000) }])
    },
  )
})
