import { convert, parseAmount, smallestUnit, units } from '../money'
import { type Judgement, judgeRequest, type RequestFacts, type Terms } from './eligibility'
import { type Entitlement, entitlementOf } from './entitlement'
import type { DecisionTable } from './policy'
import { type Reached, releasedAt } from './release'
import type { Outcome } from './simulation'

/** A return as it was, with what a policy needs to judge it again. `lineNet` and `lineTax` are in 1/10,000 of `currency`. */
export interface PastReturn extends Reached {
  readonly facts: RequestFacts
  readonly quantity: number
  readonly requestedAt: Date
  /** A person said no to it. */
  readonly rejected: boolean
  /** It has not come to its end: what it waits for may still come. */
  readonly open: boolean
  /** The condition that whoever received it gave, and the one that stands now; '' where nobody has said. */
  readonly receivedCondition: string
  readonly condition: string
  readonly currency: string
  /** Of one unit of `currency` in the reporting currency, in 1/10^10. */
  readonly rate: bigint
  readonly lineNet: bigint
  readonly lineTax: bigint
  readonly lineQuantity: number
  /** Pieces of the line that went into returns before this one: its share of the line's cents begins behind them. */
  readonly before: number
  /** What its goods brought in again, less what handling it cost, in the reporting currency: as it was, and expected while it is open. */
  readonly broughtIn: bigint
}

/** What is known of the goods when the money may go: nothing before they are here, and of a receipt what the receiver saw. */
function conditionAt({ release }: Terms, past: PastReturn): string {
  if (release === 'at_once' || release === 'on_scan') return ''
  return release === 'on_receipt' ? past.receivedCondition : past.condition
}

/**
 * What a returns table makes of one case: all its units, judged as when they were asked for. As then, one line that waits for a person makes the
 * whole case wait. Who was refused would have sent nothing back.
 */
export function returnOutcomes(table: DecisionTable, together: readonly PastReturn[]): Outcome[] {
  const judged = together.map(({ facts }) => judgeRequest(table, facts))
  const clear = judged.every(({ terms }) => terms.returnable && terms.approval === 'auto')
  return together.map((past, index) => outcomeOf(judged[index] as Judgement, past, clear))
}

const NOTHING = { refund: 0n, waits: 0n, fee: 0n, kept: 0n, margin: 0n } as const

function outcomeOf({ terms, row }: Judgement, past: PastReturn, clear: boolean): Outcome {
  if (!terms.returnable) return { verdict: 'refused', row, sums: NOTHING, waited: null }
  const verdict = clear ? 'auto' : 'manual'
  const at = releasedAt(terms.release, past.requestedAt, past)
  // Only a person pays by a manual rule: counted once somebody has looked, and nobody knows how long they would have taken.
  const due = terms.release === 'manual' ? past.inspectedAt !== null : at !== null
  // A person who has rejected it would have done so again.
  if (!clear && past.rejected) return { verdict, row, sums: { ...NOTHING, margin: past.broughtIn }, waited: null }
  const given = givenFor(terms, past)
  const refund = convert(given.amount, past.rate)
  // docs/metrics.md: refunds net of tax with the fee in them, and the fee kept: together what is paid out, less its tax. What is only paid later
  // is no gain: it counts here as long as it may come to that.
  const owed = past.broughtIn - refund + convert(given.taxOfAmount, past.rate)
  if (!due)
    return {
      verdict,
      row,
      sums: { ...NOTHING, waits: refund, margin: past.open ? owed : past.broughtIn },
      waited: null,
    }
  return {
    ...{ verdict, row },
    sums: {
      ...{ refund, waits: 0n, fee: convert(given.fee, past.rate), kept: convert(given.deduction, past.rate) },
      margin: owed,
    },
    waited: at === null ? null : Math.max(0, at.getTime() - past.requestedAt.getTime()),
  }
}

/** What its customer is given by these terms, once it is due. */
function givenFor(terms: Terms, past: PastReturn): Entitlement {
  const condition = conditionAt(terms, past)
  return entitlementOf({
    ...{ lineNet: past.lineNet, lineTax: past.lineTax, lineQuantity: past.lineQuantity },
    ...{ creditedQuantity: past.before, quantity: past.quantity, capturedLeft: past.lineNet + past.lineTax },
    ...{ feePercent: terms.feePercent, labelFee: parseAmount(terms.labelFee) ?? units(0n) },
    ...{ step: smallestUnit(past.currency), waiveFee: false, waiveDeduction: false },
    deductionPercent: condition ? (terms.deduction[condition] ?? 0) : 0,
  })
}
