import fc from 'fast-check'
import { expect } from 'vitest'
import { stripe } from '../../../lib/payments/stripe'
import { execute } from '../../../lib/workflow/execute'
import { commandNamed } from '../../../lib/workflow/registry'
import { payOnce } from '../../../lib/workflow/settlements/pay'
import type { FakeProvider, Fault } from '../../../scripts/demo/payment-provider'
import { tell } from '../cases'
import { afterSettling } from './after-settling'
import { attempt, type Model, PEOPLE, type Person, pick, rows, segregated } from './model'

/** What stands beside the cases: the provider of payments, and a day of a month that is closed. */
export interface World {
  readonly provider: FakeProvider
  readonly closedDay: string
}

export type Step = {
  at: number
  person: Person
  kind:
    | 'request'
    | 'cancel'
    | 'receive'
    | 'inspect'
    | 'dispose'
    | 'propose'
    | 'approve'
    | 'reject'
    | 'pay'
    | 'again'
    | 'chargeback'
    | 'late_chargeback'
    | 'scan'
    | 'spend'
    | 'ship'
    | 'unexchange'
  quantity: number
  fault: Fault | 'none'
}
export const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(20),
  person: fc.constantFrom<Person>(0, 1, 2, 3),
  kind: fc.constantFrom(
    'request',
    'request',
    'receive',
    'receive',
    'inspect',
    'inspect',
    'dispose',
    'propose',
    'propose',
    'approve',
    'approve',
    'pay',
    'cancel',
    'reject',
    'again',
    'chargeback',
    'late_chargeback',
    'scan',
    'spend',
    'ship',
    'unexchange',
  ),
  quantity: fc.integer({ min: 1, max: 3 }),
  fault: fc.constantFrom('none', 'none', 'none', 'lost_answer', 'error_before', 'error_after', 'declined'),
})

