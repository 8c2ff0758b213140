import { DAY } from './calendar'
import { CATEGORIES, CHANNELS } from './channels'
import { FACILITIES } from './facilities'
import type { Figures } from './figures'
import { FAILING_CARRIER, RING_CUSTOMERS, SMALL_FAMILY, SPIKE, storyOf, within } from './story'

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`
const mix = (shares: Map<string, number>): string =>
  [...shares]
    .slice(0, 12)
    .map(([key, value]) => `${key} ${(value * 100).toFixed(0)}`)
    .join(', ')

/** Prints what a history shows: volumes, rates, reasons, outcomes, times, leakage and the story. */
export function printFigures(figures: Figures, today: Date): void {
  const now = today.getTime()
  const story = storyOf(today)
  const mature = now - 75 * DAY
  for (const [type, count] of [...figures.types].sort()) console.log(String(count).padStart(9), type)
  console.log(`sale lines ${figures.sales.size}, return units ${figures.units.size}`)
  for (const channel of CHANNELS) {
    const { rate, sold } = figures.rate((sale) => sale.channel === channel && sale.at < mature)
    console.log(`${channel}: sold ${sold}, returned ${percent(rate)}`)
  }
  for (const category of CATEGORIES) {
    const web = figures.rate((sale) => sale.category === category && sale.channel.startsWith('web') && sale.at < mature)
    const final = [
      'restocked',
      'liquidated',
      'returned_to_vendor',
      'scrapped',
      'donated',
      'returned_to_customer',
      'lost',
    ]
    console.log(`${category}: web ${percent(web.rate)} of ${web.sold}`)
    console.log(
      '  reasons',
      mix(
        figures.shares(
          (unit) => unit.reason,
          (unit, sale) => unit.requestedAt > 0 && sale?.category === category,
        ),
      ),
    )
    console.log(
      '  findings',
      mix(
        figures.shares(
          (unit) => unit.finding,
          (unit, sale) => unit.inspectedAt > 0 && sale?.category === category,
        ),
      ),
    )
    console.log(
      '  outcomes',
      mix(
        figures.shares(
          (unit) => unit.status,
          (unit, sale) =>
            final.includes(unit.status) && sale?.category === category && unit.requestedAt < now - 120 * DAY,
        ),
      ),
    )
  }
  const lag = (name: string, values: number[]) =>
    console.log(`${name}: ${values.map((value) => value.toFixed(2)).join(' / ')} d`)
  lag(
    'sale to request p10/50/90',
    figures.days((unit, sale) => (sale && unit.requestedAt ? unit.requestedAt - sale.at : undefined), 0.1, 0.5, 0.9),
  )
  lag(
    'request to receipt p50/90',
    figures.days(
      (unit) => (unit.receivedAt && unit.requestedAt ? unit.receivedAt - unit.requestedAt : undefined),
      0.5,
      0.9,
    ),
  )
  lag(
    'inspection to refund p50/90',
    figures.days(
      (unit) => (unit.inspectedAt && unit.refundedAt ? unit.refundedAt - unit.inspectedAt : undefined),
      0.5,
      0.9,
    ),
  )
  lag(
    'request to refund p50/90',
    figures.days(
      (unit) => (unit.requestedAt && unit.refundedAt ? unit.refundedAt - unit.requestedAt : undefined),
      0.5,
      0.9,
    ),
  )
  for (const facility of FACILITIES) {
    const waiting = (from: number, to: number) =>
      figures.days(
        (unit) =>
          unit.facility === facility && unit.inspectedAt && unit.receivedAt >= from && unit.receivedAt < to
            ? unit.inspectedAt - unit.receivedAt
            : undefined,
        0.5,
        0.9,
      )
    lag(`${facility} receipt to inspection before`, waiting(0, story.understaffedFrom))
    lag(`${facility} receipt to inspection since`, waiting(story.understaffedFrom, now))
    const open = [56, 42, 28, 14, 0].map((days) => {
      let count = 0
      const at = now - days * DAY
      for (const unit of figures.units.values())
        if (
          unit.facility === facility &&
          unit.receivedAt > 0 &&
          unit.receivedAt <= at &&
          !(unit.dispositionedAt > 0 && unit.dispositionedAt <= at) &&
          unit.status !== 'lost'
        )
          count++
      return count
    })
    console.log(`  backlog 8, 6, 4, 2, 0 weeks ago: ${open.join(', ')}`)
  }
  console.log(
    'open by status',
    mix(
      figures.shares(
        (unit) => unit.status,
        (unit) => !['restocked', 'cancelled', 'lost'].includes(unit.status),
      ),
    ),
  )
  for (const [code, { value, cases }] of [...figures.leakage(now)].sort())
    console.log(`${code}: ${value.toFixed(0)} in ${cases}`)
  let refunds = 0
  for (const unit of figures.units.values())
    for (const paid of unit.settlements.values()) refunds += Number(paid.amount)
  console.log(`refunds ${refunds.toFixed(0)} (currencies added as they are)`)
  const web = (from: number, to: number) =>
    figures.rate((sale) => sale.channel === 'web-eu' && sale.at >= from && sale.at < to)
  console.log(
    `spike lot: ${percent(figures.rate((sale) => sale.lot === SPIKE.lot).rate)} of ${figures.rate((sale) => sale.lot === SPIKE.lot).sold}; the product otherwise ${percent(figures.rate((sale) => sale.product.startsWith(SPIKE.product) && sale.lot !== SPIKE.lot && sale.at < mature).rate)}`,
  )
  console.log(
    `small family ${percent(figures.rate((sale) => sale.product.startsWith(SMALL_FAMILY.name) && sale.at < mature).rate)}: ${mix(
      figures.shares(
        (unit) => unit.reason,
        (unit, sale) => unit.requestedAt > 0 && (sale?.product.startsWith(`${SMALL_FAMILY.name} `) ?? false),
      ),
    )}`,
  )
  console.log(
    `web-eu sold weeks -7..-4 ${percent(web(now - 49 * DAY, now - 28 * DAY).rate)}, weeks -12..-8 ${percent(web(now - 84 * DAY, now - 56 * DAY).rate)}`,
  )
  const failing = (inside: boolean) =>
    figures.shares(
      (unit) => (unit.lostAt > 0 ? 'lost' : 'arrived'),
      (unit) =>
        unit.carrier === FAILING_CARRIER &&
        unit.scannedAt > 0 &&
        (unit.lostAt > 0 || unit.deliveredAt > 0) &&
        within(story.carrierFailure, unit.scannedAt) === inside,
    )
  console.log(`${FAILING_CARRIER} in its bad days: ${mix(failing(true))}; else: ${mix(failing(false))}`)
  const ring = new Set(Array.from({ length: RING_CUSTOMERS }, (_, index) => `c-eu-${95_999 - index}`))
  let ringRefunds = 0
  let ringUnits = 0
  for (const unit of figures.units.values()) {
    if (!ring.has(figures.sales.get(unit.line)?.customer ?? '')) continue
    ringUnits++
    for (const paid of unit.settlements.values()) ringRefunds += Number(paid.amount)
  }
  console.log(`ring: ${ringUnits} units, refunds ${ringRefunds.toFixed(0)}`)
  const months = new Map<string, number>()
  const weekdays = new Map<string, number>()
  for (const unit of figures.units.values()) {
    if (!unit.requestedAt) continue
    const time = new Date(unit.requestedAt).toISOString()
    months.set(time.slice(0, 7), (months.get(time.slice(0, 7)) ?? 0) + 1)
    const weekday = new Date(unit.requestedAt).toUTCString().slice(0, 3)
    weekdays.set(weekday, (weekdays.get(weekday) ?? 0) + 1)
  }
  console.log(
    'requests by month',
    [...months]
      .sort()
      .map(([key, count]) => `${key} ${count}`)
      .join(', '),
  )
  console.log('requests by weekday', [...weekdays].map(([key, count]) => `${key} ${count}`).join(', '))
}
