import { afterAll, beforeAll, expect, it } from 'vitest'
import { stripe } from '../../lib/payments/stripe'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { type FakeProvider, startFakeProvider } from '../../scripts/demo/payment-provider'
import { openFacility } from '../setup/cases'
import { brokenNow } from '../setup/contents'
import { freshDatabases } from '../setup/databases'
import type { Job } from '../setup/job-child'
import { ines, jo, oscar, requested, rows, run, waiting } from '../setup/scenarios/scenario'
import { type ShortLived, shortLived } from '../setup/short-lived'

await freshDatabases()
let processes: ShortLived
let provider: FakeProvider
beforeAll(async () => {
  processes = await shortLived('tests/setup/job-child.ts')
  provider = await startFakeProvider()
  await openFacility()
})
afterAll(async () => {
  processes.close()
  await provider.close()
})

const HOUR = 3_600_000
/** A refund that was approved and waits to be paid. */
async function approved(word: string): Promise<string> {
  const { unit } = await requested(word, { net: '120' })
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  const { id = '' } = await run(ines, 'settlement.propose', { unitId: unit })
  await run(oscar, 'approval.approve', { ids: [await waiting(id)] })
  return id
}
const made = (settlement: string): number =>
  provider.refunds.filter(({ metadata }) => metadata.settlement_id === settlement).length

it.each([
  ['after_reserve', 'reserved', 0],
  ['before_submit', 'submitting', 0],
  ['after_submit_before_mark', 'submitting', 1],
  ['before_payment_commit', 'submitting', 1],
  ['after_payment_mark', 'paid', 1],
] as const)('killed %s, it stands as %s, and the next worker pays once', async (point, state, refunds) => {
  const id = await approved(point)
  const job: Job = { kind: 'pay', url: provider.url, at: new Date().toISOString() }
  expect(await processes.run(point, job)).toMatchObject({ killed: true })
  expect(await rows('SELECT state FROM settlement WHERE id = $1', id)).toEqual([{ state }])
  expect(made(id)).toBe(refunds)
  expect(await brokenNow()).toEqual({})
  // Killed once more at the same place, if it gets there again; then a worker that lives.
  await processes.run(point, { ...job, at: new Date(Date.now() + HOUR).toISOString() })
  for (let round = 2; round < 6; round += 1)
    await payOnce(stripe({ key: 'k', url: provider.url }), new Date(Date.now() + round * HOUR))
  expect(await rows('SELECT state FROM settlement WHERE id = $1', id)).toEqual([{ state: 'paid' }])
  expect(made(id)).toBe(1)
  const entries = await rows(
    `SELECT e.id FROM journal_entry e JOIN settlement s ON s.unit_id = e.unit_id WHERE s.id = $1 AND e.template = 'settlement_paid'`,
    id,
  )
  expect(entries).toHaveLength(1)
  expect(await brokenNow()).toEqual({})
})

it('ten refunds through a worker that is killed again and again are paid once each', { timeout: 300_000 }, async () => {
  const ids: string[] = []
  for (let n = 0; n < 10; n += 1) ids.push(await approved('storm'))
  const points = ['after_submit_before_mark', 'before_submit', 'before_payment_commit', 'after_reserve']
  for (let kill = 0; kill < 8; kill += 1)
    await processes.run(points[kill % points.length] ?? '', {
      ...{ kind: 'pay', url: provider.url },
      at: new Date(Date.now() + kill * HOUR).toISOString(),
    })
  for (let round = 8; round < 14; round += 1)
    await payOnce(stripe({ key: 'k', url: provider.url }), new Date(Date.now() + round * HOUR))
  const states = await rows<{ state: string }>('SELECT DISTINCT state FROM settlement WHERE id = ANY($1)', ids)
  expect(states).toEqual([{ state: 'paid' }])
  expect(ids.map(made)).toEqual(ids.map(() => 1))
  expect(await brokenNow()).toEqual({})
})
