import type { AnyEvent } from '../../../ingest/contract/event'
import type { RoleName } from '../../auth/permissions'
import type {
  caseException,
  orderLine,
  product,
  returnCost,
  returnUnit,
  rma,
  settlement,
  supplierClaim,
} from '../../db/schema'

export type UnitRow = typeof returnUnit.$inferSelect
export type RmaRow = typeof rma.$inferSelect
export type SettlementRow = typeof settlement.$inferSelect
export type ClaimRow = typeof supplierClaim.$inferSelect
export type ExceptionRow = typeof caseException.$inferSelect
export type CostRow = typeof returnCost.$inferSelect
export type OrderLineRow = typeof orderLine.$inferSelect
export type ProductRow = typeof product.$inferSelect

/** Whoever a change is by: a person or a key, an outside system by its source, an automation by its id, or the program itself. */
export interface Doer {
  readonly kind: 'person' | 'key' | 'source' | 'automation' | 'system'
  readonly id: string
  readonly name: string
  readonly roles: readonly RoleName[]
}

export interface Recording {
  readonly events: readonly AnyEvent[]
  readonly doer: Doer
  /** When it is recorded: now. Event times are the business's own. */
  readonly at: Date
  /** Made by a command of ours: the events are appended to the log in this transaction. Otherwise they come from there. */
  readonly commandId?: string
  /** Of a bulk import: one audit entry and one opening entry for the whole batch, and no movement of goods that are gone. */
  readonly archive?: string
  /** Units to be folded again though nothing new was told of them: a code that they carry has another meaning now. */
  readonly again?: readonly string[]
  readonly reason?: string
  readonly approvalId?: string
  /** What only we know of the things that the events are about: columns that no event carries. */
  readonly settlements?: ReadonlyMap<string, Partial<SettlementRow>>
  readonly claims?: ReadonlyMap<string, Partial<ClaimRow>>
  readonly exceptions?: ReadonlyMap<string, Partial<ExceptionRow>>
  readonly rmas?: ReadonlyMap<string, Partial<RmaRow>>
  /** Sold lines and products that this transaction has read already: they are not read again. */
  readonly lines?: readonly OrderLineRow[]
  readonly products?: readonly ProductRow[]
}

export interface Change<Row> {
  readonly before: Row | undefined
  readonly after: Row
}

/** What a recording changed. */
export interface Recorded {
  readonly units: ReadonlyMap<string, Change<UnitRow>>
  readonly settlements: ReadonlyMap<string, Change<SettlementRow>>
  readonly claims: ReadonlyMap<string, Change<ClaimRow>>
  readonly costs: ReadonlyMap<string, Change<CostRow>>
  readonly exceptions: ReadonlyMap<string, Change<ExceptionRow>>
  readonly rmas: ReadonlyMap<string, Change<RmaRow>>
}
