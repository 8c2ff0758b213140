import { beforeAll, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { payOnce } from '../../lib/workflow/settlements/pay'
import { openFacility, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { agnieszka, fresh, jo, requested, rows, run, SEEN } from '../setup/scenarios/scenario'

await freshDatabases()
beforeAll(() => openFacility())

/** More than one round of the worker takes. */
const MANY = 55
const event = (type: string, unit: string, data: Record<string, unknown>): AnyEvent =>
  ({
    ...{ specversion: '1.0', id: fresh('q'), source: '/outside/test', type, subject: unit },
    time: new Date(Date.now() + 1000).toISOString(),
    data: { unit_id: unit, ...data },
  }) as AnyEvent
const settled = async (unit: string): Promise<number> =>
  (await rows('SELECT FROM settlement WHERE unit_id = $1 AND NOT external', unit)).length
async function receivedLast(): Promise<string> {
  // The last by its id, so that in no order is it among the first by chance.
  const { unit } = await requested('zz-last', { net: '40' })
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  return unit
}

it('a return is paid however many others are still on their way', { timeout: 240_000 }, async () => {
  const way: AnyEvent[] = []
  for (let n = 0; n < MANY; n += 1) {
    const { unit } = await requested('way', { net: '40' })
    way.push(event('shipment.in_transit.v1', unit, { carrier: 'nordpost' }))
  }
  await tell(way, '/carrier/test')
  const unit = await receivedLast()
  await payOnce(undefined)
  expect(await settled(unit)).toBe(1)
})

it('and however many there are for which nothing is due', { timeout: 240_000 }, async () => {
  for (let n = 0; n < MANY; n += 1) {
    const { unit } = await requested('gone', { net: '40' })
    await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
    // The policy keeps all of it for this condition.
    await run(agnieszka, 'unit.inspect', { unitId: unit, ...SEEN, condition: 'E', finding: 'customer_damage' })
  }
  const unit = await receivedLast()
  for (let round = 0; round < 3 && (await settled(unit)) === 0; round += 1) await payOnce(undefined)
  expect(await settled(unit)).toBe(1)
})
