import type { z } from 'zod'
import type { AnyEvent, CanonicalEvent } from '../../ingest/contract/event'
import type { EventData, EventType } from '../../ingest/contract/types'
import type { Actor } from '../auth/actor'
import type { Permission } from '../auth/permissions'
import type { Transaction } from '../db/client'
import type { Duty } from '../returns/duties'
import type { Audited } from './record/audit'
import type { Doer, Recorded, Recording } from './record/types'

/** The source of every event that a command makes. */
export const WORKFLOW = '/backhaul/workflow'

/** What a command works with: one transaction, who asks, and the ways to make things true. */
export interface Context {
  readonly tx: Transaction
  readonly actor: Actor
  readonly doer: Doer
  /** The instant of the command: the business time of what it does. */
  readonly at: Date
  readonly commandId: string
  /** An event of this command, with the next id; its actor is filled in where the type has one. */
  event<T extends EventType>(type: T, subject: string, data: EventData<T>, at?: Date): CanonicalEvent<T>
  /** Makes events true: log, case, stock, journal and audit together (record/record.ts). */
  record(
    events: readonly AnyEvent[],
    more?: Partial<
      Pick<Recording, 'settlements' | 'claims' | 'exceptions' | 'rmas' | 'lines' | 'products' | 'reason' | 'approvalId'>
    >,
  ): Promise<Recorded>
  /** Writes an audit entry for a change that no event carries. */
  audit(entries: readonly Audited[], about?: { reason?: string; approvalId?: string }): Promise<void>
  /**
   * Notes who did what, with the next statement; the database refuses it when the same person did what may not be joined with it, and then
   * everything that is asked for after it is refused.
   */
  duty(duty: Duty, about: { rmaId?: string; unitId?: string }): void
}

/** A command: what it is called, who may, what it takes, and what it does. One of these is all that a stage adds to the product. */
export interface Command<Input = never, Result = unknown> {
  readonly name: string
  /** What a button says. */
  readonly title: string
  readonly permission: Permission
  readonly input: z.ZodType<Input>
  /** For what compares one side with another over several statements: both are then of one moment. */
  readonly isolation?: 'repeatable read'
  run(context: Context, input: Input): Promise<Result>
  /** What is kept of its answer for a press that is sent again; all of it when absent. A secret is told once and kept nowhere. */
  kept?(result: Result): Result
}

/** Gives a definition its types. */
export const command = <Input, Result>(definition: Command<Input, Result>): Command<Input, Result> => definition
