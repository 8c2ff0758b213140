import { FINAL_STATUSES, type Status } from './codes'
import type { Duty } from './duties'

/** What must hold of a unit, beside its status, before a transition; each with the words that say what is missing. */
export const NEEDS = {
  unsplit: 'It has been split: go on with its parts.',
  authorized: 'The return has not been authorized yet.',
  undecided: 'The return has been decided already.',
  here: 'It has not been received yet.',
  unmatched: 'It belongs to a return already.',
  matched: 'It belongs to no return yet: match it first.',
  inspected: 'It has not been inspected yet.',
  not_inspected: 'It has been inspected already: regrade it to change the grade.',
  dispositioned: 'Nobody has decided yet what becomes of it.',
  several: 'It is a single piece: there is nothing to split.',
} as const
export type Need = keyof typeof NEEDS

/**
 * One allowed change of a unit. `command` is what makes it, or null where only outside systems tell it. `to` is null where the status stays as
 * it is; `for` is the disposition that must have been decided. `permission` is a name of lib/auth/permissions.ts; `events` are types of the
 * contract without their version.
 */
export interface Transition {
  readonly command: string | null
  readonly title: string
  readonly from: readonly (Status | 'nothing')[]
  readonly to: Status | null
  readonly events: readonly string[]
  readonly permission: string | null
  readonly duty: Duty | null
  readonly needs: readonly Need[]
  readonly for?: string
}

/** Here and not at an end: what an inspection, a split and a decision can be about. */
const HERE = ['received', 'hold', 'quarantine', 'refurbish', 'vendor'] as const
const DECIDED = ['sellable', 'liquidation', 'scrap'] as const
const COMING = ['expected', 'in_transit'] as const

const DECIDE = {
  events: ['unit.dispositioned', 'unit.moved'],
  duty: 'dispose',
  needs: ['unsplit', 'inspected'],
} as const satisfies Partial<Transition>

const INTO = [
  ['restock', 'sellable'],
  ['refurbish', 'refurbish'],
  ['quarantine', 'quarantine'],
  ['vendor_claim', 'vendor'],
  ['liquidate', 'liquidation'],
  ['scrap', 'scrap'],
  ['donate', 'hold'],
  ['return_to_customer', 'hold'],
] as const satisfies readonly (readonly [string, Status])[]

const END = {
  command: 'unit.move',
  events: ['unit.moved'],
  permission: 'units:dispose',
  duty: null,
  needs: ['unsplit', 'inspected', 'dispositioned'],
} as const satisfies Partial<Transition>

/**
 * The one table of what may happen to a unit (workflow.md, "Unit status"). Commands, pages, the API, the documentation and the tests read it;
 * nothing else says what is allowed.
 */
