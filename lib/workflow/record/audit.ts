import type { Transaction } from '../../db/client'
import { insertRows } from '../../db/rows'
import { auditEntry } from '../../db/schema'
import type { Doer } from './types'

/** One change of one object, as the audit log keeps it. */
export interface Audited {
  readonly action: string
  readonly objectType: string
  readonly objectId: string
  readonly rmaId?: string
  readonly entity?: string
  /** Field by field, [before, after]; see `differenceOf`. */
  readonly diff: Readonly<Record<string, unknown>>
}

/** Writes audit entries in the caller's transaction, which is where the change is. */
export async function audit(
  tx: Transaction,
  doer: Doer,
  at: Date,
  entries: readonly Audited[],
  about: { readonly reason?: string; readonly approvalId?: string; readonly commandId?: string } = {},
): Promise<void> {
  await insertRows(
    tx,
    auditEntry,
    entries.map((entry) => ({
      id: crypto.randomUUID(),
      at,
      actorKind: doer.kind,
      actor: doer.id,
      actorName: doer.name,
      roles: [...doer.roles],
      action: entry.action,
      objectType: entry.objectType,
      objectId: entry.objectId,
      rmaId: entry.rmaId ?? '',
      entity: entry.entity ?? '',
      reason: about.reason ?? '',
      approvalId: about.approvalId ?? '',
      commandId: about.commandId ?? '',
      diff: entry.diff,
    })),
  )
}

const plain = (value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value instanceof Date ? value.toISOString() : value

const BOOKKEEPING = ['version', 'lastOrder', 'eventOrder', 'lastAt']

/** The fields in which two rows differ, as [before, after]; bookkeeping fields are left out. */
export function differenceOf(
  before: object | undefined,
  after: object,
  ignore: readonly string[] = BOOKKEEPING,
): Record<string, [unknown, unknown]> {
  const old = (before ?? {}) as Readonly<Record<string, unknown>>
  const now = after as Readonly<Record<string, unknown>>
  const changed: Record<string, [unknown, unknown]> = {}
  for (const field of Object.keys(now)) {
    // Most fields of most rows are the very same.
    if ((before && old[field] === now[field]) || ignore.includes(field)) continue
    const [was, is] = [plain(old[field]) ?? null, plain(now[field]) ?? null]
    const empty = !before && (is === null || is === '' || is === 0 || is === '0' || is === false)
    if (!empty && was !== is && JSON.stringify(was) !== JSON.stringify(is)) changed[field] = [was, is]
  }
  return changed
}
