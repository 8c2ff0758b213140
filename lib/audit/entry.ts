import { createHash } from 'node:crypto'

/** A sealed entry as it is hashed and exported: every field that says what happened, none of the bookkeeping. Instants are ISO 8601 in UTC. */
export interface EntryContent {
  readonly seq: string
  readonly id: string
  readonly at: string
  readonly tx: string
  readonly actorKind: string
  readonly actor: string
  readonly actorName: string
  readonly roles: readonly string[]
  readonly action: string
  readonly objectType: string
  readonly objectId: string
  readonly rmaId: string
  readonly entity: string
  readonly reason: string
  readonly approvalId: string
  readonly commandId: string
  readonly diff: unknown
}

/** A row of audit_entry as the driver gives it. */
export interface EntryRow {
  readonly seq: bigint
  readonly id: string
  readonly at: Date
  readonly tx: string
  readonly actor_kind: string
  readonly actor: string
  readonly actor_name: string
  readonly roles: readonly string[]
  readonly action: string
  readonly object_type: string
  readonly object_id: string
  readonly rma_id: string
  readonly entity: string
  readonly reason: string
  readonly approval_id: string
  readonly command_id: string
  readonly diff: unknown
  readonly block: bigint | null
  readonly leaf: number | null
}

export const ENTRY_COLUMNS =
  'seq, id, at, tx, actor_kind, actor, actor_name, roles, action, object_type, object_id, rma_id, entity, reason, approval_id, command_id, diff, block, leaf'

export const contentOf = (row: EntryRow): EntryContent => ({
  ...{ seq: row.seq.toString(), id: row.id, at: row.at.toISOString(), tx: row.tx },
  ...{ actorKind: row.actor_kind, actor: row.actor, actorName: row.actor_name, roles: row.roles },
  ...{ action: row.action, objectType: row.object_type, objectId: row.object_id, rmaId: row.rma_id },
  ...{ entity: row.entity, reason: row.reason, approvalId: row.approval_id, commandId: row.command_id },
  diff: row.diff,
})

/**
 * JSON in the one form that RFC 8785 gives it: keys sorted by their UTF-16 units, no blanks, numbers as ECMAScript writes them. For values that
 * were parsed from JSON; throws for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('JSON has no such number')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`)
      .join(',')}}`
  throw new TypeError(`JSON has no ${typeof value}`)
}

const LEAF = Buffer.from([0])

/** SHA-256(0x00 ‖ canonical JSON of the entry): a leaf as RFC 6962 has it. */
export const leafHash = (content: EntryContent): Buffer =>
  createHash('sha256').update(LEAF).update(canonicalJson(content)).digest()
