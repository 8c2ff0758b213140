import {
  CONDITIONS,
  COST_KINDS,
  DISPOSITIONS,
  FINDINGS,
  REASONS,
  RETURN_TYPES,
  SETTLEMENT_KINDS,
  STATUSES,
} from '../../lib/returns/codes'
import { random } from '../../scripts/chaos/sender'
import type { References } from './facts'

export interface History {
  seed: number
  references: References
  /** Distinct events with all their revisions, in the order of the story. */
  raws: string[]
}

type Data = Record<string, unknown>
const START = Date.UTC(2026, 1, 20)
const DAY = 86_400_000

/**
 * A random company of a few dozen units over ninety days with two DST changes in reach, everything at odds with everything else. What has an id
 * has its seed in it, so that several can live in one database.
 */
export function history(seed: number): History {
  const own = (id: string) => `${seed}.${id}`
  const next = random(seed)
  const int = (below: number) => Math.floor(next() * below)
  const chance = (share: number) => next() < share
  const pick = <T>(list: readonly T[]): T => list[int(list.length)] as T
  const cents = (most: number) => (int(most * 100) / 100).toFixed(2)
  const four = (most: number) => (int(most * 10_000) / 10_000).toFixed(4)
  const references: References = {
    reporting: 'EUR',
    rates: ['GBP', 'USD', 'JPY'].flatMap((currency) =>
      Array.from({ length: 1 + int(5) }, (_, i) => ({
        currency,
        day: new Date(START + (i * 20 + int(20)) * DAY).toISOString().slice(0, 10),
        rate: (0.005 + next() * 1.3).toFixed(10),
      })),
    ),
    suppliers: ['sup-1', 'sup-2'].map((id) => ({
      id: own(id),
      coverage: (int(10_001) / 10_000).toFixed(4),
      windowDays: 5 + int(40),
    })),
  }
  const distinct = new Map<string, string>()
  references.rates = references.rates.filter(
    ({ currency, day }) => !distinct.has(currency + day) && distinct.set(currency + day, day),
  )

  let serial = 0
  const raws: string[] = []
  const emit = (type: string, at: number, data: Data, more: Data = {}): void => {
    serial += 1
    const source = pick(['/shop', '/wms', '/psp'])
    const event = {
      specversion: '1.0',
      id: own(`e${serial}`),
      source,
      type,
      time: stamp(at),
      ...(chance(0.2) ? { sequence: String(int(3)) } : {}),
      data,
      ...more,
    }
    raws.push(JSON.stringify(event))
    if (chance(0.06)) {
      // A correction: another time, perhaps another amount, unit, line or quantity; or a retraction.
      const changed: Data = { ...data }
      if ('amount' in changed) changed.amount = cents(80)
      if ('unit_id' in changed && chance(0.4)) changed.unit_id = own(`u${int(30)}`)
      if ('order_line_id' in changed && chance(0.4)) changed.order_line_id = own(`l${int(20)}`)
      if ('net_amount' in changed) changed.net_amount = cents(300)
      raws.push(
        JSON.stringify({
          ...event,
          time: stamp(at + int(5) * DAY),
          revision: 1 + int(2),
          ...(chance(0.3) ? { voided: true } : {}),
          data: changed,
        }),
      )
    }
  }
  /** Coarse, so that equal times occur. */
  const stamp = (at: number) => {
    const time = new Date(Math.floor(at / 600_000) * 600_000 + (chance(0.3) ? int(1000) : 0))
    return chance(0.3)
      ? `${new Date(time.getTime() + 2 * 3_600_000).toISOString().slice(0, -1)}+02:00`
      : time.toISOString()
  }
  const currency = () => pick(['EUR', 'EUR', 'GBP', 'USD', 'JPY'])
  const maybe = (data: Data): Data => Object.fromEntries(Object.entries(data).filter(() => chance(0.75)))
  const descriptive = () =>
    maybe({
      product_id: `p${int(3)}`,
      size: pick(['S', 'M']),
      category: pick(['shoes', 'home']),
      brand: pick(['A', 'B']),
      supplier_id: own(pick(['sup-1', 'sup-2', 'sup-3'])),
      campaign: pick(['spring', 'none']),
      segment: pick(['new', 'old']),
      country: pick(['DE', 'FR']),
      entity: pick(['eu', 'us']),
    })

  for (let line = 0; line < 20; line += 1) {
    if (chance(0.15)) continue
    emit('sale.shipped.v1', START + int(60) * DAY + int(DAY), {
      order_id: own(`o${line}`),
      order_line_id: own(`l${line}`),
      sku: `sku-${int(4)}`,
      quantity: 1 + int(5),
      net_amount: cents(300),
      currency: currency(),
      channel: pick(['web', 'store']),
      ...maybe({ unit_cost: cents(60), facility: pick(['ams', 'lodz']) }),
      ...descriptive(),
    })
  }
  let child = 0
  const units: string[] = []
  const live = (unit: string, begin: number, quantity: number, deep: number): void => {
    units.push(unit)
    let at = begin
    const later = () => {
      at += int(6 * DAY)
      return at
    }
    if (deep === 0 && chance(0.9)) {
      emit('return.requested.v1', at, {
        unit_id: unit,
        rma_id: `m-${unit}`,
        order_line_id: own(`l${int(20)}`),
        sku: `sku-${int(4)}`,
        quantity,
        reason_code: pick(REASONS),
        ...maybe({
          return_type: pick(RETURN_TYPES),
          channel: pick(['web', 'store']),
          facility: pick(['ams', 'lodz']),
          unit_price: cents(90),
          unit_cost: cents(50),
          currency: currency(),
          sold_at: new Date(begin - 5 * DAY).toISOString(),
          policy_row: pick(['r1', 'r2']),
        }),
        ...descriptive(),
      })
    }
    if (chance(0.5))
      emit(`return.${pick(['authorized', 'authorized', 'rejected', 'cancelled'])}.v1`, later(), {
        unit_id: unit,
        ...maybe({ policy_row: 'r3' }),
      })
    if (chance(0.5))
      emit(`shipment.${pick(['labelled', 'in_transit', 'delivered', 'lost'])}.v1`, later(), {
        unit_id: unit,
        ...maybe({ carrier: pick(['dhl', 'ups']), facility: 'ams' }),
      })
    if (chance(0.75))
      emit('unit.received.v1', later(), {
        unit_id: unit,
        facility: pick(['ams', 'lodz']),
        quantity: chance(0.8) ? quantity : int(quantity + 1),
        ...maybe({ condition_code: pick(CONDITIONS), shift: pick(['early', 'late']) }),
      })
    if (chance(0.7))
      emit('unit.inspected.v1', later(), {
        unit_id: unit,
        condition_code: pick(CONDITIONS),
        finding_code: chance(0.4) ? 'confirmed_defect' : pick(FINDINGS),
        ...maybe({ serial_match: chance(0.8), shift: 'late' }),
      })
    if (quantity > 1 && deep < 3 && chance(0.3)) {
      const first = 1 + int(quantity - 1)
      const into = [first, quantity - first].map((part) => {
        child += 1
        return { unit_id: own(`c${child}`), quantity: part }
      })
      const when = later()
      emit('unit.split.v1', when, { unit_id: unit, into })
      for (const piece of into) live(piece.unit_id, when, piece.quantity, deep + 1)
    }
    if (chance(0.6)) emit('unit.dispositioned.v1', later(), { unit_id: unit, disposition: pick(DISPOSITIONS) })
    for (let n = int(4); n > 0; n -= 1) {
      serial += 1
      emit('unit.moved.v1', later(), {
        movement_id: own(chance(0.1) ? 'mv-common' : `mv${serial}`),
        unit_id: unit,
        from_status: pick(STATUSES),
        to_status: chance(0.4) ? pick(['restocked', 'liquidated', 'scrapped'] as const) : pick(STATUSES),
        quantity,
        ...maybe({ facility: pick(['ams', 'lodz']), unit_value: cents(60), currency: currency() }),
      })
    }
    for (let n = int(3); n > 0; n -= 1) {
      const settlement = own(chance(0.1) ? 's-common' : `s${serial}-${n}`)
      const base = {
        settlement_id: settlement,
        unit_id: unit,
        kind: chance(0.6) ? 'refund' : pick(SETTLEMENT_KINDS),
        amount: cents(120),
        currency: currency(),
        ...maybe({ tax_amount: cents(10), fee_amount: cents(8), entitled_amount: cents(130) }),
        ...(chance(0.4)
          ? maybe({
              fee_due_amount: cents(12),
              deduction_due_amount: cents(20),
              deduction_amount: cents(10),
              clawback_due_amount: cents(5),
              discrepancy_amount: cents(5),
              currency_difference_amount: four(0.2),
              in_policy: chance(0.5),
              exception_id: 'x',
            })
          : {}),
      }
      if (chance(0.5)) emit('settlement.approved.v1', later(), base)
      if (chance(0.85)) emit('settlement.paid.v1', later(), base)
      if (chance(0.15))
        emit(`settlement.${pick(['paid', 'rejected', 'proposed'])}.v1`, later(), {
          ...base,
          amount: cents(120),
          ...(chance(0.3) ? { unit_id: pick(units) } : {}),
        })
    }
    for (let n = int(3); n > 0; n -= 1)
      emit('cost.incurred.v1', later(), {
        cost_id: own(chance(0.1) ? 'k-common' : `k${serial}`),
        unit_id: unit,
        kind: pick(COST_KINDS),
        amount: chance(0.1) ? `-${cents(5)}` : cents(15),
        currency: currency(),
      })
    if (chance(0.4)) {
      const claim = { claim_id: own(`cl${serial}`), unit_id: unit, supplier_id: own('sup-1'), currency: currency() }
      for (const stage of ['opened', 'submitted', pick(['accepted', 'rejected']), 'recovered'])
        if (chance(0.7)) emit(`claim.${stage}.v1`, later(), { ...claim, amount: cents(60) })
    }
  }
  for (let unit = 0; unit < 30; unit += 1) live(own(`u${unit}`), START + int(70) * DAY + int(DAY), 1 + int(6), 0)
  return { seed, references, raws }
}

/** Shuffles, repeats a tenth, and cuts into so many batches of random size. */
export function deliveries(raws: readonly string[], next: () => number, count: number): string[][] {
  const all = [...raws, ...raws.filter(() => next() < 0.1)]
    .map((raw) => ({ raw, at: next() }))
    .sort((a, b) => a.at - b.at)
  const batches = Array.from({ length: count }, (): string[] => [])
  for (const { raw } of all) batches[Math.floor(next() * batches.length)]?.push(raw)
  return batches.filter((batch) => batch.length > 0)
}
