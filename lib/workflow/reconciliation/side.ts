import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor'
import type { Transaction } from '../../db/client'
import type { Difference, Tie } from '../../returns/reconciliation'
import { type ScopedColumns, scopeOf } from '../scope'

export type Reader = Pick<Transaction, 'execute'>

/** Which rows are looked at: an actor's, or all of them. */
export type Visible = (columns: ScopedColumns) => SQL

export const everything: Visible = () => sql`true`
export const visibleTo =
  (actor: Actor): Visible =>
  (columns) =>
    scopeOf(actor, columns)

/** One way of reconciling at a moment: totals that must be one, what they do not agree on, and what was not looked at. */
export interface Side {
  readonly ties: readonly Tie[]
  readonly differences: readonly Difference[]
  /** What a reader must know beside it, in words. */
  readonly notes: readonly string[]
}
