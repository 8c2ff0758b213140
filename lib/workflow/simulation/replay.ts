import { untimed } from '../../db/client'
import { UserError } from '../../errors'
import type { DecisionTable } from '../../returns/policy'
import { type Comparison, compare, emptyComparison, type Outcome } from '../../returns/simulation'
import { type SimulatedKindName, simulatedKind } from '../../returns/simulation-kinds'
import type { Past, Span, Subject } from './past'
import { pastApprovals } from './past-approvals'
import { pastDecisions } from './past-decisions'
import { pastReturns, pastRoutes } from './past-returns'

const PAST: Readonly<Record<SimulatedKindName, Past>> = {
  returns: pastReturns,
  routing: pastRoutes,
  disposition: pastDecisions,
  approval: pastApprovals,
}

/** What is tried on the past, and against what. */
export interface Trial {
  readonly kind: SimulatedKindName
  readonly before: DecisionTable
  readonly after: DecisionTable
  readonly span: Span
}

/** Something that would have been another. */
export interface Changed extends Subject {
  readonly before: Outcome
  readonly after: Outcome
}

/** Who hears how far it is, and gets the cases that would have been others; throws to end it. */
export interface Listener {
  progress(judged: number, total: number): Promise<void>
  changed(cases: readonly Changed[]): Promise<void>
}

export interface Replayed {
  readonly comparison: Comparison
  readonly unknown: number
  readonly withoutRate: number
}

/** No simulation takes longer: it says so instead. */
const LONGEST = 10 * 60_000

/** Judges everything of a span twice, on one snapshot of the database; a page of it is in memory at a time. */
export async function replay({ kind, before, after, span }: Trial, listener: Listener): Promise<Replayed> {
  const past = PAST[kind]
  const comparison = emptyComparison(simulatedKind(kind).figures[0].id)
  const until = Date.now() + LONGEST
  const client = await untimed()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    let [judged, withoutRate] = [0, 0]
    const count = await past.count(client, span)
    let { unknown } = count
    await listener.progress(0, count.total)
    for await (const page of past.pages(client, span)) {
      const [was, is] = [page.outcomes(before), page.outcomes(after)]
      const changed = page.subjects.flatMap((subject, index): Changed[] => {
        const [one, other] = [was[index] as Outcome, is[index] as Outcome]
        return compare(comparison, subject.quantity, one, other) ? [{ ...subject, before: one, after: other }] : []
      })
      judged += page.read
      withoutRate += page.withoutRate
      unknown += page.unknown
      if (changed.length > 0) await listener.changed(changed)
      await listener.progress(judged, count.total)
      if (Date.now() > until)
        throw new UserError('too_long', 'It took more than ten minutes: choose a shorter span, or one channel.', 503)
    }
    return { comparison, unknown, withoutRate }
  } finally {
    client.release(true)
  }
}
