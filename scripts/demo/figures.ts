import type { CanonicalEvent } from '../../ingest/contract/event'
import type { EventType } from '../../ingest/contract/types'
import { parseAmount } from '../../lib/money'
import { DAY } from './calendar'
import { leakageOf, type PaidSettlement } from './leakage-figures'

/** Narrows an event by its type. */
export const is = <T extends EventType>(event: CanonicalEvent, type: T): event is CanonicalEvent<T> =>
  event.type === type

export interface SaleFigure {
  at: number
  sku: string
  quantity: number
  net: number
  category: string
  channel: string
  product: string
  supplier: string
  lot: string
  customer: string
}
export interface UnitFigure {
  id: string
  line: string
  quantity: number
  requestedAt: number
  returned: boolean
  type: string
  reason: string
  policyRow: string
  facility: string
  carrier: string
  scannedAt: number
  deliveredAt: number
  lostAt: number
  receivedAt: number
  receivedQuantity: number
  inspectedAt: number
  dispositionedAt: number
  finding: string
  condition: string
  serialMatch: boolean | undefined
  status: string
  statusAt: number
  refundedAt: number
  split: boolean
  settlements: Map<string, PaidSettlement>
}

/**
 * What a history holds, recomputed from its events alone and simply: for the generator's own tests and its command line. The product's
 * numbers come from its metrics, not from here.
 */
export class Figures {
  readonly types = new Map<EventType, number>()
  readonly sales = new Map<string, SaleFigure>()
  readonly units = new Map<string, UnitFigure>()
  total = 0
  latest = 0

  add(event: CanonicalEvent): void {
    this.total++
    this.types.set(event.type, (this.types.get(event.type) ?? 0) + 1)
    const at = Date.parse(event.time)
    this.latest = Math.max(this.latest, at)
    if (event.voided) {
      if (is(event, 'sale.shipped.v1')) this.sales.delete(event.data.order_line_id)
      return
    }
    if (is(event, 'sale.shipped.v1')) this.sale(event, at)
    else if ('unit_id' in event.data && typeof event.data.unit_id === 'string')
      this.stage(event, this.unit(event.data.unit_id), at)
  }

  private sale({ data }: CanonicalEvent<'sale.shipped.v1'>, at: number): void {
    this.sales.set(data.order_line_id, {
      at,
      sku: data.sku,
      quantity: data.quantity,
      net: Number(parseAmount(data.net_amount) ?? 0n) / 10_000,
      category: data.category ?? '',
      channel: data.channel,
      product: data.product_name ?? '',
      supplier: data.supplier_id ?? '',
      lot: data.lot ?? '',
      customer: data.customer_id ?? '',
    })
  }

  unit(id: string): UnitFigure {
    let unit = this.units.get(id)
    if (!unit) {
      unit = {
        id,
        line: '',
        quantity: 0,
        requestedAt: 0,
        returned: false,
        type: '',
        reason: '',
        policyRow: '',
        facility: '',
        carrier: '',
        scannedAt: 0,
        deliveredAt: 0,
        lostAt: 0,
        receivedAt: 0,
        receivedQuantity: 0,
        inspectedAt: 0,
        dispositionedAt: 0,
        finding: '',
        condition: '',
        serialMatch: undefined,
        status: '',
        statusAt: 0,
        refundedAt: 0,
        split: false,
        settlements: new Map(),
      }
      this.units.set(id, unit)
    }
    return unit
  }

