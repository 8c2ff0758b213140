/** Why an event was refused. Quarantine is listed, filtered and replayed by these; they never change their meaning. */
export const REASONS_TO_REFUSE = [
  'not_json',
  'not_an_object',
  'schema_invalid',
  'type_unknown',
  'time_missing',
  'time_invalid',
  'time_future',
  'currency_unknown',
  'amount_invalid',
  'code_unknown',
  'unbalanced',
  'split_duplicate',
] as const
export type RefusalReason = (typeof REASONS_TO_REFUSE)[number]

/** A refused event: why, in a sentence that says what to do, about which field, and whose it is as far as that can be read. */
export interface Refusal {
  ok: false
  reason: RefusalReason
  message: string
  path?: string
  /** The value that was refused, where it is a code that could be mapped: what a mapping task is about. */
  given?: string
  source?: string
  id?: string
}

/** A text as Postgres keeps it: it takes no NUL and no half characters. The bytes themselves are kept beside it. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd')
