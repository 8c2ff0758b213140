import { and, eq } from 'drizzle-orm'
import type { Scope } from '../../auth/actor'
import { db } from '../../db/client'
import { policy } from '../../db/schema'
import { env } from '../../env'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import type { DecisionTable } from '../../returns/policy'
import type { Comparison, Share } from '../../returns/simulation'
import { simulatedKind } from '../../returns/simulation-kinds'
import type { SimulatedShare, SimulationResult } from '../read/simulation-types'
import { replay } from './replay'
import { beat, keepCases, type Task } from './tasks'

/** Cases that are kept of one simulation; its figures are of all of them. */
const KEPT_CASES = 200_000
const DAY = 86_400_000

/** Carries out a task that this worker has taken, and returns its answer. */
export async function runTask(task: Task): Promise<SimulationResult> {
  const began = performance.now()
  const [before, after] = await Promise.all([
    tableOf(task.kind, task.against, task.againstHash),
    tableOf(task.kind, task.version, task.hash),
  ])
  const { from, until, tz, channel, category } = task
  let kept = 0
  const { comparison, unknown, withoutRate } = await replay(
    { kind: task.kind, before, after, span: { from, until, tz, channel, category, scope: task.scope as Scope } },
    {
      progress: (judged, total) => beat(task, judged, total),
      async changed(cases) {
        const room = cases.slice(0, KEPT_CASES - kept)
        await keepCases(task, kept, room)
        kept += room.length
      },
    },
  )
  return { ...resultOf(task.kind, comparison), unknown, withoutRate, kept, ms: Math.round(performance.now() - began) }
}

/** A version as it was when the trial was asked for: a draft that was saved since is another one. */
async function tableOf(kind: Task['kind'], version: number, hash: string): Promise<DecisionTable> {
  const [row] = await db()
    .select({ table: policy.table, hash: policy.hash })
    .from(policy)
    .where(and(eq(policy.kind, kind), eq(policy.version, version)))
  if (row?.hash !== hash)
    throw new UserError(
      'changed_meanwhile',
      `Version ${version} was saved again meanwhile: try it anew.`,
      409,
      'version',
    )
  return row.table as DecisionTable
}

/** A comparison in the words of the API: amounts as decimal texts, times in days. */
export function resultOf(
  kind: Task['kind'],
  { before, after, waited, ...counts }: Comparison,
): Omit<SimulationResult, 'unknown' | 'withoutRate' | 'kept' | 'ms'> {
  const { units, lines, changedUnits, changedLines } = counts
  const mean = (sum: number): number => sum / waited.units / DAY
  return {
    ...{ currency: env().BACKHAUL_CURRENCY, units, lines, changedUnits, changedLines },
    verdicts: shares(before.verdicts, after.verdicts),
    rows: shares(before.rows, after.rows),
    figures: simulatedKind(kind).figures.map(({ id }) => ({
      ...{ id, before: formatUnits(before.sums.get(id) ?? 0n), after: formatUnits(after.sums.get(id) ?? 0n) },
    })),
    days: waited.units === 0 ? null : { units: waited.units, before: mean(waited.before), after: mean(waited.after) },
  }
}

const shares = (before: ReadonlyMap<string, Share>, after: ReadonlyMap<string, Share>): SimulatedShare[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().map((id) => ({
    id,
    unitsBefore: before.get(id)?.units ?? 0,
    unitsAfter: after.get(id)?.units ?? 0,
    amountBefore: formatUnits(before.get(id)?.amount ?? 0n),
    amountAfter: formatUnits(after.get(id)?.amount ?? 0n),
  }))
