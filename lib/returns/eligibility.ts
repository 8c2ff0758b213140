import { type Decision, type DecisionTable, decide, type PolicyFacts } from './policy'

export const RELEASE_RULES = ['at_once', 'on_scan', 'on_receipt', 'on_inspection', 'manual'] as const
export type ReleaseRule = (typeof RELEASE_RULES)[number]

/** What a return is judged by; undefined is "not known" and fulfils no condition. */
export interface RequestFacts {
  readonly reason: string
  readonly returnType: string
  /** Whole days since the sale. */
  readonly days: number | undefined
  readonly channel: string
  readonly category: string
  readonly segment: string
  readonly country: string
  readonly goodsClass: string
  readonly finalSale: boolean
  /** Sale value of one piece with tax, main units of the reporting currency; undefined when no rate is known. */
  readonly price: number | undefined
  /** Returns of the customer in the last 90 days, this one not among them. */
  readonly returns90d: number
}

/** The terms on which something is taken back. Percentages are of its value, `labelFee` is an amount in the order's currency. */
export interface Terms {
  readonly returnable: boolean
  readonly approval: 'auto' | 'manual'
  readonly release: ReleaseRule
  readonly method: string
  readonly windowDays: number
  readonly feePercent: number
  readonly labelFee: number
  /** What is kept back by condition found, per cent. */
  readonly deduction: Readonly<Record<string, number>>
}

export interface Judgement {
  readonly terms: Terms
  /** The row that decided; '' when none did. */
  readonly row: string
  readonly note: string
  readonly explanation: readonly string[]
}

/** The most careful answer: a person decides, after an inspection. What an unreadable or missing row means. */
const CAREFUL: Terms = {
  returnable: true,
  approval: 'manual',
  release: 'manual',
  method: 'original',
  windowDays: 0,
  feePercent: 0,
  labelFee: 0,
  deduction: { C: 0, D: 50, E: 100 },
}

const asFacts = (facts: RequestFacts): PolicyFacts => ({
  reason: facts.reason,
  return_type: facts.returnType,
  days: facts.days,
  channel: facts.channel,
  category: facts.category,
  segment: facts.segment,
  country: facts.country,
  goods_class: facts.goodsClass,
  final_sale: facts.finalSale,
  price: facts.price,
  returns_90d: facts.returns90d,
})

const number = (value: unknown, fallback: number): number =>
  typeof value === 'number' && value >= 0 ? value : fallback

/** The terms that a row gives; a value that is missing or not understood is the careful one. */
export function termsOf({ row, outputs }: Pick<Decision, 'row' | 'outputs'>): Terms {
  if (!row) return CAREFUL
  const release = RELEASE_RULES.find((rule) => rule === outputs.release)
  return {
    returnable: outputs.returnable !== false,
    approval: outputs.approval === 'auto' ? 'auto' : 'manual',
    release: release ?? 'manual',
    method: typeof outputs.method === 'string' ? outputs.method : 'original',
    windowDays: number(outputs.window_days, 0),
    feePercent: Math.min(100, number(outputs.fee_percent, 0)),
    labelFee: number(outputs.label_fee, 0),
    deduction: {
      C: Math.min(100, number(outputs.deduction_c, 0)),
      D: Math.min(100, number(outputs.deduction_d, 50)),
      E: Math.min(100, number(outputs.deduction_e, 100)),
    },
  }
}

/** Judges a request by the returns table: whether, on which terms, by which row, and why not the rows above. */
export function judgeRequest(table: DecisionTable, facts: RequestFacts): Judgement {
  const decision = decide(table, asFacts(facts))
  const { row, explanation } = decision
  return {
    terms: termsOf(decision),
    row: row?.id ?? '',
    note: row?.note ?? 'No row of the policy decides: a person must.',
    explanation,
  }
}

/** Where a return goes by the routing table; where it was shipped from when no row decides. */
export function routeRequest(
  table: DecisionTable,
  facts: Pick<RequestFacts, 'goodsClass' | 'category' | 'country' | 'channel' | 'reason' | 'price'> & {
    readonly shippedFrom: string
  },
): { facility: string; row: string } {
  const { row, outputs } = decide(table, {
    goods_class: facts.goodsClass,
    category: facts.category,
    country: facts.country,
    channel: facts.channel,
    reason: facts.reason,
    price: facts.price,
    shipped_from: facts.shippedFrom,
  })
  const facility = typeof outputs.facility === 'string' ? outputs.facility : ''
  return { facility: facility || facts.shippedFrom, row: row?.id ?? '' }
}
