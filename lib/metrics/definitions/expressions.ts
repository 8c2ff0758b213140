import { FINAL_STATUSES } from '../../returns/codes'

/** Pieces of SQL that definitions share. `$T` is the as-of instant, `$never` the time of what never happened. */

/** The stage's time is given and not after T. */
export const reached = (time: string): string => `(${time} > $never AND ${time} <= $T)`

/** A list of codes of ours. */
export const codes = (values: readonly string[]): string => `(${values.map((value) => `'${value}'`).join(', ')})`

/** Milliseconds from one instant to another; negative when the later stage came first. */
export const milliseconds = (from: string, to: string): string =>
  `(toUnixTimestamp64Milli(${to}) - toUnixTimestamp64Milli(${from}))`

export const DAY_MS = 86_400_000

/** The unit has not reached its end at T. */
export const OPEN_AT_T = `status_at_t NOT IN ${codes(FINAL_STATUSES)}`
