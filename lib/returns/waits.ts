/** What of a case tells what it waits for. Dates as in the rows; null where there is none. */
export interface WaitFacts {
  readonly decided: boolean
  readonly ended: boolean
  readonly units: readonly {
    readonly status: string
    readonly quantity: number
    readonly inspected: boolean
    readonly dispositioned: boolean
    readonly disposition: string
    readonly final: boolean
    readonly expectedAt: Date | null
  }[]
  readonly settlements: readonly {
    readonly state: string
    readonly release: string
    readonly released: boolean
    readonly nextAttemptAt: Date | null
    /** Of an exchange: how far the piece is that the customer gets. */
    readonly replacement?: string | null
    /** A chargeback that nobody has said anything to. */
    readonly unanswered?: boolean
  }[]
  readonly approvals: readonly { readonly roles: string; readonly expiresAt: Date }[]
  readonly exceptions: readonly { readonly label: string; readonly dueAt: Date }[]
  readonly claims: readonly { readonly state: string; readonly windowUntil: Date | null }[]
}

export interface Wait {
  readonly what: string
  /** Until when, where somebody has promised or must. */
  readonly until: Date | null
}

const RELEASE: Readonly<Record<string, string>> = {
  on_scan: 'the carrier to scan it, before money goes',
  on_receipt: 'its receipt, before money goes',
  on_inspection: 'its inspection, before money goes',
}

const WAY_OUT: Readonly<Record<string, string>> = {
  restock: 'to be put back in stock',
  refurbish: 'refurbishment',
  quarantine: 'to be released from quarantine',
  vendor_claim: 'to go back to the supplier',
  liquidate: 'to be sold off',
  scrap: 'to be scrapped',
  donate: 'to be given away',
  return_to_customer: 'to go back to the customer',
}

/** What a case waits for, what holds it up most first: a person's decision, then its goods, then its money, then its claims. */
export function waitsOf(facts: WaitFacts): Wait[] {
  const waits: Wait[] = []
  const units = facts.units.filter((unit) => unit.quantity > 0)
  if (!facts.ended && !facts.decided && units.length > 0) waits.push({ what: 'a decision on the request', until: null })
  for (const { roles, expiresAt } of facts.approvals) waits.push({ what: `an answer of ${roles}`, until: expiresAt })
  for (const { label, dueAt } of facts.exceptions)
    waits.push({ what: `an outcome of “${label.charAt(0).toLowerCase()}${label.slice(1)}”`, until: dueAt })
  if (facts.settlements.some(({ state, unanswered }) => state === 'paid' && unanswered))
    waits.push({ what: 'an answer to the chargeback', until: null })
  if (!facts.ended) waits.push(...goodsWaits(units), ...moneyWaits(facts, units))
  for (const { state, windowUntil } of facts.claims) {
    if (state === 'opened') waits.push({ what: 'the claim to go to the supplier', until: windowUntil })
    if (state === 'submitted') waits.push({ what: 'the supplier’s answer to the claim', until: null })
    if (state === 'accepted') waits.push({ what: 'the supplier’s money', until: null })
  }
  return waits
}

type UnitFacts = WaitFacts['units'][number]

const earliest = (units: readonly UnitFacts[]): Date | null =>
  units.reduce<Date | null>(
    (first, { expectedAt }) => (expectedAt && (!first || expectedAt < first) ? expectedAt : first),
    null,
  )

function goodsWaits(units: readonly UnitFacts[]): Wait[] {
  const open = units.filter((unit) => !unit.final)
  const of = (keep: (unit: UnitFacts) => boolean) => open.filter(keep)
  const pieces = (some: readonly UnitFacts[]) =>
    some.length === open.length ? '' : ` (${some.length} of ${units.length} units)`
  const waits: Wait[] = []
  const expected = of(({ status }) => status === 'expected')
  if (expected.length > 0) waits.push({ what: `the customer to send it${pieces(expected)}`, until: earliest(expected) })
  const coming = of(({ status }) => status === 'in_transit')
  if (coming.length > 0) waits.push({ what: `the parcel${pieces(coming)}`, until: earliest(coming) })
  const here = of(({ status }) => status !== 'expected' && status !== 'in_transit')
  const uninspected = here.filter(({ inspected }) => !inspected)
  if (uninspected.length > 0) waits.push({ what: `inspection${pieces(uninspected)}`, until: null })
  const undecided = here.filter(({ inspected, dispositioned }) => inspected && !dispositioned)
  if (undecided.length > 0) waits.push({ what: `a decision on the goods${pieces(undecided)}`, until: null })
  const leaving = here.filter(({ dispositioned }) => dispositioned)
  for (const disposition of new Set(leaving.map((unit) => unit.disposition))) {
    const some = leaving.filter((unit) => unit.disposition === disposition)
    waits.push({ what: `the goods ${WAY_OUT[disposition] ?? 'to leave'}${pieces(some)}`, until: null })
  }
  return waits
}

function moneyWaits({ settlements }: WaitFacts, units: readonly UnitFacts[]): Wait[] {
  const waits: Wait[] = []
  const due = units.some((unit) => unit.inspected || unit.final) && units.some((unit) => unit.status !== 'cancelled')
  if (settlements.every(({ state }) => state === 'rejected') && due)
    waits.push({ what: 'a settlement to be proposed', until: null })
  for (const { state, release, released, nextAttemptAt, replacement } of settlements) {
    if (state === 'approved' && replacement === 'ordered')
      waits.push({ what: 'the shop to send the replacement', until: null })
    else if (state === 'approved' && !released && RELEASE[release]) waits.push({ what: RELEASE[release], until: null })
    else if (state === 'approved' || state === 'reserved' || state === 'submitting')
      waits.push({ what: 'the payment', until: nextAttemptAt })
    else if (state === 'failed' || state === 'unknown')
      waits.push({ what: 'somebody to look into the payment', until: null })
  }
  return waits
}
