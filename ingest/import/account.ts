import type { Checked, Rejected } from './protocol'

/** The lines of an input up to some point, each with one fate: blank, event or rejected. */
export interface Tally {
  readonly lines: number
  readonly blank: number
  readonly events: number
  /** Events that correct or take back others. */
  readonly revised: number
  readonly rejected: number
  /** Rejected lines by reason. */
  readonly reasons: Readonly<Record<string, number>>
}

/** What became of one file. */
export interface FileAccount {
  readonly file: string
  /** SHA-256 of the file. */
  readonly fingerprint: string
  readonly mapping: string
  /** `unchanged`: this content was imported before, and nothing was done. `resumed`: an interrupted import of it was ended. */
  readonly outcome: 'imported' | 'resumed' | 'unchanged'
  /** Of the canonical events: of the file itself, or of what the mapping made of it. */
  readonly tally: Tally
  /** Where the rejected lines are, with reasons; absent when there are none. */
  readonly rejectedFile?: string
  /** The mapping's own account. */
  readonly mapped?: unknown
}

export interface ImportAccount {
  readonly files: readonly FileAccount[]
  /** Events of the files that were not there already. */
  readonly events: number
  readonly rejected: number
  /** Wall time of reading, checking, archiving and sending. */
  readonly loadSeconds: number
  /** Wall time of deriving what dashboards read. */
  readonly publishSeconds: number
}

/** The tally after some more lines. */
export function addTo(
  tally: Tally,
  more: { lines: number; rejected: readonly Rejected[] } & Pick<Checked, 'blank' | 'rows' | 'revised'>,
): Tally {
  const reasons = { ...tally.reasons }
  for (const { reason } of more.rejected) reasons[reason] = (reasons[reason] ?? 0) + 1
  return {
    lines: tally.lines + more.lines,
    blank: tally.blank + more.blank,
    events: tally.events + more.rows,
    revised: tally.revised + more.revised,
    rejected: tally.rejected + more.rejected.length,
    reasons,
  }
}
