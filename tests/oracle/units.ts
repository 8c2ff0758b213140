import { divideHalfEven } from '../../lib/money'
import { type Disposition, STATUS_OF_DISPOSITION } from '../../lib/returns/codes'
import {
  type Claim,
  CREDITING,
  converter,
  count,
  type Data,
  earliest,
  type Fact,
  type Facts,
  given,
  grouped,
  inOrder,
  type Live,
  latest,
  money,
  type References,
  type Sale,
  type Settlement,
  text,
} from './facts'
import { type Leak, leaksOf } from './leaks'

/** Section 4: what a return unit is. Times are milliseconds, 0 = never; money is in 1/10,000 of the reporting currency. */
export interface Unit {
  id: string
  bornAt: number
  splitAt: number
  quantity: number
  fullQuantity: number
  receivedQuantity: number
  hasSale: boolean
  returned: boolean
  decision: string
  soldAt: number
  times: Record<string, number>
  refundedAt: number
  codes: Record<string, string>
  /** true, false or not given. */
  serialMatch: boolean | undefined
  log: { at: number; status: string }[]
  status: string
  statusAt: number
  outcome: string
  finalAt: number
  costValue: bigint
  fullCostValue: bigint
  saleValue: bigint
  claimable: bigint
  claimableAt: number
  claimUntil: number
  money: { component: string; at: number; amount: bigint }[]
  credits: { id: string; kind: string; at: number; amount: bigint }[]
  leaks: Leak[]
  claims: Claim[]
}

const FINAL = [
  'restocked',
  'liquidated',
  'returned_to_vendor',
  'scrapped',
  'donated',
  'returned_to_customer',
  'lost',
  'cancelled',
]
const DESCRIPTIVE = [
  'sku',
  'product_id',
  'product_name',
  'size',
  'category',
  'brand',
  'supplier_id',
  'channel',
  'campaign',
  'segment',
  'country',
  'entity',
]
const STAGES: readonly [name: string, type: string, rank: number][] = [
  ['requested', 'return.requested.v1', 1],
  ['authorized', 'return.authorized.v1', 2],
  ['labelled', 'shipment.labelled.v1', 3],
  ['in_transit', 'shipment.in_transit.v1', 4],
  ['delivered', 'shipment.delivered.v1', 5],
  ['received', 'unit.received.v1', 6],
  ['inspected', 'unit.inspected.v1', 7],
  ['dispositioned', 'unit.dispositioned.v1', 8],
  ['rejected', 'return.rejected.v1', 9],
  ['cancelled', 'return.cancelled.v1', 10],
  ['lost', 'shipment.lost.v1', 11],
]

interface Split {
  parent: string
  event: Live
  quantity: number
}

export function unitsOf(facts: Facts, references: References): Unit[] {
  const stage = grouped(facts.stage, ({ data }) => text(data, 'unit_id'))
  const moved = grouped(facts.movements, ({ unit }) => unit)
  const splits = new Map(
    [...stage].flatMap(([id, events]) => {
      const split = latest(events.filter(({ type }) => type === 'unit.split.v1'))
      return split ? [[id, split] as const] : []
    }),
  )
  const parents = new Map<string, Split>()
  for (const [parent, event] of splits) {
    for (const piece of event.data.into as { unit_id: string; quantity: number }[]) {
      const known = parents.get(piece.unit_id)
      if (!known || inOrder(known.event, event) < 0)
        parents.set(piece.unit_id, { parent, event, quantity: piece.quantity })
    }
  }
  const named = [...facts.settlements, ...facts.claims, ...facts.costs, ...facts.movements].map(({ unit }) => unit)
  const ids = new Set([...stage.keys(), ...named, ...parents.keys()])
  return [...ids].map((id) => {
    const lineage: { events: Live[]; moves: Fact[] } = { events: [], moves: [] }
    let cutoff = Number.POSITIVE_INFINITY
    const seen = new Set<string>()
    for (let at: string | undefined = id, depth = 0; at !== undefined && !seen.has(at) && depth <= 8; depth += 1) {
      seen.add(at)
      const until = cutoff
      lineage.events.push(...(stage.get(at) ?? []).filter(({ time }) => time <= until))
      lineage.moves.push(...(moved.get(at) ?? []).filter((move) => move.at <= until))
      const up: Split | undefined = parents.get(at)
      if (up) cutoff = Math.min(cutoff, up.event.time)
      at = up?.parent
    }
    return unitOf(id, lineage.events, lineage.moves, parents.get(id), splits.get(id), facts, references)
  })
}

