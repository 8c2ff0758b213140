import { parseAmount, type Units, units } from '../money'
import { amountField, type CaseEvent, flag, inOrder, orderKey, text } from './case-event'
import { standingWriteOff } from './claims'

/** What is owed to or was given to a customer for a unit; amounts in 1/10,000, times in milliseconds, 0 = not yet. */
export interface SettlementFold {
  id: string
  unitId: string
  kind: string
  state: 'proposed' | 'approved' | 'paid' | 'rejected'
  currency: string
  amount: Units
  tax: Units
  fee: Units
  feeDue: Units
  deduction: Units
  deductionDue: Units
  entitled: Units
  inPolicy: boolean | undefined
  exceptionId: string
  method: string
  cause: string
  policyRow: string
  externalRef: string
  actor: string
  proposedAt: number
  approvedAt: number
  paidAt: number
  rejectedAt: number
  lastOrder: string
}

/** What is asked of a supplier for a unit; amounts in the claim's currency. */
export interface ClaimFold {
  id: string
  unitId: string
  supplierId: string
  state: 'opened' | 'submitted' | 'accepted' | 'rejected' | 'recovered'
  currency: string
  claimed: Units
  accepted: Units
  recovered: Units
  /** Given up of what was accepted and has not come. */
  writtenOff: Units
  reason: string
  externalRef: string
  openedAt: number
  submittedAt: number
  answeredAt: number
  recoveredAt: number
  lastOrder: string
}

const stateOf = (type: string): string => type.split('.')[1] ?? ''

const amount = (event: CaseEvent | undefined, field: string): Units => {
  const value = event && amountField(event, field)
  return (value === undefined ? undefined : parseAmount(value)) ?? units(0n)
}

const live = (events: readonly CaseEvent[]): CaseEvent[] => events.filter((event) => !event.voided).sort(inOrder)

/** Milliseconds of the earliest event of a state, 0 when there is none. */
const first = (events: readonly CaseEvent[], ...states: string[]): number =>
  events.find((event) => states.includes(stateOf(event.type)))?.time ?? 0

/** A settlement from all its events (docs/facts.md §2): the latest gives every value, the earliest of a type its time. */
export function foldSettlement(all: readonly CaseEvent[]): SettlementFold | undefined {
  const events = live(all)
  const latest = events.at(-1)
  if (!latest) return undefined
  return {
    id: text(latest, 'settlement_id'),
    unitId: text(latest, 'unit_id'),
    kind: text(latest, 'kind'),
    state: stateOf(latest.type) as SettlementFold['state'],
    currency: text(latest, 'currency'),
    amount: amount(latest, 'amount'),
    tax: amount(latest, 'tax_amount'),
    fee: amount(latest, 'fee_amount'),
    feeDue: amount(latest, 'fee_due_amount'),
    deduction: amount(latest, 'deduction_amount'),
    deductionDue: amount(latest, 'deduction_due_amount'),
    entitled: amount(latest, 'entitled_amount'),
    inPolicy: flag(latest, 'in_policy'),
    exceptionId: text(latest, 'exception_id'),
    method: text(latest, 'method'),
    cause: text(latest, 'cause'),
    policyRow: text(latest, 'policy_row'),
    externalRef: text(latest, 'external_ref'),
    actor: text(latest, 'actor'),
    proposedAt: first(events, 'proposed'),
    approvedAt: first(events, 'approved'),
    paidAt: first(events, 'paid'),
    rejectedAt: first(events, 'rejected'),
    lastOrder: orderKey(latest),
  }
}

/** A claim from all its events (docs/facts.md §2); a rejected one has accepted nothing. */
export function foldClaim(all: readonly CaseEvent[]): ClaimFold | undefined {
  const events = live(all)
  const latest = events.at(-1)
  if (!latest) return undefined
  const state = stateOf(latest.type) as ClaimFold['state']
  const lastOf = (...states: string[]) => events.findLast((event) => states.includes(stateOf(event.type)))
  const accepted = state === 'rejected' ? units(0n) : amount(lastOf('accepted'), 'amount')
  const recovered = amount(lastOf('recovered'), 'amount')
  const givenUp = events.findLast((event) => amountField(event, 'written_off_amount') !== undefined)
  return {
    id: text(latest, 'claim_id'),
    unitId: text(latest, 'unit_id'),
    supplierId: text(latest, 'supplier_id'),
    state,
    currency: text(latest, 'currency'),
    claimed: amount(lastOf('opened', 'submitted'), 'amount'),
    accepted,
    recovered,
    writtenOff: standingWriteOff(amount(givenUp, 'written_off_amount'), accepted, recovered),
    reason: text(latest, 'reason') || text(events[0] ?? latest, 'reason'),
    externalRef: events.map((event) => text(event, 'external_ref')).findLast((ref) => ref !== '') ?? '',
    openedAt: first(events, 'opened', 'submitted') || (events[0]?.time ?? 0),
    submittedAt: first(events, 'submitted'),
    answeredAt: first(events, 'accepted', 'rejected'),
    recoveredAt: first(events, 'recovered'),
    lastOrder: orderKey(latest),
  }
}