  private stage(event: CanonicalEvent, unit: UnitFigure, at: number): void {
    if (is(event, 'return.requested.v1')) {
      const { data } = event
      Object.assign(unit, {
        line: data.order_line_id,
        quantity: data.quantity,
        requestedAt: at,
        returned: true,
        type: data.return_type ?? '',
        reason: data.reason_code,
        policyRow: data.policy_row ?? '',
        facility: data.facility ?? '',
      })
    } else if (is(event, 'return.rejected.v1') || is(event, 'return.cancelled.v1')) unit.returned = false
    else if (is(event, 'shipment.labelled.v1')) unit.carrier = event.data.carrier ?? ''
    else if (is(event, 'shipment.in_transit.v1')) {
      unit.scannedAt = at
      unit.carrier = event.data.carrier ?? ''
    } else if (is(event, 'shipment.delivered.v1')) unit.deliveredAt = at
    else if (is(event, 'shipment.lost.v1')) unit.lostAt = at
    else if (is(event, 'unit.received.v1')) {
      if (event.id.endsWith('-rc0')) return
      unit.receivedAt = at
      unit.receivedQuantity = event.data.quantity
      unit.facility = event.data.facility
    } else if (is(event, 'unit.inspected.v1')) {
      unit.inspectedAt = at
      unit.finding = event.data.finding_code
      unit.condition = event.data.condition_code
      unit.serialMatch = event.data.serial_match
    } else if (is(event, 'unit.dispositioned.v1')) unit.dispositionedAt ||= at
    else if (is(event, 'unit.split.v1')) {
      unit.split = true
      for (const part of event.data.into) {
        const child = this.unit(part.unit_id)
        Object.assign(child, {
          ...unit,
          ...child,
          id: part.unit_id,
          line: unit.line,
          reason: unit.reason,
          facility: unit.facility,
        })
        Object.assign(child, {
          quantity: part.quantity,
          returned: unit.returned,
          requestedAt: unit.requestedAt,
          type: unit.type,
        })
        Object.assign(child, {
          receivedAt: unit.receivedAt,
          receivedQuantity: unit.receivedQuantity,
          split: false,
          policyRow: unit.policyRow,
        })
      }
    } else if (is(event, 'unit.moved.v1')) {
      if (at < unit.statusAt) return
      unit.status = event.data.to_status
      unit.statusAt = at
    } else if (is(event, 'settlement.paid.v1')) {
      unit.settlements.set(event.data.settlement_id, { ...event.data, at })
      if (event.data.kind !== 'goodwill' && event.data.kind !== 'chargeback') unit.refundedAt ||= at
    }
  }

  /** Sum of leakage by category, in main units of mixed currencies, and the number of settlements in each. */
  leakage(now: number): Map<string, { value: number; cases: number }> {
    const sums = new Map<string, { value: number; cases: number }>()
    for (const unit of this.units.values())
      for (const [code, value] of leakageOf(unit, now)) {
        const sum = sums.get(code) ?? { value: 0, cases: 0 }
        sums.set(code, { value: sum.value + value, cases: sum.cases + 1 })
      }
    return sums
  }

  /** Pieces returned ÷ pieces sold of the sales that pass. */
  rate(passes: (sale: SaleFigure) => boolean): { rate: number; sold: number; returned: number } {
    let sold = 0
    let returned = 0
    for (const sale of this.sales.values()) if (passes(sale)) sold += sale.quantity
    for (const unit of this.units.values()) {
      const sale = this.sales.get(unit.line)
      if (sale && unit.returned && !unit.split && passes(sale)) returned += unit.quantity
    }
    return { rate: sold === 0 ? 0 : returned / sold, sold, returned }
  }

  /** Shares of a text over the units that pass, by units. */
  shares(
    of: (unit: UnitFigure) => string,
    passes: (unit: UnitFigure, sale: SaleFigure | undefined) => boolean,
  ): Map<string, number> {
    const counts = new Map<string, number>()
    let total = 0
    for (const unit of this.units.values()) {
      if (!passes(unit, this.sales.get(unit.line))) continue
      counts.set(of(unit), (counts.get(of(unit)) ?? 0) + 1)
      total++
    }
    return new Map([...counts].map(([key, count]) => [key, count / total] as const).sort((a, b) => b[1] - a[1]))
  }

  /** Quantiles of a number of days over the units that have it. */
  days(of: (unit: UnitFigure, sale: SaleFigure | undefined) => number | undefined, ...levels: number[]): number[] {
    const all: number[] = []
    for (const unit of this.units.values()) {
      const value = of(unit, this.sales.get(unit.line))
      if (value !== undefined) all.push(value / DAY)
    }
    all.sort((a, b) => a - b)
    return levels.map((level) => all[Math.min(all.length - 1, Math.floor(level * all.length))] ?? Number.NaN)
  }
}
