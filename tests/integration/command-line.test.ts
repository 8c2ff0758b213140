import { afterAll, expect, test } from 'vitest'
import { launch, ROOT } from '../../scripts/servers/child'
import { freePort } from '../../scripts/servers/ports'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

/** What a person at a terminal gets of the commands that say whether all is well: words and exit codes. */
const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())

async function backhaul(command: string): Promise<{ code: number | null; said: string }> {
  const child = await launch({
    command: process.execPath,
    args: ['--import=tsx', `${ROOT}/scripts/backhaul.ts`, command],
    env: { PORT: String(await freePort()), INGEST_PORT: String(await freePort()) },
  })
  const { code } = await child.exited
  return { code, said: child.tail() }
}

const event = (type: string, day: string, data: Record<string, unknown>) =>
  JSON.stringify({ specversion: '1.0', id: type, source: '/test', type, time: `2026-01-${day}T10:00:00Z`, data })

test('verify, doctor and rebuild: found, named, mended, and told by the exit code', async () => {
  await pipeline.deliver([
    [
      event('unit.received.v1', '08', { unit_id: 'u1', facility: 'venlo', quantity: 1 }),
      event('cost.incurred.v1', '10', { cost_id: 'c1', unit_id: 'u1', kind: 'labor', amount: '3.50', currency: 'EUR' }),
    ],
  ])
  await pipeline.client.command({ query: 'ALTER TABLE cost_events DELETE WHERE true SETTINGS mutations_sync = 1' })
  await pipeline.client.command({ query: 'DROP VIEW sale_home_in SYNC' })
  const ill = await Promise.all([backhaul('verify'), backhaul('doctor')])
  expect(ill[0].code).toBe(1)
  expect(ill[0].said).toMatch(
    /differs: cost\.incurred\.v1 \/test 2026-01-10\n {2}Postgres {4}1 events, .*amount 3\.5.*\n {2}ClickHouse {2}nothing/,
  )
  expect(ill[1].code).toBe(1)
  expect(ill[1].said).toMatch(/wrong {2}ClickHouse schema +missing: sale_home_in\n +→ .*npm run backhaul -- rebuild/)

  expect(await backhaul('rebuild')).toMatchObject({
    code: 0,
    said: expect.stringMatching(/Rebuilt 1 units and 0 order lines from 2 events in \d+ batches/),
  })
  const well = await Promise.all([backhaul('verify'), backhaul('doctor')])
  expect(well[0]).toMatchObject({ code: 0, said: expect.stringContaining('2 events in 2 cells') })
  expect(well[1]).toMatchObject({ code: 0, said: expect.stringContaining('Everything is in order.') })
})
