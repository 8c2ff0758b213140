/** One field that an entry says has changed: before and after, as texts; null where there was or is nothing. */
export interface AuditField {
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

export interface AuditLine {
  readonly seq: string
  readonly at: string
  readonly actorKind: 'person' | 'key' | 'source' | 'automation' | 'system'
  readonly actor: string
  readonly roles: readonly string[]
  readonly action: string
  readonly objectType: string
  readonly objectId: string
  readonly rmaId: string
  readonly entity: string
  readonly reason: string
  readonly approvalId: string
  readonly commandId: string
  readonly fields: readonly AuditField[]
  /** The block that it is sealed in; null as long as it waits. */
  readonly block: string | null
}

export interface AuditAsked {
  /** Part of a name, or an id of an actor. */
  readonly actor?: string | undefined
  /** Who: one kind, or `acts`, what people, keys and approvals changed; everybody when it is not said. */
  readonly kind?: AuditLine['actorKind'] | 'acts' | undefined
  readonly action?: string | undefined
  /** An object, a return, an approval or a command by its id. */
  readonly q?: string | undefined
  /** First and last day, in UTC. */
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** Where the page before ended. */
  readonly before?: string | undefined
}

export interface AuditPage {
  readonly lines: readonly AuditLine[]
  readonly next: string | null
  readonly actions: readonly string[]
}

/** How far the log is sealed, and what its last verification found. */
export interface ChainState {
  readonly blocks: string
  readonly entries: string
  readonly sealedAt: string | null
  readonly unsealed: number
  readonly anchors: number
  readonly verified: {
    readonly at: string
    readonly by: string
    readonly entries: number
    readonly blocks: number
    readonly broken: { readonly kind: string; readonly block: string | null; readonly message: string } | null
  } | null
}

export interface RefusedLine {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly command: string
  readonly code: string
  readonly message: string
  readonly subject: string
}
