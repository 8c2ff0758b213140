/** What runs out or stands still if nobody acts; each part null for whoever may not see it. Amounts are decimals, instants ISO 8601. */
export interface OpenRisks {
  /** Units that can be claimed, whose windows end within seven days; `value` in the reporting currency. */
  readonly claims: { readonly count: number; readonly value: string; readonly first: string | null } | null
  /** Open exceptions past due. */
  readonly exceptions: { readonly count: number; readonly mine: number; readonly since: string | null } | null
  /** Controls that did not hold when they were looked at, could not be looked at, or were not yet. */
  readonly controls: {
    readonly broken: readonly string[]
    readonly failed: readonly string[]
    readonly never: number
    readonly count: number
  } | null
}
