import { beforeAll, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { onItsWay, openFacility, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { ago, DAY, differences, event } from '../setup/differences'

await freshDatabases()
beforeAll(() => openFacility())

it('keeps sub-ledgers and books the same through 4,000 random movements', { timeout: 300_000 }, async () => {
  let seed = 42
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const STATUSES = [
    'received',
    'hold',
    'quarantine',
    'refurbish',
    'vendor',
    'sellable',
    'liquidation',
    'scrap',
    'restocked',
    'liquidated',
    'scrapped',
    'donated',
    'returned_to_vendor',
    'lost',
  ]
  const units: string[] = []
  for (let i = 0; i < 200; i += 1) {
    const line = `X${i}`
    const { unit } = await onItsWay({
      id: line,
      sku: `SKU-${i % 7}`,
      quantity: 1 + (i % 4),
      net: '100',
      unitCost: `${1 + (i % 40)}.${i % 10}`,
    })
    await tell([
      event('unit.received.v1', unit, ago(2.5), { facility: 'venlo', quantity: 1 + (i % 4), location: 'dock' }),
    ])
    units.push(unit)
  }
  for (let round = 0; round < 20; round += 1)
    await tell(
      units.map((unit, index) => {
        const to = STATUSES[random(STATUSES.length)] ?? 'hold'
        // Some are told too late: they change what came after them, or nothing.
        const time = Date.now() - 2 * DAY + round * 60_000 + random(90_000)
        return event('unit.moved.v1', unit, new Date(time).toISOString(), {
          ...{ movement_id: `mv${round}-${index}`, from_status: 'received', to_status: to, quantity: 1 },
          ...{ facility: random(5) === 0 ? 'lodz' : 'venlo', location: 'dock' },
          ...(random(3) === 0 ? { unit_value: `${random(30)}.${random(100)}`, currency: 'EUR' } : {}),
        })
      }),
    )
  const { rows } = await pool().query('SELECT count(*)::int AS n FROM stock_movement')
  expect(rows[0].n).toBeGreaterThan(2_000)
  expect(await differences('ledger')).toEqual([])
  expect((await differences('stock')).filter(({ kind }) => !kind.startsWith('counted'))).toEqual([])
})
