import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf, type RoleName } from '../../lib/auth/permissions'
import { pool, withTransaction } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { record } from '../../lib/workflow/record/record'
import { commandNamed } from '../../lib/workflow/registry'
import { percentile } from './stats'

/** One command, sixteen at a time. */
export interface CommandFigures {
  readonly name: string
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

const AT_ONCE = 16

const somebody = (name: string, role: RoleName): Actor => ({
  kind: 'person',
  userId: `bench-${name}`,
  name,
  email: '',
  roles: [role],
  permissions: permissionsOf([role]),
  scope: EVERYTHING,
})

/** Requests, receipts, inspections and dispositions of as many returns, each by its own person, on different orders. */
export async function benchCommands(returns: number): Promise<CommandFigures[]> {
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts, daily_capacity) VALUES ('bench', 'Bench', 'warehouse', 'bench', 'NL', 'UTC', '[]', 100) ON CONFLICT DO NOTHING`,
  )
  await sell(returns)
  const units: string[] = []
  const figures = [
    await measure(
      'return.request',
      somebody('asks', 'cs_agent'),
      Array.from({ length: returns }, (_, i) => ({
        orderId: `BO-${i}`,
        lines: [{ orderLineId: `B-${i}`, quantity: 1, reason: 'too_small' }],
      })),
      (result) => {
        units.push(...(result as { units: string[] }).units)
      },
    ),
  ]
  figures.push(
    await measure(
      'unit.receive',
      somebody('receives', 'receiver'),
      units.map((unitId) => ({ unitId, facility: 'bench', quantity: 1 })),
    ),
  )
  figures.push(
    await measure(
      'unit.inspect',
      somebody('inspects', 'inspector'),
      units.map((unitId) => ({ unitId, condition: 'A', finding: 'as_new', checklist: { tags: true, clean: true } })),
    ),
  )
  figures.push(
    await measure(
      'unit.dispose',
      somebody('decides', 'disposition_lead'),
      units.map((unitId) => ({ unitId, disposition: 'restock' })),
    ),
  )
  return figures
}

async function sell(count: number): Promise<void> {
  const time = new Date(Date.now() - 5 * 86_400_000).toISOString()
  for (let from = 0; from < count; from += 1000)
    await withTransaction((tx) =>
      record(tx, {
        events: Array.from({ length: Math.min(1000, count - from) }, (_, i) => ({
          specversion: '1.0' as const,
          id: `B-${from + i}`,
          source: '/bench',
          type: 'sale.shipped.v1' as const,
          time,
          data: {
            order_id: `BO-${from + i}`,
            order_line_id: `B-${from + i}`,
            sku: `SKU-${i % 500}`,
            quantity: 1,
            net_amount: '40.00',
            currency: 'EUR',
            channel: 'dtc',
            category: 'apparel',
            unit_cost: '12.00',
            entity: 'bench',
            facility: 'bench',
            customer_id: `BC-${from + i}`,
          },
        })),
        doer: { kind: 'source', id: '/bench', name: 'bench', roles: [] },
        at: new Date(),
      }),
    )
}

async function measure(
  name: string,
  actor: Actor,
  inputs: readonly object[],
  hear: (result: unknown) => void = () => undefined,
): Promise<CommandFigures> {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  const queue = inputs.values()
  const times: number[] = []
  const began = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const input of queue) {
        const start = performance.now()
        const { result } = await execute(actor, command, input)
        times.push(performance.now() - start)
        hear(result)
      }
    }),
  )
  return {
    name,
    rate: (inputs.length * 1000) / (performance.now() - began),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  }
}
