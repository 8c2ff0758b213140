import type { Transaction } from '../../db/client'
import { type Audited, audit, differenceOf } from './audit'
import type { Change, Recorded, Recording } from './types'

/** Writes down what a recording changed, an entry for each thing; for history one for all. */
export async function auditAll(tx: Transaction, recording: Recording, recorded: Recorded): Promise<void> {
  const { doer, at, reason, approvalId, commandId } = recording
  const about = {
    ...(reason === undefined ? {} : { reason }),
    ...(approvalId === undefined ? {} : { approvalId }),
    ...(commandId === undefined ? {} : { commandId }),
  }
  if (recording.archive !== undefined) {
    const diff = {
      events: recording.events.length,
      units: recorded.units.size,
      settlements: recorded.settlements.size,
      claims: recorded.claims.size,
    }
    await audit(
      tx,
      doer,
      at,
      [{ action: 'history.taken_over', objectType: 'batch', objectId: recording.archive, diff }],
      about,
    )
    return
  }
  const entries: Audited[] = []
  const add = (
    objectType: string,
    changes: ReadonlyMap<string, Change<object & { entity?: string; rmaId?: string | null }>>,
  ) => {
    for (const [objectId, { before, after }] of changes) {
      const diff = differenceOf(before, after)
      if (Object.keys(diff).length === 0) continue
      entries.push({
        action: `${objectType}.${before ? 'changed' : 'created'}`,
        objectType,
        objectId,
        rmaId: objectType === 'rma' ? objectId : (after.rmaId ?? ''),
        entity: after.entity ?? '',
        diff,
      })
    }
  }
  add('rma', recorded.rmas)
  add('unit', recorded.units)
  add('settlement', recorded.settlements)
  add('claim', recorded.claims)
  add('cost', recorded.costs)
  add('exception', recorded.exceptions)
  if (entries.length === 0)
    entries.push({
      action: 'events.recorded',
      objectType: 'events',
      objectId: recording.events[0]?.id ?? '',
      diff: { events: recording.events.length },
    })
  await audit(tx, doer, at, entries, about)
}
