import type { Condition } from './codes'
import { allowedDispositions, goodsClass } from './goods'

/** A unit as far as contradictions need it; times in milliseconds, 0 = never. */
export interface UnitFacts {
  readonly id: string
  readonly rmaId: string
  readonly sku: string
  readonly quantity: number
  readonly receivedQuantity: number
  readonly status: string
  readonly requestedAt: number
  readonly rejectedAt: number
  readonly cancelledAt: number
  readonly receivedAt: number
  readonly inspectedAt: number
  readonly dispositionedAt: number
  readonly lostAt: number
  readonly finalAt: number
  readonly condition: string
  readonly disposition: string
  readonly goodsClass: string
  readonly serial: string
  readonly serialMatch: boolean | null
  readonly accessoriesComplete: boolean | null
  /** A person has acted on it here. */
  readonly handled: boolean
  /** Its sale value with tax, all pieces, in 1/10,000. */
  readonly value: bigint
  readonly currency: string
  /** Serials of the shipment that it belongs to; empty when none were told. */
  readonly shippedSerials: readonly string[]
}

/** An outside event about the unit that has just been applied. */
export interface Told {
  readonly type: string
  readonly sku: string
  readonly source: string
}

export type ProblemKind =
  | 'short_receipt'
  | 'over_receipt'
  | 'wrong_item'
  | 'unmatched_receipt'
  | 'serial_conflict'
  | 'missing_accessory'
  | 'waiting_predecessor'
  | 'forbidden_disposition'
  | 'lost_shipment'
  | 'contradiction'

export interface Problem {
  readonly kind: ProblemKind
  /** What tells two problems of one kind on one unit apart. */
  readonly subject: string
  readonly message: string
  readonly value: bigint
}

/** Stages that a person here may have done already, and the time that says so. */
const STAGES = {
  'unit.received.v1': 'receivedAt',
  'unit.inspected.v1': 'inspectedAt',
  'unit.dispositioned.v1': 'dispositionedAt',
} as const

/**
 * What an outside event shows to be wrong with a unit: what contradicts the state it had, what came before that which it needs, and what the
 * rules for its goods do not allow. The event stands (it is what the other system says); a person decides what it means.
 */
export function problemsOf(before: UnitFacts | undefined, after: UnitFacts, told: readonly Told[]): Problem[] {
  const types = new Set(told.map(({ type }) => type))
  const problems: Problem[] = []
  const add = (kind: ProblemKind, message: string, subject = '', value = after.value) =>
    problems.push({ kind, subject, message, value })
  if (types.has('unit.received.v1')) receipt(after, told, add)
  if (types.has('unit.inspected.v1')) inspection(after, add)
  if (types.has('unit.dispositioned.v1')) disposition(after, add)
  if (types.has('shipment.lost.v1') && after.lostAt)
    add('lost_shipment', 'The carrier lost the parcel: claim its value from the carrier and settle with the customer.')
  if (before) contradictions(before, after, told, add)
  return problems
}

type Add = (kind: ProblemKind, message: string, subject?: string, value?: bigint) => void

function receipt(unit: UnitFacts, told: readonly Told[], add: Add): void {
  const { quantity, receivedQuantity } = unit
  const piece = quantity > 0 ? unit.value / BigInt(quantity) : 0n
  if (!unit.rmaId && !unit.requestedAt)
    add('unmatched_receipt', 'Received without a return: match it to an order before anything is paid or sold.')
  else if (receivedQuantity > 0 && receivedQuantity < quantity)
    add('short_receipt', `${receivedQuantity} of ${quantity} came.`, '', piece * BigInt(quantity - receivedQuantity))
  else if (receivedQuantity > quantity && quantity > 0)
    add(
      'over_receipt',
      `${receivedQuantity} came where ${quantity} were expected.`,
      '',
      piece * BigInt(receivedQuantity - quantity),
    )
  const other = told.find(
    ({ type, sku }) => type === 'unit.received.v1' && sku !== '' && unit.sku !== '' && sku !== unit.sku,
  )
  if (other) add('wrong_item', `${other.sku} came where ${unit.sku} was expected.`)
  serial(unit, add)
}

function serial(unit: UnitFacts, add: Add): void {
  const foreign = unit.serial !== '' && unit.shippedSerials.length > 0 && !unit.shippedSerials.includes(unit.serial)
  if (foreign) add('serial_conflict', `Serial ${unit.serial} was not shipped with this order.`)
  else if (unit.serialMatch === false) add('serial_conflict', 'The serial does not match the shipment.')
}