/** Does one step to both, and holds what came of it against what the model says. */
export async function take(world: World, model: Model, { at, person, kind, quantity, fault }: Step): Promise<void> {
  if (kind === 'request') {
    const { result, code } = await attempt(model, person, 'return.request', {
      orderId: `O-${model.order}`,
      lines: [{ orderLineId: model.order, quantity, reason: 'too_small' }],
    })
    if (model.returned + quantity > model.sold) {
      expect(code).toBe('over_ordered')
      return
    }
    expect(code).toBeUndefined()
    const units = result?.units as string[]
    expect(units).toHaveLength(quantity)
    model.returned += quantity
    model.rmas.set(String(result?.rmaId), units)
    for (const id of units)
      model.units.set(id, { stage: 'expected', did: new Map([['request', person]]), approvers: new Set() })
    return
  }
  if (kind === 'again') {
    const { last } = model
    const command = last && commandNamed(last.name)
    const actor = last && PEOPLE[last.person]
    if (!last || !command || !actor) return
    expect(await execute(actor, command, last.input, last.id)).toEqual({
      ...{ result: last.result, repeated: true, commandId: last.id },
    })
    return
  }
  if (kind === 'pay') {
    if (fault !== 'none') world.provider.fail(fault)
    for (let round = 0; round < 3; round += 1)
      await payOnce(stripe({ key: 'k', url: world.provider.url }), new Date(Date.now() + round * 3_600_000))
    return
  }
  const chosen = pick(model, at)
  if (!chosen) return
  const [id, unit] = chosen
  if (kind === 'chargeback' || kind === 'late_chargeback' || kind === 'scan') {
    await outside(world, model, id, kind, quantity)
    return
  }
  if (kind === 'spend' || kind === 'ship' || kind === 'unexchange') {
    await afterSettling(model, person, kind, quantity)
    return
  }
  if (kind === 'cancel') {
    const [rma = '', units = []] = [...model.rmas].find(([, ids]) => ids.includes(id)) ?? []
    const [gone] = await rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id WHERE s.rma_id = $1 AND NOT external
         AND (s.state IN ('reserved', 'submitting', 'unknown', 'paid') OR r.state IN ('ordered', 'shipped'))`,
      rma,
    )
    const { code } = await attempt(model, person, 'return.cancel', { rmaId: rma, reason: 'no longer wanted' })
    const all = units.map((each) => model.units.get(each)).filter((each) => each !== undefined)
    const open = all.filter(({ stage }) => stage !== 'cancelled')
    const possible = open.length > 0 && open.every(({ stage }) => stage === 'expected') && gone?.n === 0
    expect(code === undefined, `cancel: ${code}`).toBe(possible)
    if (!possible) return
    for (const each of open) each.stage = 'cancelled'
    model.returned -= open.length
    expect(
      await rows("SELECT id FROM settlement WHERE rma_id = $1 AND NOT external AND state <> 'rejected'", rma),
      'what is cancelled is not paid for',
    ).toEqual([])
    return
  }
  const inputs = {
    receive: ['unit.receive', { unitId: id, facility: 'venlo', quantity: 1 }, 'expected', 'received'],
    inspect: [
      'unit.inspect',
      { unitId: id, condition: 'A', finding: 'as_new', checklist: { tags: true, clean: true } },
      'received',
      'inspected',
    ],
    dispose: ['unit.dispose', { unitId: id, disposition: 'restock' }, 'inspected', 'decided'],
  } as const
  if (kind === 'receive' || kind === 'inspect' || kind === 'dispose') {
    const [name, input, from, to] = inputs[kind]
    const { code } = await attempt(model, person, name, input)
    if (unit.stage !== from) expect(code, `${kind} at ${unit.stage}`).toBeDefined()
    else if (segregated(unit, person, kind)) expect(code).toBe('segregation_of_duties')
    else {
      expect(code, `${kind} at ${unit.stage}`).toBeUndefined()
      unit.stage = to
      unit.did.set(kind, person)
    }
    return
  }
  if (kind === 'propose') {
    const { code } = await attempt(model, person, 'settlement.propose', {
      ...{ unitId: id, kind: (['refund', 'store_credit', 'exchange'] as const)[quantity - 1] },
      ...(quantity === 3 ? { replacementPrice: `${5 * (at % 7)}.00` } : {}),
    })
    const [live] = await rows<{ id: string; by: string }>(
      "SELECT id, proposed_by AS by FROM settlement WHERE unit_id = $1 AND state <> 'rejected'",
      id,
    )
    if (unit.stage === 'cancelled') expect(code).toBe('not_now')
    else expect(live, `propose: ${code}`).toBeDefined()
    return
  }
  const [open] = await rows<{ id: string; requested_by: string; rma_id: string; steps: string[][] }>(
    "SELECT id, requested_by, rma_id, steps FROM approval WHERE unit_id = $1 AND state = 'open'",
    id,
  )
  if (!open) return
  const { code } =
    kind === 'reject'
      ? await attempt(model, person, 'approval.reject', { ids: [open.id], reason: 'not convinced' })
      : await attempt(model, person, 'approval.approve', { ids: [open.id] })
  if (kind === 'reject' && code === undefined) {
    const [settled] = await rows<{ state: string }>(
      'SELECT s.state FROM settlement s JOIN approval a ON a.subject_id = s.id WHERE a.id = $1',
      open.id,
    )
    expect(settled?.state).toBe('rejected')
  }
  const siblings = (model.rmas.get(open.rma_id) ?? []).flatMap((each) => [
    ...(model.units.get(each)?.did.values() ?? []),
  ])
  const own = open.requested_by === PEOPLE[person]?.userId || siblings.includes(person)
  if (own) expect(['segregation_of_duties', 'self_approval']).toContain(code)
  if (code === undefined)
    for (const each of model.rmas.get(open.rma_id) ?? []) model.units.get(each)?.approvers.add(person)
}

/** What others tell, each of it twice: a bank that takes money back, a carrier's scan. */
async function outside(
  world: World,
  model: Model,
  unit: string,
  kind: 'chargeback' | 'late_chargeback' | 'scan',
  size: number,
): Promise<void> {
  const [row] = await rows<{ last: Date }>('SELECT last_at AS last FROM return_unit WHERE id = $1', unit)
  const id = crypto.randomUUID()
  const time = new Date((row?.last ?? new Date()).getTime() + 1).toISOString()
  const about = { specversion: '1.0', id, source: '/outside/test', time, subject: unit } as const
  const told =
    kind === 'scan'
      ? {
          ...about,
          type: 'shipment.delivered.v1' as const,
          // Before anything else happened to it: a late scan changes no status.
          time: new Date(Date.now() - 30 * 86_400_000).toISOString(),
          data: { unit_id: unit, carrier: 'nordpost' },
        }
      : {
          ...about,
          // A late one is of a month that is closed: it is posted into the next that is open.
          ...(kind === 'late_chargeback' ? { time: `${world.closedDay}T12:00:00.000Z` } : {}),
          type: 'settlement.paid.v1' as const,
          data: {
            ...{ unit_id: unit, settlement_id: `CB-${id}`, kind: 'chargeback' as const, amount: `${size}.00` },
            currency: 'EUR',
          },
        }
  await tell([told], '/outside/test')
  await tell([told], '/outside/test')
  if (kind !== 'scan') model.chargedBack += size * 100
  const [payment] = await rows<{ back: string }>(
    `SELECT coalesce(sum(amount), 0)::text AS back FROM settlement WHERE order_id = $1 AND kind = 'chargeback'`,
    `O-${model.order}`,
  )
  expect(Number(payment?.back) / 100).toBe(model.chargedBack)
}