function unitOf(
  id: string,
  events: Live[],
  moves: Fact[],
  born: Split | undefined,
  split: Live | undefined,
  facts: Facts,
  references: References,
): Unit {
  const inReporting = converter(references)
  const of = (...types: string[]) => events.filter(({ type }) => types.includes(type))
  const value = (name: string, from: readonly Live[]) =>
    text(latest(from.filter(({ data }) => text(data, name) !== ''))?.data ?? {}, name)
  const requests = of('return.requested.v1')
  const receipts = of('unit.received.v1')
  const inspections = of('unit.inspected.v1')
  const shipments = events.filter(({ type }) => type.startsWith('shipment.'))
  const decisions = of('return.authorized.v1', 'return.rejected.v1', 'return.cancelled.v1')
  const request: Data = latest(requests)?.data ?? {}
  const times = Object.fromEntries(STAGES.map(([name, type]) => [`${name}_at`, earliest(of(type))]))
  const decision = latest(decisions)?.type.split('.')[1] ?? ''
  const fullQuantity = born
    ? born.quantity
    : requests.length > 0
      ? count(request, 'quantity')
      : count(latest(receipts)?.data ?? {}, 'quantity')
  const quantity = split ? 0 : fullQuantity
  const line = value('order_line_id', requests)
  const sale: Sale | undefined = facts.sales.get(line)
  const soldText = text(request, 'sold_at')
  const soldAt = sale ? sale.at : soldText === '' ? 0 : Date.parse(soldText)
  const requestedAt = times.requested_at ?? 0

  const codes: Record<string, string> = {
    order_line_id: line,
    reason: text(request, 'reason_code'),
    return_type: requests.length > 0 ? value('return_type', requests) || 'refund' : '',
    condition: value('condition_code', [...receipts, ...inspections]),
    finding: text(latest(inspections)?.data ?? {}, 'finding_code'),
    disposition: text(latest(of('unit.dispositioned.v1'))?.data ?? {}, 'disposition'),
    shift: value('shift', [...receipts, ...inspections]),
    carrier: value('carrier', shipments),
    facility: value('facility', [
      ...requests,
      ...shipments,
      ...receipts,
      ...inspections,
      ...moves.map(({ event }) => event),
    ]),
    policy_row: value('policy_row', [...requests, ...decisions]),
  }
  for (const name of DESCRIPTIVE)
    codes[name] =
      (sale ? text(sale.data, name) : '') || value(name, name === 'sku' ? [...requests, ...receipts] : requests)

  const matches = latest(inspections.filter(({ data }) => given(data, 'serial_match')))
  const serialMatch = matches ? matches.data.serial_match === true : undefined

  const fromSale = sale !== undefined && given(sale.data, 'unit_cost')
  const unitCost = fromSale ? money(sale.data, 'unit_cost') : money(request, 'unit_cost')
  const costCurrency = fromSale ? text(sale.data, 'currency') : text(request, 'currency')
  const costAt = fromSale ? sale.at : requestedAt
  const costOf = (pieces: number) => inReporting(BigInt(pieces) * unitCost, costCurrency, costAt)

  const { log, status, statusAt, lastMove } = statusLog(events, moves)
  const final = FINAL.includes(status)
  const settlements = facts.settlements.filter((settlement) => settlement.unit === id)
  const paid = settlements
    .filter((settlement) => settlement.paid)
    .sort((a, b) => a.paidAt - b.paidAt || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
  const claims = facts.claims.filter((claim) => claim.unit === id)
  const supplier = references.suppliers.find((each) => each.id === codes.supplier_id)
  const coverage = supplier ? BigInt(Math.round(Number(supplier.coverage) * 10_000)) : 0n
  const receivedAt = times.received_at ?? 0
  const inspectedAt = times.inspected_at ?? 0
  const isClaimable =
    codes.finding === 'confirmed_defect' && (receivedAt > 0 || inspectedAt > 0) && quantity > 0 && coverage > 0n
  const unit: Unit = {
    id,
    bornAt: born?.event.time ?? 0,
    splitAt: split?.time ?? 0,
    quantity,
    fullQuantity,
    receivedQuantity: count(latest(receipts)?.data ?? {}, 'quantity'),
    hasSale: sale !== undefined,
    returned: requests.length > 0 && decision !== 'rejected' && decision !== 'cancelled',
    decision,
    soldAt,
    times,
    refundedAt: paid
      .filter(({ data }) => CREDITING.includes(text(data, 'kind')))
      .reduce((at, { paidAt }) => (at === 0 ? paidAt : Math.min(at, paidAt)), 0),
    codes,
    serialMatch,
    log,
    status,
    statusAt,
    outcome: final ? status : 'open',
    finalAt: final ? statusAt : 0,
    costValue: costOf(quantity),
    fullCostValue: costOf(fullQuantity),
    saleValue: sale
      ? divideHalfEven(sale.net * BigInt(quantity), BigInt(Math.max(1, sale.quantity)))
      : inReporting(BigInt(quantity) * money(request, 'unit_price'), text(request, 'currency'), requestedAt),
    claimable: isClaimable ? divideHalfEven(costOf(quantity) * coverage, 10_000n) : 0n,
    claimableAt: isClaimable ? inspectedAt : 0,
    claimUntil: isClaimable ? (receivedAt || inspectedAt) + (supplier?.windowDays ?? 0) * 86_400_000 : 0,
    money: [],
    credits: paid.map(({ id: settlement, data, paidAt }) => ({
      id: settlement,
      kind: text(data, 'kind'),
      at: paidAt,
      amount: inReporting(money(data, 'amount'), text(data, 'currency'), paidAt),
    })),
    leaks: [],
    claims,
  }
  unit.money = moneyOf(
    unit,
    paid,
    facts.costs.filter((cost) => cost.unit === id),
    lastMove,
    costCurrency,
    inReporting,
  )
  unit.leaks = leaksOf(unit, requests.length > 0, paid, inReporting)
  return unit
}

function statusLog(events: readonly Live[], moves: readonly Fact[]) {
  const firstMove = moves.reduce((at, move) => Math.min(at, move.at), Number.POSITIVE_INFINITY)
  const entries = [
    ...events.flatMap((event) => {
      const known = STAGES.find(([, type]) => type === event.type)
      return known && event.time < firstMove
        ? [{ event, rank: known[2], status: implied(known[0], event.data), move: undefined as Fact | undefined }]
        : []
    }),
    ...moves.map((move) => ({
      event: move.event,
      rank: 12,
      status: text(move.event.data, 'to_status'),
      move: move as Fact | undefined,
    })),
  ].sort((a, b) => a.event.time - b.event.time || a.rank - b.rank || inOrder(a.event, b.event))
  const kept = entries.filter((entry, index) => entries[index + 1]?.event.time !== entry.event.time)
  const last = kept.at(-1)
  const before = kept.findLastIndex(({ status }) => status !== last?.status)
  return {
    log: kept.map(({ event, status }) => ({ at: event.time, status })),
    status: last?.status ?? '',
    statusAt: kept[before + 1]?.event.time ?? 0,
    lastMove: last?.move,
  }
}

function implied(stage: string, data: Data): string {
  switch (stage) {
    case 'requested':
    case 'authorized':
    case 'labelled':
      return 'expected'
    case 'in_transit':
    case 'delivered':
      return 'in_transit'
    case 'received':
    case 'inspected':
      return 'received'
    case 'dispositioned':
      return STATUS_OF_DISPOSITION[text(data, 'disposition') as Disposition]
    case 'lost':
      return 'lost'
    default:
      return 'cancelled'
  }
}

const smaller = (a: bigint, b: bigint): bigint => {
  if (a < b) return a
  return b
}

function moneyOf(
  unit: Unit,
  paid: readonly Settlement[],
  costs: readonly Fact[],
  lastMove: Fact | undefined,
  costCurrency: string,
  inReporting: ReturnType<typeof converter>,
): Unit['money'] {
  const entries: Unit['money'] = []
  for (const { data, paidAt } of paid) {
    const kind = text(data, 'kind')
    const currency = text(data, 'currency')
    const amount = money(data, 'amount') - money(data, 'tax_amount') + money(data, 'fee_amount')
    entries.push({
      component: CREDITING.includes(kind) ? 'refund' : kind,
      at: paidAt,
      amount: -inReporting(amount, currency, paidAt),
    })
    entries.push({
      component: 'fee_income',
      at: paidAt,
      amount: inReporting(money(data, 'fee_amount'), currency, paidAt),
    })
  }
  for (const { event, at } of costs)
    entries.push({
      component: text(event.data, 'kind'),
      at,
      amount: -inReporting(money(event.data, 'amount'), text(event.data, 'currency'), at),
    })
  const moved: Data = lastMove?.event.data ?? {}
  const proceeds = inReporting(
    BigInt(unit.quantity) * money(moved, 'unit_value'),
    text(moved, 'currency') || costCurrency,
    unit.finalAt,
  )
  if (unit.outcome === 'restocked') {
    const value = given(moved, 'unit_value') ? smaller(proceeds, unit.costValue) : unit.costValue
    entries.push({ component: 'restocked_value', at: unit.finalAt, amount: value })
  }
  if (unit.outcome === 'liquidated')
    entries.push({ component: 'liquidation_proceeds', at: unit.finalAt, amount: proceeds })
  for (const { recoveredAt, recovered } of unit.claims)
    entries.push({ component: 'claim_recovery', at: recoveredAt, amount: recovered })
  return entries.filter(({ amount }) => amount !== 0n)
}
