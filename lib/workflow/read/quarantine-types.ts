/** How much waits with one reason from one source. */
export interface QuarantineGroup {
  readonly reason: string
  /** '' where the source could not be read. */
  readonly source: string
  readonly rows: number
  readonly first: string
  readonly last: string
}

/** One refused input without its bytes. */
export interface QuarantineLine {
  readonly id: string
  readonly source: string
  readonly eventId: string | null
  readonly reason: string
  readonly message: string
  readonly path: string | null
  readonly given: string | null
  /** Which way it came in, such as `http:KEYID`. */
  readonly origin: string
  readonly state: 'open' | 'replayed' | 'dismissed'
  readonly receivedAt: string
  readonly settledAt: string | null
  readonly settledBy: string | null
  readonly note: string | null
}

/** One refused input with its bytes as text. */
export interface QuarantineInput extends QuarantineLine {
  readonly raw: string
  readonly bytes: number
  /** Only its beginning is given. */
  readonly cut: boolean
  /** Values that tell who a customer is are hidden from this role. */
  readonly hidden: boolean
}
