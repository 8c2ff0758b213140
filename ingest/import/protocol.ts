import type { RefusalReason } from '../contract/reasons'
import type { Vocabulary } from '../contract/validate'

/** What the main thread asks of a worker: check a segment, archive what passes, and prepare it for ClickHouse. */
export interface Task {
  /** Whole lines of the input; handed over, not copied. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Number that the batch will have. */
  readonly batch: bigint
  readonly archiveDir: string
  /** Where the archive file goes, below the archive folder. */
  readonly path: string
  /** The clock of the import, in milliseconds: what "ahead of now" is measured with. */
  readonly now: number
  /** Currencies that have an exchange rate, and codes of outside systems that are mapped. */
  readonly vocabulary: Vocabulary
}

/** A line that did not become an event. `sink_poison`: it passed the contract and ClickHouse could not read it. */
export interface Rejected {
  /** Its number in the segment, from 0; not known for what ClickHouse could not read. */
  readonly line?: number
  readonly reason: RefusalReason | 'sink_poison'
  readonly message: string
  readonly path?: string
  readonly raw: string
}

export interface Checked {
  /** Events that passed, and so are in the archive file. 0: no file was written. */
  readonly rows: number
  readonly blank: number
  /** Events that correct or take back others: revision above 0. */
  readonly revised: number
  readonly rejected: readonly Rejected[]
  /** SHA-256 of the archive file. */
  readonly sha256: string
  /** Largest event time, in milliseconds. */
  readonly maxTime: number
  /** The wire lines of the events, for `sendRows`. */
  readonly wire: Uint8Array<ArrayBuffer>
}
