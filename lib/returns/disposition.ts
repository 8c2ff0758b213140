import { type Condition, DISPOSITIONS, type Disposition, type Finding } from './codes'
import { allowedDispositions, goodsClass } from './goods'
import { type DecisionTable, decide } from './policy'

/** What a disposition is decided from. `value`: cost of one piece in main units of the reporting currency. */
export interface DispositionFacts {
  readonly goodsClass: string
  readonly condition: Condition
  readonly finding: Finding
  readonly category: string
  /** The supplier agreement covers what was found, and its window is open. */
  readonly covered: boolean
  readonly serialMatch: boolean | undefined
  readonly accessoriesComplete: boolean | undefined
  readonly value: number
  /** The disposition that it has now; '' when nobody has decided yet. */
  readonly before: Disposition | ''
}

export interface Proposal {
  readonly disposition: Disposition
  /** `interim`: it is parked, and decided again when what it waits for has happened. */
  readonly stage: 'interim' | 'final'
  /** The row that decided; `goods-class` where the goods' own rule left only something else. */
  readonly row: string
  readonly note: string
  readonly explanation: readonly string[]
  /** What may be decided at all. */
  readonly allowed: readonly Disposition[]
}

/** Findings after which goods are not ours to sell as what they were. */
const NEVER_SOLD: readonly Finding[] = ['wrong_item_returned', 'empty_box', 'counterfeit', 'expired']
/** In this order when the table's answer is not allowed: apart first, then destroyed. */
const INSTEAD: readonly Disposition[] = ['quarantine', 'scrap', 'vendor_claim', 'return_to_customer']

const INTERIM: ReadonlySet<Disposition> = new Set<Disposition>(['refurbish', 'quarantine', 'vendor_claim'])

/** Whether a disposition only parks goods until something else is known (two steps), or ends the question. */
export const stageOf = (disposition: Disposition): Proposal['stage'] => (INTERIM.has(disposition) ? 'interim' : 'final')

const DAY = 86_400_000

/** Whether an agreement with its supplier answers for what was found of a unit, at an instant. */
export function isCovered(
  unit: { readonly finding: string; readonly receivedAt: Date | null; readonly inspectedAt: Date | null },
  agreement: { readonly coverage: number; readonly windowDays: number } | undefined,
  at: Date,
): boolean {
  if (unit.finding !== 'confirmed_defect' || !agreement || agreement.coverage === 0) return false
  const from = unit.receivedAt ?? unit.inspectedAt ?? at
  return at.getTime() <= from.getTime() + agreement.windowDays * DAY
}

type Judged = Pick<DispositionFacts, 'goodsClass' | 'condition' | 'finding' | 'serialMatch'>

/** What may become of a unit: what its goods class allows in its condition, and nothing that is sold when it is not what it was sold as. */
export function permittedDispositions({
  goodsClass: id,
  condition,
  finding,
  serialMatch,
}: Judged): readonly Disposition[] {
  const foreign = NEVER_SOLD.includes(finding) || serialMatch === false
  return allowedDispositions(id, condition).filter((each) => !(foreign && (each === 'restock' || each === 'refurbish')))
}

/** Why a disposition is not among those that a unit may have; `undefined` when it is. */
export function whyForbidden(disposition: Disposition, facts: Judged): string | undefined {
  const allowed = permittedDispositions(facts)
  if (allowed.includes(disposition)) return undefined
  const because = allowedDispositions(facts.goodsClass, facts.condition).includes(disposition)
    ? 'What came back is not what was sold'
    : `${goodsClass(facts.goodsClass).label} in condition ${facts.condition} has its own rule`
  return `${because}: it may not be sent to ${words(disposition)}. Allowed: ${allowed.map(words).join(', ')}.`
}

const words = (code: string): string => code.replaceAll('_', ' ')
const isDisposition = (value: unknown): value is Disposition => DISPOSITIONS.some((each) => each === value)

/**
 * What becomes of a unit by the table, with the row that decided. Never outside of what its goods class allows: then it is kept apart, or the
 * mildest thing that is left. A table that says nothing keeps it apart, too.
 */
export function proposeDisposition(table: DecisionTable, facts: DispositionFacts): Proposal {
  const allowed = permittedDispositions(facts)
  const { row, outputs, explanation } = decide(table, {
    goods_class: facts.goodsClass,
    condition: facts.condition,
    finding: facts.finding,
    category: facts.category,
    covered: facts.covered,
    serial_match: facts.serialMatch,
    accessories_complete: facts.accessoriesComplete,
    value: facts.value,
    before: facts.before,
  })
  const said = isDisposition(outputs.disposition) ? outputs.disposition : undefined
  if (row && said && allowed.includes(said))
    return { disposition: said, stage: stageOf(said), row: row.id, note: row.note, explanation, allowed }
  const instead = INSTEAD.find((each) => allowed.includes(each)) ?? allowed[0] ?? 'quarantine'
  const why =
    said && row
      ? `${row.note} Row ${row.id} says ${words(said)}, but ${goodsClass(facts.goodsClass).label.toLowerCase()} in condition ${facts.condition} allows ${allowed.map(words).join(', ')}.`
      : 'No row of the table fits: kept apart until somebody decides.'
  return {
    disposition: instead,
    stage: stageOf(instead),
    row: said ? 'goods-class' : 'no-row',
    note: why,
    explanation: [...explanation, why],
    allowed,
  }
}
