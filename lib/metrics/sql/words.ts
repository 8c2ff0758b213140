/** What every piece of SQL here shares. */

/** The time of what never happened. */
export const NEVER = "toDateTime64(0, 3, 'UTC')"
export const DAY_MS = 86_400_000

export const reached = (column: string, instant: string): string => `${column} > ${NEVER} AND ${column} <= ${instant}`

/** Fills in what definitions leave open: `$T`, `$tz`, `$never`. */
export const bind = (expression: string, instant: string, tz: string): string =>
  expression.replaceAll(/\$(T|tz|never)\b/g, (_, name) => (name === 'T' ? instant : name === 'tz' ? tz : NEVER))

export const all = (...conditions: (string | undefined | false)[]): string =>
  conditions
    .filter(Boolean)
    .map((condition) => `(${condition})`)
    .join(' AND ') || '1'

/** The bucket of an instant, as the answer shows it. */
export function bucketSql(unit: string, column: string, tz: string): string {
  switch (unit) {
    case 'hour':
      return `formatDateTime(toStartOfHour(${column}, ${tz}), '%Y-%m-%dT%H:%i:00.000Z', 'UTC')`
    case 'day':
      return `toDate(${column}, ${tz})`
    case 'week':
      return `toMonday(${column}, ${tz})`
    case 'month':
      return `toStartOfMonth(${column}, ${tz})`
    default:
      return `toStartOfQuarter(${column}, ${tz})`
  }
}
