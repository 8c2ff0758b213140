import { expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { projectOnce } from '../../ingest/projector/projector'
import { db, pool } from '../../lib/db/client'
import { compare } from '../../lib/workflow/reconciliation/compare'
import { everything } from '../../lib/workflow/reconciliation/side'
import { fillDemo } from '../../scripts/demo/fill'
import { tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()

/** What neither a count nor a customer can cause: differences that would be a fault of the books themselves. */
async function faults() {
  const now = new Date()
  const sides = [await compare(db(), 'stock', everything, now), await compare(db(), 'ledger', everything, now)]
  const payments = await compare(db(), 'payments', everything, now)
  return [
    ...sides.flatMap(({ differences }) => differences.filter(({ kind }) => !kind.startsWith('counted'))),
    ...payments.differences.filter(({ kind }) => kind === 'payment_differs'),
  ].map(({ key }) => key)
}

it('ties after history was taken over, and when what it left open ends here', { timeout: 600_000 }, async () => {
  await fillDemo({ today: new Date('2026-05-04T06:00:00Z'), scale: 0.01, months: 8, ...databases })
  while ((await projectOnce()) > 0);
  expect(await faults()).toEqual([])
  const { rows } = await pool().query<{ id: string; quantity: number; status: string }>(
    'SELECT id, quantity, status FROM return_unit WHERE opening AND final_at IS NULL AND split_at IS NULL AND quantity > 0 ORDER BY id',
  )
  expect(rows.length).toBeGreaterThan(20)
  const ends = ['restocked', 'liquidated', 'scrapped', 'returned_to_vendor', 'donated', 'lost']
  const moved = (round: number, to: (index: number) => string): AnyEvent[] =>
    rows.map(
      ({ id, quantity, status }, index) =>
        ({
          ...{
            specversion: '1.0',
            id: `end-${round}-${index}`,
            source: '/wms/test',
            type: 'unit.moved.v1',
            subject: id,
          },
          time: new Date(Date.now() + round * 1000).toISOString(),
          data: {
            ...{
              movement_id: `end-${round}-${index}`,
              unit_id: id,
              from_status: status,
              to_status: to(index),
              quantity,
            },
            ...{ unit_value: '1.50', currency: 'EUR' },
          },
        }) as AnyEvent,
    )
  await tell(
    moved(1, (index) => ends[index % ends.length] ?? 'scrapped'),
    '/wms/test',
  )
  expect(await faults()).toEqual([])
  // And again, once they have ended: one is found, another is sold after all.
  await tell(
    moved(2, (index) => (index % 2 === 0 ? 'sellable' : 'restocked')),
    '/wms/test',
  )
  expect(await faults()).toEqual([])
})
