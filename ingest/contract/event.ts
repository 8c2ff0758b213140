import { z } from 'zod'
import { id, instant, isPrintable } from './fields'
import { DATA, type EventData, type EventType } from './types'

/** CloudEvents 1.0 attributes, with the sequence extension and our two: `revision` and `voided`. */
const attributes = {
  specversion: z.literal('1.0'),
  id,
  source: z
    .string()
    .min(1)
    .max(256)
    .regex(/^\S+$/, 'is not a URI reference')
    .refine(isPrintable, 'has a control character or a broken character'),
  time: instant,
  subject: id.optional(),
  sequence: z.string().min(1).max(64).optional(),
  /** Up to what a PostgreSQL `integer` holds: senders count, or use seconds since 1970. */
  revision: z.int().min(0).max(2_147_483_647).optional(),
  voided: z.boolean().optional(),
  datacontenttype: z.string().optional(),
  dataschema: z.string().optional(),
}

/** The schema of one whole event of a type: attributes and data. */
export const eventSchema = <T extends EventType>(type: T) =>
  z.looseObject({ ...attributes, type: z.literal(type), data: DATA[type] })

/** One event of the contract, as it travels. Identity is (`source`, `id`); `revision` and `voided` default to 0 and false. */
export interface CanonicalEvent<T extends EventType = EventType> {
  specversion: '1.0'
  id: string
  source: string
  type: T
  time: string
  subject?: string
  sequence?: string
  revision?: number
  voided?: boolean
  data: EventData<T>
}

/** The union that narrows by `type`. */
export type AnyEvent = { [T in EventType]: CanonicalEvent<T> }[EventType]
