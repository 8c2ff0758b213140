import { beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR } from './calendar'
import { events } from './company'
import { Figures, type UnitFigure } from './figures'
import { FAILING_CARRIER, SMALL_FAMILY, SPIKE, storyOf, within } from './story'

/** What the history shows, held against the figures of the field (docs/demo-company.md names them) and against its own story. */
const TODAY = new Date('2026-11-23T14:00:00Z')
const SCALE = 0.1
const now = TODAY.getTime()
const story = storyOf(TODAY)
const mature = now - 75 * DAY
const figures = new Figures()

beforeAll(() => {
  for (const event of events({ seed: 7, today: TODAY, months: 18, scale: SCALE })) figures.add(event)
})

const near = (value: number, wanted: number, tolerance: number, what = '') => {
  expect(value, what).toBeGreaterThan(wanted - tolerance)
  expect(value, what).toBeLessThan(wanted + tolerance)
}
const requested = (unit: UnitFigure) => unit.requestedAt > 0

describe('size', () => {
  test('about 600,000 sale lines and 80,000 return units at scale 1', () => {
    near(figures.sales.size / SCALE, 600_000, 20_000)
    let units = 0
    for (const unit of figures.units.values()) if (requested(unit) && !unit.split) units++
    near(units / SCALE, 82_000, 6_000)
  })
})

describe('rates', () => {
  test.each([
    ['apparel', 0.28, 0.03],
    ['footwear', 0.27, 0.035],
    ['electronics', 0.12, 0.02],
    ['home', 0.09, 0.015],
    ['beauty', 0.06, 0.01],
  ])('%s: %d of the pieces sold in the own shops come back', (category, wanted, tolerance) => {
    const { rate } = figures.rate(
      (sale) => sale.category === category && sale.channel.startsWith('web') && sale.at < mature,
    )
    near(rate, wanted, tolerance)
  })

  test('the marketplace has four fifths of the own shops, trade about a third', () => {
    const of = (channel: string) =>
      figures.rate((sale) => sale.category === 'home' && sale.channel === channel && sale.at < mature).rate
    near(of('amazon-de') / of('web-eu'), 0.8, 0.2)
    near(of('wholesale') / of('web-eu'), 0.35, 0.25)
  })

  test('each category has its reasons', () => {
    const share = (category: string, ...reasons: string[]) => {
      const shares = figures.shares(
        (unit) => unit.reason,
        (unit, sale) => requested(unit) && sale?.category === category,
      )
      return reasons.reduce((sum, reason) => sum + (shares.get(reason) ?? 0), 0)
    }
    near(share('apparel', 'too_small', 'too_large'), 0.5, 0.08)
    near(share('electronics', 'defective'), 0.27, 0.05)
    near(share('home', 'damaged_in_transit'), 0.22, 0.05)
    near(share('beauty', 'changed_mind'), 0.29, 0.06)
  })

  test('inspection bears out 78 of 100 reasons', () => {
    const fine = ['as_new', 'no_fault_found', 'packaging_only']
    const borneOut: Record<string, string[]> = {
      defective: ['confirmed_defect'],
      quality: ['confirmed_defect'],
      warranty: ['confirmed_defect'],
      recall: ['confirmed_defect'],
      damaged_in_transit: ['transit_damage'],
      wrong_item: ['wrong_item_returned', 'as_new'],
      missing_part: ['incomplete'],
      allergic_reaction: ['used'],
    }
    const shares = figures.shares(
      (unit) => (unit.reason === 'other' || (borneOut[unit.reason] ?? fine).includes(unit.finding) ? 'yes' : 'no'),
      (unit) => unit.inspectedAt > 0 && requested(unit),
    )
    near(shares.get('yes') ?? 0, 0.78, 0.05)
  })

  test('each category has its outcomes', () => {
    const physical = ['restocked', 'liquidated', 'returned_to_vendor', 'scrapped', 'donated', 'returned_to_customer']
    const outcomes = (category: string) =>
      figures.shares(
        (unit) => unit.status,
        (unit, sale) =>
          physical.includes(unit.status) && sale?.category === category && unit.requestedAt < now - 120 * DAY,
      )
    // Restocked holds what was refurbished and sold again as B stock.
    near(outcomes('apparel').get('restocked') ?? 0, 0.9, 0.05)
    near(outcomes('electronics').get('restocked') ?? 0, 0.74, 0.07)
    near(outcomes('electronics').get('returned_to_vendor') ?? 0, 0.1, 0.045)
    near(outcomes('home').get('restocked') ?? 0, 0.67, 0.07)
    near((outcomes('beauty').get('scrapped') ?? 0) + (outcomes('beauty').get('donated') ?? 0), 0.53, 0.07)
  })
})

