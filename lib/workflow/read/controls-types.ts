/** A control as it was found last; `state` is `unknown` when nobody has looked yet. */
export interface ControlLine {
  readonly id: string
  readonly title: string
  readonly says: string
  readonly state: 'holds' | 'broken' | 'unknown'
  readonly checked: string
  readonly broken: string
  readonly examples: readonly string[]
  readonly failed: string
  readonly at: string | null
  readonly ms: number
  readonly brokenSince: string | null
  /** Whether it can be looked at from the page; the others are the worker's. */
  readonly here: boolean
}

/** What a control in the commands refused lately. */
export interface RefusalLine {
  readonly code: string
  readonly command: string
  readonly times: number
  readonly people: number
  readonly lastAt: string
  readonly message: string
}

export interface ControlsView {
  readonly controls: readonly ControlLine[]
  readonly refusals: readonly RefusalLine[]
}
