import type { EvidenceAbout } from './evidence-types'

/** A retention class: how long what is in it is kept, and how much of it there is. */
export interface RetentionLine {
  readonly id: string
  readonly label: string
  readonly months: number
  readonly kept: number
  readonly bytes: number
  readonly held: number
  readonly due: number
  readonly destroyed: number
}

/** A file as retention sees it: never its content. */
export interface RetainedFile {
  readonly sha256: string
  readonly mime: string
  readonly bytes: number
  readonly retention: string
  readonly about: readonly EvidenceAbout[]
  /** The return that it belongs to; '' where it belongs to none. */
  readonly rmaId: string
  readonly addedAt: string
  readonly keepUntil: string
  readonly holdReason: string
  readonly heldBy: string
  readonly heldAt: string | null
  readonly purgedBy: string
  readonly purgedAt: string | null
  readonly purgeReason: string
  /** When the bytes were gone; null while the worker has still to do it. */
  readonly destroyedAt: string | null
  /** Why the reader may not destroy it now; null where they may. */
  readonly closed: string | null
}

export interface RetainedFiles {
  readonly files: readonly RetainedFile[]
  /** Of all, shown or not. */
  readonly count: number
}

export interface RetentionView {
  readonly classes: readonly RetentionLine[]
  /** Under a legal hold, latest first. */
  readonly held: RetainedFiles
  /** Past its retention, neither held nor destroyed, oldest first. */
  readonly due: RetainedFiles
  /** Tombstones, latest first. */
  readonly destroyed: RetainedFiles
}
