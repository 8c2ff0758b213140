import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import { pool } from '../../../lib/db/client'
import { startFakeProvider } from '../../../scripts/demo/payment-provider'
import { onItsWay } from '../cases'
import { closedMonth } from '../scenarios/books'
import { hold, holdPayments } from './invariants'
import type { Model } from './model'
import { step, take, type World } from './steps'

export interface Sequences {
  /** How many; `MODEL_RUNS` says otherwise. */
  readonly runs: number
  /** Which; `MODEL_SEED` says otherwise. The seed of a failure is in its message. */
  readonly seed: number
  readonly shortest: number
  readonly longest: number
}

/** A test of sequences of commands against the model, with every invariant after each command. On a database of one's own. */
export function testSequences({ runs, seed, shortest, longest }: Sequences): void {
  const count = Number(process.env.MODEL_RUNS ?? runs)
  const from = Number(process.env.MODEL_SEED ?? seed)
  let world: World
  beforeAll(async () => {
    // What is proved here does not hang on when a commit reaches the disk.
    await pool().query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`,
    )
    await pool().query(
      `INSERT INTO facility (id, name, kind, entity, country, tz, shifts, daily_capacity) VALUES ('venlo', 'Venlo', 'warehouse', 'acme-eu', 'NL', 'Europe/Amsterdam', '[]', 100)`,
    )
    world = { provider: await startFakeProvider(), closedDay: await closedMonth('acme-eu') }
  })
  afterAll(() => world.provider.close())

  it(`${count} sequences of commands end where pencil and paper say, and every invariant holds after each command`, {
    timeout: 3_600_000,
  }, async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: shortest, maxLength: longest }),
        fc.integer({ min: 2, max: 5 }),
        fc.constantFrom('20.00', '160.00', '900.00'),
        async (steps, sold, net) => {
          run += 1
          const order = `model-${from}-${run}`
          const sku = `SKU-${run}`
          await onItsWay(
            { id: order, sku, quantity: sold, net, unitCost: '7.00', customerId: `C-${order}` },
            { asked: 0 },
          )
          const model: Model = {
            ...{ order, sku, sold, price: Number(net), returned: 0, units: new Map(), rmas: new Map() },
            ...{ chargedBack: 0, spent: 0, last: undefined },
          }
          for (const [index, each] of steps.entries()) {
            await take(world, model, each)
            const after = `after step ${index + 1}, ${each.kind}`
            await hold(`O-${order}`, sku, after)
            await holdPayments(`O-${order}`, world.provider, after)
          }
        },
      ),
      { numRuns: count, seed: from, endOnFailure: true },
    )
  })
}
