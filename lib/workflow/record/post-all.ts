import type { Transaction } from '../../db/client'
import { difference } from '../../returns/positions'
import { onBooks, type Posting, post } from './books'
import { positionOfClaim, positionOfCost, positionOfSettlement } from './facts'
import { postOpening } from './opening'
import type { Recorded, Recording, UnitRow } from './types'
import { positionOf } from './unit-row'

/** Posts what a recording changed, or, for history, what it leaves standing. */
export async function postAll(
  tx: Transaction,
  recording: Recording,
  recorded: Recorded,
  unitOf: (id: string) => UnitRow | undefined,
): Promise<void> {
  const by = { preparedBy: recording.doer.id }
  const postings: Posting[] = []
  for (const { before, after } of recorded.units.values())
    postings.push({
      ...by,
      cause: `unit:${after.id}#${after.version}`,
      template: `unit_${after.status}`,
      entity: after.entity,
      currency: after.currency,
      at: after.statusAt,
      lines: difference(positionOf(onBooks(before)), positionOf(onBooks(after))),
      unitId: after.id,
      rmaId: after.rmaId ?? '',
    })
  for (const { before, after } of recorded.settlements.values())
    postings.push({
      ...by,
      cause: `settlement:${after.id}#${after.version}`,
      template: `settlement_${after.state}`,
      entity: after.entity,
      currency: after.currency,
      at: after.paidAt ?? after.approvedAt ?? after.rejectedAt ?? recording.at,
      lines: difference(positionOfSettlement(before), positionOfSettlement(after)),
      unitId: after.unitId,
      rmaId: after.rmaId,
      approvedBy: after.approvedBy,
    })
  for (const { before, after } of recorded.claims.values())
    postings.push({
      ...by,
      cause: `claim:${after.id}#${after.version}`,
      template: `claim_${after.state}`,
      entity: after.entity,
      currency: after.currency,
      at: after.recoveredAt ?? after.answeredAt ?? after.openedAt,
      lines: difference(positionOfClaim(before), positionOfClaim(after)),
      unitId: after.unitId,
      rmaId: unitOf(after.unitId)?.rmaId ?? '',
    })
  for (const { before, after } of recorded.costs.values())
    postings.push({
      ...by,
      cause: `cost:${after.id}#${after.version}`,
      template: `cost_${after.kind}`,
      entity: after.entity,
      currency: after.currency,
      at: after.at,
      lines: difference(positionOfCost(before), positionOfCost(after)),
      unitId: after.unitId,
      rmaId: after.rmaId,
    })
  if (recording.archive === undefined) await post(tx, postings)
  else await postOpening(tx, recording.archive, postings, recording.at)
}
