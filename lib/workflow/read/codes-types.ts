import type { MappedList } from '../../returns/code-map'

/** A code that input waits for: somebody must say what it means. */
export interface CodeTask {
  readonly source: string
  readonly list: MappedList
  readonly outside: string
  /** How many events wait, and about how many units. */
  readonly events: number
  readonly units: number
  readonly first: string
  readonly last: string
  /** The standard code whose name is most alike, and how alike, 0 to 1; null when none is near. */
  readonly suggestion: { readonly code: string; readonly likeness: number } | null
  /** Mapped already: what waits is about to be taken in. */
  readonly code: string | null
}

/** What a mapping was changed to, by whom, and why. */
export interface CodeChange {
  readonly at: string
  readonly by: string
  readonly from: string | null
  readonly to: string
  readonly reason: string
}

export interface CodeMappingLine {
  readonly source: string
  readonly list: MappedList
  readonly outside: string
  readonly code: string
  readonly version: number
  /** The cases are still being read again with it. */
  readonly underway: boolean
  /** Newest first. */
  readonly changes: readonly CodeChange[]
}

export interface CodesView {
  readonly tasks: readonly CodeTask[]
  readonly mappings: readonly CodeMappingLine[]
  /** Why the reader cannot map; '' when they can. */
  readonly closed: string
}
