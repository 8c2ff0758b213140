/** How an outside system is doing. */
export interface SourceLine {
  readonly source: string
  /** When the last event of it was taken in; null when none ever was. */
  readonly lastAt: string | null
  /** Events taken in within 24 hours. */
  readonly events: number
  /** Median seconds from when something happened until it was taken in, within 24 hours; null without events. */
  readonly lagSeconds: number | null
  /** Waiting in quarantine: refused, and other content under a known identity. */
  readonly refused: number
  readonly conflicts: number
  /** Nothing for longer than is usual for it: more than a day, after a week with events on most days. */
  readonly silent: boolean
}

/** How far behind what was accepted is on its way to the figures and to the cases. */
export interface Delivery {
  readonly unsealed: number
  readonly toFigures: { readonly batches: number; readonly oldest: string | null }
  readonly toCases: { readonly batches: number; readonly oldest: string | null }
  /** The last look at what is served, and what it had to repair. */
  readonly audit: { readonly at: string; readonly repaired: number } | null
}

export interface ImportLine {
  readonly id: string
  readonly file: string
  readonly mapping: string
  readonly state: 'running' | 'done'
  readonly events: number
  readonly rejected: number
  readonly startedAt: string
  readonly finishedAt: string | null
}

export interface KeyLine {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly sources: readonly string[]
  readonly state: 'in_force' | 'expired' | 'revoked'
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
}

export interface SourcesView {
  readonly sources: readonly SourceLine[]
  readonly delivery: Delivery
  readonly imports: readonly ImportLine[]
  /** Null for who may not see keys. */
  readonly keys: readonly KeyLine[] | null
}