export const TRANSITIONS: readonly Transition[] = [
  {
    command: 'return.request',
    title: 'Ask for a return',
    from: ['nothing'],
    to: 'expected',
    events: ['return.requested'],
    permission: 'returns:create',
    duty: 'request',
    needs: [],
  },
  {
    command: 'return.authorize',
    title: 'Authorize the return',
    from: ['expected', 'in_transit', 'received', 'hold'],
    to: null,
    events: ['return.authorized'],
    permission: 'returns:decide',
    duty: null,
    needs: ['unsplit', 'undecided'],
  },
  {
    command: 'return.reject',
    title: 'Reject the return',
    from: COMING,
    to: 'cancelled',
    events: ['return.rejected', 'unit.moved'],
    permission: 'returns:decide',
    duty: null,
    needs: ['unsplit', 'undecided'],
  },
  {
    command: 'return.cancel',
    title: 'Cancel the return',
    from: COMING,
    to: 'cancelled',
    events: ['return.cancelled', 'unit.moved'],
    permission: 'returns:create',
    duty: null,
    needs: ['unsplit'],
  },
  {
    command: 'return.label',
    title: 'Make a label',
    from: ['expected'],
    to: null,
    events: ['shipment.labelled'],
    permission: 'returns:label',
    duty: null,
    needs: ['unsplit', 'authorized'],
  },
  {
    command: null,
    title: 'The carrier has scanned it',
    from: ['expected'],
    to: 'in_transit',
    events: ['shipment.in_transit'],
    permission: null,
    duty: null,
    needs: [],
  },
  {
    command: null,
    title: 'It is lost',
    from: [...COMING, 'received'],
    to: 'lost',
    events: ['shipment.lost', 'unit.moved'],
    permission: null,
    duty: null,
    needs: [],
  },
  {
    command: 'unit.receive',
    title: 'Receive',
    from: COMING,
    to: 'received',
    events: ['unit.received', 'unit.moved'],
    permission: 'units:receive',
    duty: 'receive',
    needs: ['unsplit', 'matched'],
  },
  {
    command: 'unit.receive_blind',
    title: 'Receive without a return',
    from: ['nothing'],
    to: 'hold',
    events: ['unit.received', 'unit.moved'],
    permission: 'units:receive',
    duty: 'receive',
    needs: [],
  },
  {
    command: 'unit.match',
    title: 'Match to a return or an order',
    from: ['received', 'hold'],
    to: 'received',
    events: ['return.requested', 'unit.received', 'unit.moved'],
    permission: 'exceptions:resolve',
    duty: null,
    needs: ['unsplit', 'here', 'unmatched'],
  },
  {
    command: 'unit.amend_receipt',
    title: 'Add to the receipt',
    from: ['received', 'hold'],
    to: null,
    events: ['unit.received'],
    permission: 'units:receive',
    duty: null,
    needs: ['unsplit', 'here', 'not_inspected'],
  },
  ...COMING.map(
    (status): Transition => ({
      command: 'unit.undo_receipt',
      title: 'Undo the receipt',
      from: ['received', 'hold'],
      to: status,
      events: ['unit.received', 'unit.moved'],
      permission: 'units:receive',
      duty: null,
      needs: ['here', 'not_inspected'],
    }),
  ),
  {
    command: 'unit.inspect',
    title: 'Inspect',
    from: ['received', 'hold', 'quarantine'],
    to: null,
    events: ['unit.inspected', 'cost.incurred'],
    permission: 'units:inspect',
    duty: 'inspect',
    needs: ['unsplit', 'here', 'matched', 'not_inspected'],
  },
  {
    command: 'unit.regrade',
    title: 'Grade again',
    from: [...HERE, ...DECIDED],
    to: null,
    events: ['unit.inspected', 'cost.incurred'],
    permission: 'units:inspect',
    duty: 'inspect',
    needs: ['unsplit', 'inspected'],
  },
  {
    command: 'unit.regrade',
    title: 'Grade again, and keep apart what the new grade does not allow',
    from: [...HERE, ...DECIDED],
    to: 'quarantine',
    events: ['unit.inspected', 'unit.dispositioned', 'unit.moved'],
    permission: 'units:inspect',
    duty: 'inspect',
    needs: ['unsplit', 'inspected', 'dispositioned'],
  },
  {
    command: 'unit.split',
    title: 'Split',
    from: [...HERE, ...DECIDED],
    to: null,
    events: ['unit.split'],
    permission: 'units:inspect',
    duty: null,
    needs: ['unsplit', 'here', 'several'],
  },
  ...INTO.map(
    ([disposition, status]): Transition => ({
      ...DECIDE,
      command: 'unit.dispose',
      title: 'Accept the proposed disposition',
      permission: 'units:dispose',
      from: HERE,
      to: status,
      for: disposition,
    }),
  ),
  ...INTO.map(
    ([disposition, status]): Transition => ({
      ...DECIDE,
      command: 'unit.override',
      title: 'Decide otherwise than the rule',
      permission: 'units:override',
      from: [...HERE, ...DECIDED],
      to: status,
      for: disposition,
    }),
  ),
  {
    command: 'unit.release',
    title: 'Release from quarantine',
    from: ['quarantine'],
    to: 'hold',
    events: ['unit.moved'],
    permission: 'units:release',
    duty: 'dispose',
    needs: ['unsplit', 'inspected'],
  },
  { ...END, title: 'Back in stock', from: ['sellable'], to: 'restocked', for: 'restock' },
  { ...END, title: 'Sold off', from: ['liquidation'], to: 'liquidated', for: 'liquidate' },
  { ...END, title: 'Scrapped', from: ['scrap'], to: 'scrapped', for: 'scrap' },
  { ...END, title: 'Given away', from: ['hold'], to: 'donated', for: 'donate' },
  { ...END, title: 'Sent back to the supplier', from: ['vendor'], to: 'returned_to_vendor', for: 'vendor_claim' },
  {
    ...END,
    command: 'claim.submit',
    title: 'Sent back to the supplier with its claim',
    from: ['vendor'],
    to: 'returned_to_vendor',
    events: ['claim.submitted', 'unit.moved'],
    permission: 'claims:write',
  },
  {
    ...END,
    title: 'Sent back to the customer',
    from: ['hold'],
    to: 'returned_to_customer',
    for: 'return_to_customer',
  },
]

