import type { AnyEvent } from '../../ingest/contract/event'
import { hashOf } from '../../ingest/contract/fingerprint'
import { convert, parseAmount, RATE_SCALE } from '../../lib/money'

/**
 * The oracle's first half: docs/facts.md once more, in plain TypeScript, from the distinct events. Nothing of clickhouse/ or lib/metrics is
 * read here. Names follow the page.
 */
export interface References {
  reporting: string
  rates: readonly { currency: string; day: string; rate: string }[]
  suppliers: readonly { id: string; coverage: string; windowDays: number }[]
}

export type Data = Record<string, unknown>

/** A live event with what the order needs. */
export interface Live {
  source: string
  id: string
  type: string
  time: number
  sequence: string
  data: Data
}

export const text = (data: Data, name: string): string => (typeof data[name] === 'string' ? data[name] : '')
export const count = (data: Data, name: string): number => (typeof data[name] === 'number' ? data[name] : 0)
export const given = (data: Data, name: string): boolean => data[name] !== undefined
export const money = (data: Data, name: string): bigint => {
  const value = data[name]
  return (typeof value === 'string' || typeof value === 'number' ? parseAmount(value) : undefined) ?? 0n
}
const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

export const inOrder = (a: Live, b: Live): number =>
  a.time - b.time || bytes(a.sequence, b.sequence) || bytes(a.source, b.source) || bytes(a.id, b.id)
export const latest = (events: readonly Live[]): Live | undefined =>
  events.reduce<Live | undefined>((best, event) => (best && inOrder(best, event) >= 0 ? best : event), undefined)
export const earliest = (events: readonly Live[]): number =>
  events.reduce((time, event) => (time === 0 ? event.time : Math.min(time, event.time)), 0)

/** Of the versions of one identity the highest (revision, then content hash) counts; voided winners count as nothing. */
export function liveEvents(raws: readonly string[]): Live[] {
  const winners = new Map<string, { revision: number; hash: number; event: AnyEvent }>()
  for (const raw of raws) {
    const event: AnyEvent = JSON.parse(raw)
    const key = `${event.source}\u0000${event.id}`
    const candidate = { revision: event.revision ?? 0, hash: hashOf(raw), event }
    const known = winners.get(key)
    if (
      !known ||
      candidate.revision > known.revision ||
      (candidate.revision === known.revision && candidate.hash > known.hash)
    )
      winners.set(key, candidate)
  }
  return [...winners.values()]
    .filter(({ event }) => !event.voided)
    .map(({ event }) => ({
      source: event.source,
      id: event.id,
      type: event.type,
      time: Date.parse(event.time),
      sequence: event.sequence ?? '',
      data: { ...event.data },
    }))
}

export function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

const tenPlaces = (rate: string): bigint => {
  const [whole = '0', part = ''] = rate.split('.')
  return BigInt(whole + part.padEnd(10, '0'))
}

/** Conversion to the reporting currency on the UTC day of a time. */
export function converter({ reporting, rates }: References): (amount: bigint, currency: string, at: number) => bigint {
  const byCurrency = grouped(
    [...rates].sort((a, b) => bytes(a.day, b.day)),
    (rate) => rate.currency,
  )
  return (amount, currency, at) => {
    if (currency === '' || currency === reporting) return convert(amount, RATE_SCALE)
    const list = byCurrency.get(currency) ?? []
    const row = list.findLast(({ day }) => day <= dayOf(at)) ?? list[0]
    return row ? convert(amount, tenPlaces(row.rate)) : 0n
  }
}

/** Kinds of settlement that give the customer money or goods for a return. */
export const CREDITING = ['refund', 'exchange', 'store_credit', 'partial_credit']

export interface Sale {
  line: string
  at: number
  data: Data
  quantity: number
  net: bigint
  cost: bigint
}

export interface Settlement {
  id: string
  unit: string
  paid: boolean
  paidAt: number
  data: Data
  firstSeen: number
}

export interface Claim {
  id: string
  unit: string
  claimedAt: number
  claimed: bigint
  acceptedAt: number
  accepted: bigint
  recoveredAt: number
  recovered: bigint
  firstSeen: number
}

export interface Fact {
  id: string
  unit: string
  at: number
  event: Live
}

export interface Facts {
  sales: Map<string, Sale>
  settlements: Settlement[]
  claims: Claim[]
  costs: Fact[]
  movements: Fact[]
  stage: Live[]
}

/** Sections 2 and 3: facts with an id of their own, and sales. */
export function factsOf(events: readonly Live[], references: References): Facts {
  const inReporting = converter(references)
  const of = (prefix: string) => events.filter(({ type }) => type.startsWith(prefix))
  const simple = (prefix: string, key: string): Fact[] =>
    [...grouped(of(prefix), ({ data }) => text(data, key))].map(([id, group]) => {
      const event = latest(group) as Live
      return { id, unit: text(event.data, 'unit_id'), at: event.time, event }
    })
  const sales = [...grouped(of('sale.'), ({ data }) => text(data, 'order_line_id'))].map(
    ([line, group]): [string, Sale] => {
      const at = earliest(group)
      const { data } = latest(group) as Live
      const currency = text(data, 'currency')
      const quantity = count(data, 'quantity')
      return [
        line,
        {
          line,
          at,
          data,
          quantity,
          net: inReporting(money(data, 'net_amount'), currency, at),
          cost: inReporting(BigInt(quantity) * money(data, 'unit_cost'), currency, at),
        },
      ]
    },
  )
  const settlements = [...grouped(of('settlement.'), ({ data }) => text(data, 'settlement_id'))].map(
    ([id, group]): Settlement => {
      const last = latest(group) as Live
      return {
        id,
        unit: text(last.data, 'unit_id'),
        paid: last.type === 'settlement.paid.v1',
        paidAt: earliest(group.filter(({ type }) => type === 'settlement.paid.v1')),
        data: last.data,
        firstSeen: earliest(group),
      }
    },
  )
  const claims = [...grouped(of('claim.'), ({ data }) => text(data, 'claim_id'))].map(([id, group]): Claim => {
    const last = latest(group) as Live
    const part = (...types: string[]) => {
      const some = group.filter(({ type }) => types.includes(type))
      const at = earliest(some)
      const value = latest(some)
      return { at, value: value ? inReporting(money(value.data, 'amount'), text(value.data, 'currency'), at) : 0n }
    }
    const claimed = part('claim.opened.v1', 'claim.submitted.v1')
    const accepted = last.type === 'claim.rejected.v1' ? { at: 0, value: 0n } : part('claim.accepted.v1')
    const recovered = part('claim.recovered.v1')
    return {
      id,
      unit: text(last.data, 'unit_id'),
      claimedAt: claimed.at,
      claimed: claimed.value,
      acceptedAt: accepted.at,
      accepted: accepted.value,
      recoveredAt: recovered.at,
      recovered: recovered.value,
      firstSeen: earliest(group),
    }
  })
  const stage = events.filter(({ type }) => /^(return|shipment|unit)\./.test(type) && type !== 'unit.moved.v1')
  return {
    sales: new Map(sales),
    settlements,
    claims,
    costs: simple('cost.', 'cost_id'),
    movements: simple('unit.moved', 'movement_id'),
    stage,
  }
}
