/** How far the figures of a page reach. */
export interface FreshnessNews {
  /** Event time up to which the figures reach, ISO 8601, and the same as a clock in the page's zone. */
  watermark: string | null
  clock: string
  behindMs: number | null
  /** Another one with every delivery. Of a page's own figures '' when they may lack the last one. */
  token: string
}

/** What the product answers when it is asked for news. */
export interface LiveNews extends FreshnessNews {
  /** Whether the last delivery is in every figure. */
  settled: boolean
  /** For how long an accepted event has waited to get into the figures; null when none does. */
  waitingMs: number | null
}

const STALE_MS = 10_000

/**
 * Whether the page's figures are to be read again, and with what token they are then shown. A delivery that is not settled is read again once it
 * is: sales are rolled up a moment after it.
 */
export const newsFor = (shown: string, { token, settled }: Pick<LiveNews, 'token' | 'settled'>) =>
  token === shown ? undefined : settled ? token : ''

export type Reach = 'none' | 'lost' | 'stuck' | 'stale' | 'fresh'

/** In what state the figures are, by the ages that they have by now. `stuck`: events wait, and none gets through. */
export function reachOf(lost: boolean, behindMs: number | null, waitingMs: number | null): Reach {
  if (lost) return 'lost'
  if (waitingMs !== null && waitingMs > STALE_MS) return 'stuck'
  if (behindMs === null) return 'none'
  return behindMs > STALE_MS ? 'stale' : 'fresh'
}

/** "1.2 s", "14 s", "3 min", "5 h", "2 days". */
export function ageOf(ms: number): string {
  const s = Math.max(0, ms) / 1000
  if (s < 10) return `${s.toFixed(1)}\u202fs`
  if (s < 90) return `${Math.round(s)}\u202fs`
  if (s < 5400) return `${Math.round(s / 60)}\u202fmin`
  if (s < 172_800) return `${Math.round(s / 3600)}\u202fh`
  return `${Math.round(s / 86_400)} days`
}
