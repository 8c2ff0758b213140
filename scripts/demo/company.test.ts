import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CanonicalEvent, eventSchema } from '../../ingest/contract/event'
import { EVENT_TYPES } from '../../ingest/contract/types'
import { allowsSource } from '../../lib/auth/api-keys'
import { parseAmount } from '../../lib/money'
import { DAY } from './calendar'
import { events, makeWorld, monthsOf } from './company'
import { SOURCES } from './emitter'
import { is } from './figures'
import { writeMonth } from './month'

const TODAY = new Date('2026-11-23T14:00:00Z')
const options = { seed: 7, today: TODAY, months: 18, scale: 0.04 }
let all: CanonicalEvent[] = []

beforeAll(() => {
  all = [...events(options)]
})

const digest = (lines: Iterable<string>): string => {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line).update('\n')
  return hash.digest('hex')
}

describe('the same options', () => {
  const small = { seed: 7, today: TODAY, months: 3, scale: 0.01 }
  const lines = (seed: number) => [...events({ ...small, seed })].map((event) => JSON.stringify(event))

  test('give the same events to the byte, and another seed gives others', () => {
    expect(digest(lines(7))).toBe(digest(lines(7)))
    expect(digest(lines(8))).not.toBe(digest(lines(7)))
  })

  test('give the same events however the months are divided among processes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-months-'))
    try {
      const historyEnd = TODAY.getTime() - 2 * DAY
      const written = monthsOf(makeWorld(small)).flatMap((span, index) => {
        const file = join(folder, String(index))
        const made = writeMonth({ ...small, today: TODAY.getTime(), span, file, append: false, historyEnd })
        const known = readFileSync(file, 'utf8').split('\n').filter(Boolean)
        expect(known.every((line) => Date.parse(JSON.parse(line).time) <= historyEnd)).toBe(true)
        return [...known, ...made.recent.map(([, line]) => line)]
      })
      const whole = lines(7).filter((line) => !line.includes('stock.') && !line.includes('backlog_over_limit'))
      expect(digest(written.sort())).toBe(digest(whole.sort()))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('every event', () => {
  test("may be told with the demo company's own keys", () => {
    const sources = new Set(all.map(({ source }) => source))
    expect(sources.size).toBeGreaterThan(5)
    expect([...sources].filter((source) => !allowsSource({ sources: SOURCES }, source))).toEqual([])
  })

  test('type occurs', () => {
    expect(new Set(all.map((event) => event.type))).toEqual(new Set(EVENT_TYPES))
  })

  test('passes the contract', () => {
    const seen = new Map<string, number>()
    const schemas = new Map(EVENT_TYPES.map((type) => [type, eventSchema(type)]))
    for (const event of all) {
      const count = seen.get(event.type) ?? 0
      seen.set(event.type, count + 1)
      // All of the rare types, and every so often one of the frequent ones.
      if (count > 300 && count % 97 !== 0) continue
      const parsed = schemas.get(event.type)?.safeParse(JSON.parse(JSON.stringify(event)))
      if (!parsed?.success) expect.fail(`${JSON.stringify(event)} ${parsed?.error.message}`)
    }
  })

  test('lies in the past', () => {
    for (const event of all) if (Date.parse(event.time) > TODAY.getTime()) expect.fail(JSON.stringify(event))
  })

  test('has an identity of its own; corrections and withdrawals follow what they replace', () => {
    const versions = new Map<string, number[]>()
    let voided = 0
    for (const event of all) {
      const key = `${event.source} ${event.id}`
      versions.set(key, [...(versions.get(key) ?? []), event.revision ?? 0])
      if (event.voided) voided++
    }
    const repeated = [...versions.values()].filter((revisions) => revisions.length > 1)
    expect(repeated.every((revisions) => revisions.join() === '0,1')).toBe(true)
    expect(repeated.length).toBeGreaterThan(20)
    expect(repeated.length).toBeLessThan(all.length / 300)
    expect(voided).toBeGreaterThan(5)
  })
})

describe('books', () => {
  const cents = (value: string | number | undefined): bigint => (parseAmount(value ?? '0') ?? 0n) / 100n

  test('balance in every entry', () => {
    let entries = 0
    for (const event of all) {
      if (!is(event, 'journal.posted.v1')) continue
      entries++
      const sum = event.data.lines.reduce((total, line) => total + cents(line.debit) - cents(line.credit), 0n)
      if (sum !== 0n) expect.fail(JSON.stringify(event))
    }
    expect(entries).toBeGreaterThan(10_000)
  })

  test('hold in each inventory account what the movements put there', () => {
    const booked = new Map<string, bigint>()
    const units = new Map<string, { account: string; value: bigint }>()
    for (const event of all) {
      if (is(event, 'journal.posted.v1')) {
        for (const line of event.data.lines) {
          const key = `${line.account} ${event.data.currency}`
          booked.set(key, (booked.get(key) ?? 0n) + cents(line.debit) - cents(line.credit))
        }
      } else if (is(event, 'unit.moved.v1')) {
        const { unit_id, to_status, quantity, unit_value, currency } = event.data
        units.set(unit_id, {
          account: `inventory.${to_status} ${currency}`,
          value: cents(unit_value) * BigInt(quantity),
        })
      } else if (is(event, 'unit.split.v1')) {
        const parent = units.get(event.data.unit_id)
        const pieces = event.data.into.reduce((sum, part) => sum + part.quantity, 0)
        if (!parent) continue
        for (const part of event.data.into)
          units.set(part.unit_id, { ...parent, value: (parent.value / BigInt(pieces)) * BigInt(part.quantity) })
        units.delete(event.data.unit_id)
      }
    }
    const held = new Map<string, bigint>()
    for (const { account, value } of units.values()) held.set(account, (held.get(account) ?? 0n) + value)
    const stock = [
      'received',
      'hold',
      'quarantine',
      'refurbish',
      'vendor',
      'sellable',
      'liquidation',
      'scrap',
      'restocked',
    ]
    for (const status of stock)
      for (const currency of ['EUR', 'USD', 'GBP', 'PLN']) {
        const key = `inventory.${status} ${currency}`
        expect(booked.get(key) ?? 0n, key).toBe(held.get(key) ?? 0n)
      }
  })
})

describe('units', () => {
  test('move from where they are, and never on from a final status', () => {
    const status = new Map<string, string>()
    for (const event of all) {
      if (is(event, 'unit.split.v1'))
        for (const part of event.data.into) status.set(part.unit_id, status.get(event.data.unit_id) ?? '')
      if (!is(event, 'unit.moved.v1')) continue
      const before = status.get(event.data.unit_id) ?? 'expected'
      if (before !== event.data.from_status)
        expect.fail(`${event.id} moves from ${event.data.from_status}, lies in ${before}`)
      status.set(event.data.unit_id, event.data.to_status)
    }
  })

  test('keep their quantity when they are split', () => {
    const quantity = new Map<string, number>()
    let splits = 0
    for (const event of all) {
      if (is(event, 'return.requested.v1')) quantity.set(event.data.unit_id, event.data.quantity)
      if (!is(event, 'unit.split.v1')) continue
      splits++
      const parts = event.data.into.reduce((sum, part) => sum + part.quantity, 0)
      expect(parts).toBe(quantity.get(event.data.unit_id))
    }
    expect(splits).toBeGreaterThan(2)
  })

  test('go through other hands at receipt, inspection and approval', () => {
    const receiver = new Map<string, string>()
    const inspector = new Map<string, string>()
    for (const event of all) {
      if (is(event, 'unit.received.v1')) receiver.set(event.data.unit_id, event.data.actor ?? '')
      if (is(event, 'unit.inspected.v1')) {
        expect(event.data.actor).not.toBe(receiver.get(event.data.unit_id))
        inspector.set(event.data.unit_id, event.data.actor ?? '')
      }
      if (is(event, 'settlement.approved.v1') && inspector.has(event.data.unit_id))
        expect(event.data.actor).not.toBe(inspector.get(event.data.unit_id))
    }
  })

  test('reach their stages in order', () => {
    const at = new Map<string, number>()
    const order: [string, string][] = [
      ['shipment.in_transit.v1', 'shipment.delivered.v1'],
      ['shipment.delivered.v1', 'unit.received.v1'],
      ['unit.received.v1', 'unit.inspected.v1'],
      ['unit.inspected.v1', 'unit.dispositioned.v1'],
      ['settlement.proposed.v1', 'settlement.approved.v1'],
      ['settlement.approved.v1', 'settlement.paid.v1'],
    ]
    const idOf = ({ data }: CanonicalEvent) => String('settlement_id' in data ? data.settlement_id : data.unit_id)
    for (const event of all)
      if (!event.voided && !event.id.endsWith('-rc0')) at.set(`${event.type} ${idOf(event)}`, Date.parse(event.time))
    for (const event of all)
      for (const [earlier, later] of order) {
        if (event.type !== later) continue
        const before = at.get(`${earlier} ${idOf(event)}`)
        if (before !== undefined) expect(before, JSON.stringify(event)).toBeLessThanOrEqual(Date.parse(event.time))
      }
  })
})
