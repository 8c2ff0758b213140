import type { AnyEvent } from '../../../ingest/contract/event'
import type { Transaction } from '../../db/client'
import type { CaseEvent } from '../../returns/case-event'
import { eventsOfUnits, subjectsOf } from './events'
import {
  byField,
  claimRow,
  costRow,
  exceptionRow,
  loadClaims,
  loadCosts,
  loadExceptions,
  loadSettlements,
  settlementRow,
} from './facts'
import type { Change, ClaimRow, CostRow, ExceptionRow, Recording, SettlementRow, UnitRow } from './types'

/** Folds the settlements, claims, costs and exceptions that the news are about, each from all of its events. */
export async function changeFacts(
  tx: Transaction,
  recording: Recording,
  flat: readonly CaseEvent[],
  news: readonly AnyEvent[],
  unitOf: (id: string) => UnitRow | undefined,
) {
  const named = new Set(news.map((event) => `${event.type.split('.')[0]}:${idOf(event.data, event.type)}`))
  const about = (group: readonly CaseEvent[]) => unitOf(String(group[0]?.data.unit_id))
  const [settlements, claims, costs, exceptions] = await Promise.all([
    change<SettlementRow>(
      [...byField(flat, 'settlement.', 'settlement_id')].filter(
        ([id]) => named.has(`settlement:${id}`) || recording.settlements?.has(id),
      ),
      (ids) => loadSettlements(tx, ids),
      (group, before) => settlementRow(group, about(group), before),
      recording.settlements,
    ),
    change<ClaimRow>(
      [...byField(flat, 'claim.', 'claim_id')].filter(([id]) => named.has(`claim:${id}`) || recording.claims?.has(id)),
      (ids) => loadClaims(tx, ids),
      (group, before) => claimRow(group, about(group), before),
      recording.claims,
    ),
    change<CostRow>(
      [...byField(flat, 'cost.', 'cost_id')].filter(([id]) => named.has(`cost:${id}`)),
      (ids) => loadCosts(tx, ids),
      (group, before) => costRow(group, about(group), before),
      undefined,
    ),
    unitless(tx, news).then((more) =>
      change<ExceptionRow>(
        [...byField([...flat, ...more], 'exception.', 'exception_id')].filter(([id]) => named.has(`exception:${id}`)),
        (ids) => loadExceptions(tx, ids),
        (group, before) => exceptionRow(group, about(group), before),
        recording.exceptions,
      ),
    ),
  ])
  return { settlements, claims, costs, exceptions }
}

function idOf(data: Readonly<Record<string, unknown>>, type: string): string {
  const { settlementId, claimId, exceptionId } = subjectsOf(data)
  if (type.startsWith('cost.')) return String(data.cost_id)
  return type.startsWith('settlement.') ? settlementId : type.startsWith('claim.') ? claimId : exceptionId
}

/** Events of exceptions that are about no unit. */
async function unitless(
  tx: Transaction,
  news: readonly { type: string; data: Record<string, unknown> }[],
): Promise<CaseEvent[]> {
  if (!news.some((event) => event.type.startsWith('exception.') && subjectsOf(event.data).unitId === '')) return []
  return (await eventsOfUnits(tx, [''])).get('') ?? []
}

async function change<Row extends object>(
  groups: readonly [string, CaseEvent[]][],
  load: (ids: readonly string[]) => Promise<Map<string, Row>>,
  fold: (events: readonly CaseEvent[], before: Row | undefined) => Row | undefined,
  patches: ReadonlyMap<string, Partial<Row>> | undefined,
): Promise<Map<string, Change<Row>>> {
  const before = await load(groups.map(([id]) => id))
  const changes = new Map<string, Change<Row>>()
  for (const [id, events] of groups) {
    const old = before.get(id)
    const patch = patches?.get(id)
    const row = fold(events, patch ? ({ ...old, ...patch } as Row) : old)
    if (row) changes.set(id, { before: old, after: patch ? { ...row, ...patch } : row })
  }
  return changes
}
