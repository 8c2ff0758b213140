import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Transaction } from '../../../lib/db/client'
import { caseEvent, orderLine, returnUnit, rma } from '../../../lib/db/schema'
import { enabled } from '../../../lib/workflow/automation'
import { automationRecorder } from '../../../lib/workflow/automation-recorder'
import type { Recorded, UnitRow } from '../../../lib/workflow/record/types'
import { type JudgedLine, judgeLine } from '../../../lib/workflow/request/judge'
import { decisionOf } from '../../../lib/workflow/request/policy-decision'
import { authorizeByPolicy } from '../../../lib/workflow/request/request'
import { isManaged, settingOf } from '../../../lib/workflow/settings'
import type { AnyEvent } from '../../contract/event'

/**
 * Decides requests of the sources that leave the decision to us: by the policy in force at the request, as if customer service had asked. Clear
 * ones are authorized; the others wait for a person, with the row and its reasons in the case.
 */
export async function decideRequests(
  tx: Transaction,
  _events: readonly AnyEvent[],
  recorded: Recorded,
  at: Date,
): Promise<void> {
  // The request and its sale may come in either order: whichever is second brings the decision.
  const open = [...recorded.units.values()].flatMap(({ after }) =>
    after.rmaId && after.requestedAt && !after.authorizedAt && !after.rejectedAt && !after.cancelledAt ? [after] : [],
  )
  if (open.length === 0) return
  const managed = await settingOf(tx, 'managed_sources')
  const told = await tx
    .select({ unitId: caseEvent.unitId, source: caseEvent.source })
    .from(caseEvent)
    .innerJoin(returnUnit, eq(returnUnit.id, caseEvent.unitId))
    .innerJoin(rma, eq(rma.id, returnUnit.rmaId))
    .where(
      and(
        inArray(
          caseEvent.unitId,
          open.map(({ id }) => id),
        ),
        eq(caseEvent.type, 'return.requested.v1'),
        isNull(caseEvent.commandId),
        isNull(rma.policyDecision),
      ),
    )
  const ours = new Set(told.filter(({ source }) => isManaged(source, managed)).map(({ unitId }) => unitId))
  for (const [rmaId, units] of byCase(open.filter(({ id }) => ours.has(id)))) await decideCase(tx, rmaId, units, at)
}

function byCase(units: readonly UnitRow[]): Map<string, UnitRow[]> {
  const cases = new Map<string, UnitRow[]>()
  for (const unit of units) {
    if (!unit.rmaId) continue
    cases.set(unit.rmaId, [...(cases.get(unit.rmaId) ?? []), unit])
  }
  return cases
}

async function decideCase(tx: Transaction, rmaId: string, units: readonly UnitRow[], at: Date): Promise<void> {
  const lines = await tx
    .select()
    .from(orderLine)
    .where(inArray(orderLine.id, [...new Set(units.map((unit) => unit.orderLineId))]))
  const judged = new Map<string, JudgedLine>()
  for (const unit of units) {
    const line = lines.find(({ id }) => id === unit.orderLineId)
    // Without its sale a request cannot be judged: it waits for the sale, or for a person.
    if (!line) return
    judged.set(
      line.id,
      await judgeLine(tx, line, { reason: unit.reason, returnType: unit.returnType, rmaId }, unit.requestedAt ?? at),
    )
  }
  const [row] = judged.values()
  const policyDecision = decisionOf(judged)
  const recorder = automationRecorder(tx, 'policy_approval', at, rmaId)
  await recorder.record([], {
    rmas: new Map([[rmaId, { policyDecision, policyVersion: String(row?.version ?? ''), policyRow: row?.row ?? '' }]]),
  })
  const clear = [...judged.values()].every(({ terms }) => terms.returnable && terms.approval === 'auto')
  if (clear && (await enabled(tx, 'policy_approval')))
    await authorizeByPolicy(
      recorder,
      rmaId,
      units.map(({ id }) => id),
      String(row?.version ?? ''),
      row?.row ?? '',
    )
}
