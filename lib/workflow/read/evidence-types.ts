import type { EvidenceSubject } from '../../returns/evidence'

/** What a file is about: a thing of the case, by what it is and its id. */
export interface EvidenceAbout {
  readonly type: EvidenceSubject
  readonly id: string
}

/** A photo or document that is kept, or was: who added it, what it proves, how long it is kept, and what may be done with it. */
export interface CaseEvidence {
  readonly sha256: string
  readonly mime: string
  /** Whether browsers draw it. */
  readonly shown: boolean
  readonly bytes: number
  readonly note: string
  readonly about: readonly EvidenceAbout[]
  readonly at: string
  readonly by: string
  /** The retention class, in words. */
  readonly retention: string
  readonly keepUntil: string
  /** Past its retention, and neither held nor destroyed. */
  readonly due: boolean
  readonly legalHold: boolean
  readonly holdReason: string
  readonly heldBy: string
  readonly heldAt: string | null
  /** Decided to be destroyed after its retention; from then on nobody opens it. */
  readonly purged: boolean
  readonly purgedBy: string
  readonly purgedAt: string | null
  readonly purgeReason: string
  /** Why the reader may not set or lift a hold, and why they may not destroy it; null where they may. */
  readonly closed: { readonly hold: string | null; readonly destroy: string | null }
}
