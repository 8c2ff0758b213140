/**
 * A small company drawn from a seed, as events: sales over a year and a half, and returns with everything that can happen to
 * them. For tests of invariants; what its numbers should be is not known here.
 */
export interface RandomCompany {
  events: string[]
  /** Nothing happens after it. */
  end: Date
  suppliers: { id: string; coverage: string; windowDays: number }[]
}

const DAY = 86_400_000
const HOUR = 3_600_000

export function randomCompany(seed: number, { sales = 400, returned = 0.45 } = {}): RandomCompany {
  const random = generator(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const chance = (share: number) => random() < share
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from))
  const end = Date.parse('2026-07-01T09:30:00.123Z')
  const events: string[] = []
  const tell = (type: string, at: number, data: Record<string, unknown>) => {
    if (at >= end) return false
    const time = new Date(at).toISOString()
    events.push(
      JSON.stringify({
        specversion: '1.0',
        id: `e${events.length}`,
        source: '/random',
        type: `${type}.v1`,
        time,
        data,
      }),
    )
    return true
  }
  const suppliers = ['s1', 's2', 's3'].map((id, i) => ({ id, coverage: `0.${6 + i}000`, windowDays: 20 + 20 * i }))

  for (let line = 0; line < sales; line++) {
    const sku = between(0, 12)
    const sold = end - between(0, 520 * DAY)
    const quantity = chance(0.2) ? between(2, 6) : 1
    const goods = {
      sku: `sku-${sku}`,
      product_id: `p-${sku % 5}`,
      product_name: `Product ${sku % 5}`,
      size: pick(['S', 'M', 'L']),
      category: `cat-${sku % 3}`,
      brand: `brand-${sku % 4}`,
      supplier_id: pick(suppliers).id,
      channel: pick(['web', 'shop', 'amazon']),
      campaign: pick(['spring', 'none']),
      segment: pick(['new', 'loyal']),
      country: pick(['DE', 'FR', 'US']),
      entity: pick(['eu', 'us']),
    }
    const net = between(500, 20_000) / 100
    tell('sale.shipped', sold, {
      order_id: `o-${line}`,
      order_line_id: `l-${line}`,
      quantity,
      net_amount: (net * quantity).toFixed(2),
      unit_cost: (net * 0.4).toFixed(2),
      currency: 'EUR',
      facility: pick(['ber', 'lys']),
      ...goods,
    })
    if (chance(returned)) comeBack(line, sold, between(1, quantity + 1), net, goods)
  }
  return { events, end: new Date(end), suppliers }

  function comeBack(
    line: number,
    sold: number,
    quantity: number,
    net: number,
    goods: { sku: string; supplier_id: string },
  ) {
    const unit = `u-${line}`
    const requested = sold + between(0, 60 * DAY)
    const later = (at: number, days: number) => at + between(HOUR, days * DAY)
    const ask = {
      unit_id: unit,
      rma_id: `r-${line}`,
      order_line_id: `l-${line}`,
      sku: goods.sku,
      quantity,
      reason_code: pick(['too_small', 'defective', 'changed_mind', 'wrong_item', 'damaged_in_transit']),
      return_type: pick(['refund', 'exchange', 'refused']),
      policy_row: pick(['std', 'sale']),
    }
    if (!tell('return.requested', requested, ask)) return
    if (chance(0.1))
      return void tell(pick(['return.rejected', 'return.cancelled']), later(requested, 5), { unit_id: unit })
    tell('return.authorized', later(requested, 1), { unit_id: unit })
    const shipped = later(requested, 5)
    tell('shipment.in_transit', shipped, { unit_id: unit, carrier: pick(['dhl', 'ups']) })
    pay(unit, later(requested, 30), net * quantity)
    if (chance(0.1)) return void (chance(0.5) && tell('shipment.lost', later(shipped, 20), { unit_id: unit }))
    const received = later(shipped, 8)
    const facility = pick(['ber', 'lys', '3pl'])
    const found = chance(0.15) ? Math.max(1, quantity - 1) : quantity
    tell('unit.received', received, {
      unit_id: unit,
      facility,
      quantity: found,
      shift: pick(['early', 'late']),
      condition_code: pick(['A', 'B', 'C', 'D']),
    })
    spend(unit, received)
    const inspected = later(received, 6)
    const finding = pick(['as_new', 'confirmed_defect', 'used', 'empty_box'])
    tell('unit.inspected', inspected, {
      unit_id: unit,
      condition_code: pick(['A', 'B', 'C', 'D']),
      finding_code: finding,
      ...(chance(0.5) ? { serial_match: chance(0.9) } : {}),
    })
    if (finding === 'confirmed_defect' && chance(0.6)) claim(unit, goods.supplier_id, inspected, net * quantity * 0.3)
    let parts = [{ id: unit, quantity }]
    let at = later(inspected, 3)
    if (quantity > 1 && chance(0.5)) {
      parts = [
        { id: `${unit}-a`, quantity: 1 },
        { id: `${unit}-b`, quantity: quantity - 1 },
      ]
      tell('unit.split', at, {
        unit_id: unit,
        into: parts.map((part) => ({ unit_id: part.id, quantity: part.quantity })),
      })
      at = later(at, 2)
    }
    for (const part of parts) if (chance(0.9)) finish(part.id, part.quantity, at, facility, net)
  }

  function finish(unit: string, quantity: number, at: number, facility: string, net: number) {
    tell('unit.dispositioned', at, {
      unit_id: unit,
      disposition: pick(['restock', 'liquidate', 'scrap', 'vendor_claim', 'quarantine']),
    })
    if (chance(0.4)) return
    const steps = chance(0.5) ? ['hold', pick(['quarantine', 'refurbish', 'hold'])] : []
    let from = 'received'
    for (const to of [
      ...steps,
      pick(['restocked', 'liquidated', 'scrapped', 'returned_to_vendor', 'donated', 'lost']),
    ]) {
      at += between(HOUR, 12 * DAY)
      const value = chance(0.5) ? { unit_value: (net * 0.2).toFixed(2), currency: 'EUR' } : {}
      tell('unit.moved', at, {
        movement_id: `${unit}-${to}-${at}`,
        unit_id: unit,
        from_status: from,
        to_status: to,
        quantity,
        facility,
        ...value,
      })
      from = to
    }
  }

  function pay(unit: string, at: number, amount: number) {
    const times = chance(0.1) ? 2 : 1
    for (let i = 0; i < times; i++) {
      tell('settlement.paid', at + i * DAY, {
        settlement_id: `s-${unit}-${i}`,
        unit_id: unit,
        kind: pick(['refund', 'refund', 'store_credit', 'goodwill', 'chargeback']),
        amount: amount.toFixed(2),
        currency: 'EUR',
        tax_amount: (amount * 0.1).toFixed(2),
        fee_amount: chance(0.3) ? '5' : '0',
        entitled_amount: (amount * (chance(0.2) ? 0.8 : 1)).toFixed(2),
        fee_due_amount: chance(0.3) ? '7.50' : '0',
        ...(chance(0.1) ? { in_policy: false } : {}),
        ...(chance(0.1) ? { discrepancy_amount: '1.11' } : {}),
      })
    }
  }

  function spend(unit: string, at: number) {
    for (const kind of ['return_freight', 'labor', 'payment_fee', 'marketplace_fee'] as const) {
      if (chance(0.5))
        tell('cost.incurred', at + between(0, 5 * DAY), {
          cost_id: `c-${unit}-${kind}`,
          unit_id: unit,
          kind,
          amount: (between(-200, 900) / 100).toFixed(2),
          currency: 'EUR',
        })
    }
  }

  function claim(unit: string, supplier: string, at: number, amount: number) {
    const about = {
      claim_id: `k-${unit}`,
      unit_id: unit,
      supplier_id: supplier,
      amount: amount.toFixed(2),
      currency: 'EUR',
    }
    tell('claim.opened', at + 2 * DAY, about)
    if (chance(0.7)) tell('claim.accepted', at + 9 * DAY, { ...about, amount: (amount * 0.9).toFixed(2) })
    if (chance(0.6)) tell('claim.recovered', at + 20 * DAY, { ...about, amount: (amount * 0.8).toFixed(2) })
  }
}

/** mulberry32: small, seeded, good enough to draw from. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