describe('times', () => {
  test('customers ask about two weeks after the sale, with a long tail', () => {
    const [p10 = 0, p50 = 0, p90 = 0] = figures.days(
      (unit, sale) => (sale && unit.requestedAt ? unit.requestedAt - sale.at : undefined),
      0.1,
      0.5,
      0.9,
    )
    near(p10, 6, 2)
    near(p50, 12, 3)
    near(p90, 28, 6)
  })

  test('parcels take a week, inspections two days, the money another', () => {
    const median = (from: keyof UnitFigure, to: keyof UnitFigure) =>
      figures.days(
        (unit) => (Number(unit[from]) > 0 && Number(unit[to]) > 0 ? Number(unit[to]) - Number(unit[from]) : undefined),
        0.5,
      )[0] ?? 0
    near(median('requestedAt', 'receivedAt'), 7.7, 1.5)
    near(median('receivedAt', 'inspectedAt'), 1.1, 0.5)
    near(median('requestedAt', 'refundedAt'), 8.8, 1.5)
  })

  test('more is asked for on Mondays, and in January nearly twice as much', () => {
    const weekdays = new Array<number>(7).fill(0)
    const months = new Map<string, number>()
    for (const unit of figures.units.values()) {
      if (!requested(unit)) continue
      const time = new Date(unit.requestedAt)
      weekdays[time.getUTCDay()] = (weekdays[time.getUTCDay()] ?? 0) + 1
      const month = time.toISOString().slice(0, 7)
      months.set(month, (months.get(month) ?? 0) + 1)
    }
    expect(weekdays.indexOf(Math.max(...weekdays))).toBe(1)
    const usual = ['2025-09', '2025-10', '2026-03', '2026-04', '2026-05', '2026-06'].map(
      (month) => months.get(month) ?? 0,
    )
    near((months.get('2026-01') ?? 0) / (usual.reduce((sum, count) => sum + count, 0) / usual.length), 1.8, 0.3)
  })
})

describe('leakage', () => {
  test('occurs in every category, and comes to a few percent of what was credited', () => {
    const leakage = figures.leakage(now)
    const codes = Array.from({ length: 13 }, (_, index) => `L${index + 1}`)
    for (const code of codes) expect(leakage.get(code)?.cases ?? 0, code).toBeGreaterThan(3)
    let refunds = 0
    for (const unit of figures.units.values())
      for (const paid of unit.settlements.values()) refunds += Number(paid.amount)
    const leaked = [...leakage.values()].reduce((sum, { value }) => sum + value, 0)
    near(leaked / refunds, 0.035, 0.015)
  })
})

describe('the story', () => {
  test('a lot of one product of one supplier is bad', () => {
    const bad = figures.rate((sale) => sale.lot === SPIKE.lot)
    const else_ = figures.rate(
      (sale) => sale.product.startsWith(SPIKE.product) && sale.lot !== SPIKE.lot && sale.at < mature,
    )
    expect(bad.rate).toBeGreaterThan(2.5 * else_.rate)
    const findings = figures.shares(
      (unit) => unit.finding,
      (unit, sale) => sale?.lot === SPIKE.lot && unit.inspectedAt > 0,
    )
    expect(findings.get('confirmed_defect') ?? 0).toBeGreaterThan(0.75)
  })

  test('a carrier loses and delays parcels for ten days', () => {
    const end = (inside: boolean) =>
      figures
        .shares(
          (unit) => (unit.lostAt > 0 ? 'lost' : 'here'),
          (unit) =>
            unit.carrier === FAILING_CARRIER &&
            (unit.lostAt > 0 || unit.deliveredAt > 0) &&
            unit.scannedAt > 0 &&
            within(story.carrierFailure, unit.scannedAt) === inside,
        )
        .get('lost') ?? 0
    expect(end(true)).toBeGreaterThan(0.15)
    expect(end(false)).toBeLessThan(0.02)
  })

  test('free returns raise the rate of the EU shop', () => {
    const rate = (from: number, to: number) =>
      figures.rate((sale) => sale.channel === 'web-eu' && sale.at >= now - from * DAY && sale.at < now - to * DAY).rate
    expect(rate(49, 30) / rate(90, 56)).toBeGreaterThan(1.08)
  })

  test('Łódź loses its night shift, and its queue grows', () => {
    const backlog = (weeks: number) => {
      const at = now - weeks * 7 * DAY
      let count = 0
      for (const unit of figures.units.values())
        if (
          unit.facility === 'lodz' &&
          unit.receivedAt > 0 &&
          unit.receivedAt <= at &&
          !(unit.dispositionedAt > 0 && unit.dispositionedAt <= at)
        )
          count++
      return count
    }
    expect(backlog(0)).toBeGreaterThan(1.8 * backlog(6))
    const [wait = 0] = figures.days(
      (unit) =>
        unit.facility === 'lodz' && unit.receivedAt > story.understaffedFrom + 20 * DAY && unit.inspectedAt > 0
          ? unit.inspectedAt - unit.receivedAt
          : undefined,
      0.5,
    )
    expect(wait).toBeGreaterThan(2.2)
    const nights = [...figures.units.values()].filter(
      (unit) =>
        unit.facility === 'lodz' &&
        unit.inspectedAt > story.understaffedFrom + DAY &&
        new Date(unit.inspectedAt + HOUR).getUTCHours() < 5,
    )
    expect(nights).toHaveLength(0)
  })

  test('a ring of customers sends back what it did not buy', () => {
    const ring = figures.shares(
      (unit) => (unit.receivedAt === 0 ? 'nothing' : unit.finding || 'waiting'),
      (unit, sale) =>
        requested(unit) &&
        (sale?.customer.startsWith('c-eu-9597') ||
          sale?.customer.startsWith('c-eu-9598') ||
          sale?.customer.startsWith('c-eu-9599') ||
          false),
    )
    expect(
      (ring.get('empty_box') ?? 0) + (ring.get('wrong_item_returned') ?? 0) + (ring.get('nothing') ?? 0),
    ).toBeGreaterThan(0.6)
  })

  test('a family of shoes runs small', () => {
    const passes = (name: string) => name.startsWith(`${SMALL_FAMILY.name} `)
    expect(figures.rate((sale) => passes(sale.product) && sale.at < mature).rate).toBeGreaterThan(0.3)
    const reasons = figures.shares(
      (unit) => unit.reason,
      (unit, sale) => requested(unit) && passes(sale?.product ?? ''),
    )
    expect(reasons.get('too_small') ?? 0).toBeGreaterThan(0.55)
  })
})