/** A unit as far as the table asks about it. */
export interface UnitState {
  readonly status: string
  readonly quantity: number
  readonly rmaId: string | null
  readonly disposition: string
  readonly splitAt: unknown
  readonly authorizedAt: unknown
  readonly rejectedAt: unknown
  readonly cancelledAt: unknown
  readonly receivedAt: unknown
  readonly inspectedAt: unknown
  readonly dispositionedAt: unknown
}

const HOLDS: Readonly<Record<Need, (unit: UnitState) => boolean>> = {
  unsplit: ({ splitAt }) => !splitAt,
  authorized: ({ authorizedAt }) => Boolean(authorizedAt),
  undecided: ({ authorizedAt, rejectedAt, cancelledAt }) => !authorizedAt && !rejectedAt && !cancelledAt,
  here: ({ receivedAt }) => Boolean(receivedAt),
  unmatched: ({ rmaId }) => !rmaId,
  matched: ({ rmaId }) => Boolean(rmaId),
  inspected: ({ inspectedAt }) => Boolean(inspectedAt),
  not_inspected: ({ inspectedAt }) => !inspectedAt,
  dispositioned: ({ dispositionedAt }) => Boolean(dispositionedAt),
  several: ({ quantity }) => quantity > 1,
}

const words = (code: string): string => code.replaceAll('_', ' ')
const list = (codes: readonly string[]): string => codes.map(words).join(', ')

export const transitionsOf = (command: string): readonly Transition[] =>
  TRANSITIONS.filter((each) => each.command === command)

/** Why one transition is closed to a unit in its present state, in words; `undefined` when it is open. */
function obstacle(transition: Transition, unit: UnitState): string | undefined {
  const missing = transition.needs.find((need) => !HOLDS[need](unit))
  if (missing === 'unsplit') return NEEDS.unsplit
  if (!transition.from.some((status) => status === unit.status)) {
    if (FINAL_STATUSES.some((status) => status === unit.status)) return `It is ${words(unit.status)}: that is final.`
    return `It is ${words(unit.status)}. This is possible from: ${list(transition.from)}.`
  }
  if (missing) return NEEDS[missing]
  const decided = transition.command === 'unit.move' && transition.for !== undefined
  if (decided && unit.disposition !== transition.for)
    return `It is decided to ${words(unit.disposition)}, not to ${words(transition.for ?? '')}.`
  return undefined
}

/**
 * Why a command is closed to a unit in its present state, in words; `undefined` when it is open. With `to`, only the transitions to that
 * status are asked about.
 */
export function whyClosed(command: string, unit: UnitState, to?: string): string | undefined {
  const all = transitionsOf(command)
  const possible = to === undefined ? all : all.filter((each) => each.to === to)
  if (possible.length === 0) return `Nothing leads to ${words(to ?? '')} by this.`
  let first: string | undefined
  for (const each of possible) {
    const why = obstacle(each, unit)
    if (why === undefined) return undefined
    first ??= why
  }
  return first
}

/** The statuses that a unit may go to at once by a command. */
export const openTargets = (command: string, unit: UnitState): Status[] =>
  transitionsOf(command).flatMap((each) => (each.to && obstacle(each, unit) === undefined ? [each.to] : []))