function inspection(unit: UnitFacts, add: Add): void {
  if (!unit.receivedAt)
    add('waiting_predecessor', 'Inspected, but never received: the receipt is missing or late.', 'unit.received')
  if (unit.accessoriesComplete === false)
    add('missing_accessory', 'Accessories are missing: deduct them, or find them.')
  serial(unit, add)
}

function disposition(unit: UnitFacts, add: Add): void {
  if (!unit.inspectedAt)
    add(
      'waiting_predecessor',
      'A disposition without an inspection: the inspection is missing or late.',
      'unit.inspected',
    )
  if (unit.disposition === '' || unit.condition === '') return
  const allowed = allowedDispositions(unit.goodsClass, unit.condition as Condition)
  if (!allowed.some((each) => each === unit.disposition))
    add(
      'forbidden_disposition',
      `${goodsClass(unit.goodsClass).label} in condition ${unit.condition} may not be sent to ${unit.disposition}. Allowed: ${allowed.join(', ')}.`,
    )
}

function contradictions(before: UnitFacts, after: UnitFacts, told: readonly Told[], add: Add): void {
  if (before.finalAt && after.status !== before.status)
    add(
      'contradiction',
      `It was ${before.status} and is said to be ${after.status} now.`,
      `${before.status}>${after.status}`,
    )
  if ((before.rejectedAt || before.cancelledAt) && !before.receivedAt && after.receivedAt)
    add('contradiction', 'It was rejected or cancelled, and has come all the same.', 'received_after_decision')
  if (!before.handled) return
  for (const { type, source } of told) {
    if (!(type in STAGES)) continue
    const field = STAGES[type as keyof typeof STAGES]
    if (before[field]) add('contradiction', `${source} tells a stage that was done here already.`, `${type}:${source}`)
  }
}

/** Problems of kind `waiting_predecessor` that are over: what they waited for is here. */
export const arrived = (unit: UnitFacts): string[] => [
  ...(unit.receivedAt ? ['unit.received'] : []),
  ...(unit.inspectedAt ? ['unit.inspected'] : []),
]

/** A settlement as far as over-crediting is concerned; amounts in 1/10,000. */
export interface CreditFacts {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly amount: bigint
  /** What of an exchange went into the replacement beside it. */
  readonly applied?: bigint
  readonly fee: bigint
  readonly entitled: bigint
  readonly paidAt: number
}

const CREDITING = new Set(['refund', 'exchange', 'store_credit', 'partial_credit'])

export interface CreditProblem {
  readonly kind: 'duplicate_credit' | 'over_credit'
  /** The settlement. */
  readonly subject: string
  readonly message: string
  readonly value: bigint
}

/** Banks tell whole seconds: a chargeback comes after what was paid within its second. */
const instantOf = ({ kind, paidAt }: CreditFacts): number =>
  kind === 'chargeback' ? Math.floor(paidAt / 1000) * 1000 + 999.5 : paidAt

/** What is wrong with the money of a unit: paid twice, paid above what was due, or paid and charged back. */
export function creditProblems(settlements: readonly CreditFacts[]): CreditProblem[] {
  const paid = settlements
    .filter(({ state }) => state === 'paid')
    .sort((a, b) => instantOf(a) - instantOf(b) || (a.id < b.id ? -1 : 1))
  let prior = 0n
  let chargedBack = false
  return paid.flatMap((each): CreditProblem[] => {
    const before = prior
    if (each.kind === 'chargeback') chargedBack = true
    if (CREDITING.has(each.kind)) prior += each.amount + (each.applied ?? 0n)
    if (each.kind === 'chargeback' && before > 0n)
      return [
        {
          kind: 'duplicate_credit' as const,
          subject: each.id,
          message: 'Charged back after it was refunded: contest the chargeback.',
          value: each.amount,
        },
      ]
    if (!CREDITING.has(each.kind)) return []
    if (chargedBack)
      return [
        {
          kind: 'duplicate_credit' as const,
          subject: each.id,
          message: 'Credited after the bank had taken the money back.',
          value: each.amount,
        },
      ]
    if (each.entitled > 0n && before >= each.entitled)
      return [
        {
          kind: 'duplicate_credit' as const,
          subject: each.id,
          message: 'Credited again after everything due was paid.',
          value: each.amount,
        },
      ]
    const over = each.amount + (each.applied ?? 0n) + each.fee - each.entitled
    if (each.entitled > 0n && over > 0n)
      return [
        { kind: 'over_credit' as const, subject: each.id, message: 'More was credited than was due.', value: over },
      ]
    return []
  })
}
