/** One thing looked at: what was found, and, when it is wrong, how to mend it. */
export interface Finding {
  readonly what: string
  readonly found: string
  /** Present: it is wrong, and this mends it. */
  readonly mend?: string
}
