import { sql } from 'drizzle-orm'
import { type Difference, type DifferenceKind, sizeOf } from '../../returns/reconciliation'
import { texts } from '../record/books'
import type { Reader } from './side'

/** Kinds that other parts of the product raise themselves; the reconciliation shows them and does not raise them again. */
const RAISED_ELSEWHERE: Partial<Record<DifferenceKind, readonly string[]>> = {
  counted_short: ['stock_difference'],
  counted_over: ['stock_difference'],
  over_captured: ['over_credit', 'duplicate_credit'],
  received_short: ['short_receipt', 'quantity_mismatch'],
  received_over: ['over_receipt', 'quantity_mismatch'],
  unmatched: ['unmatched_receipt'],
}

export const raisedHere = (kind: DifferenceKind): boolean => RAISED_ELSEWHERE[kind] === undefined

export type DifferenceState = 'open' | 'waiting' | 'proposed' | 'settled'

/** What people have made of a difference. */
export interface Dealt {
  readonly state: DifferenceState
  readonly exceptionId: string | null
  readonly ownerRole: string
  readonly assignee: string | null
  readonly waitUntil: Date | null
  readonly note: string
  readonly approvalId: string | null
  readonly entryId: string | null
}

interface ItemRow extends Record<string, unknown> {
  key: string
  state: DifferenceState
  difference: string
  wait_until: Date | null
  note: string
  approval_id: string | null
  entry_id: string | null
  asked: string | null
}

interface ExceptionRow extends Record<string, unknown> {
  id: string
  kind: string
  subject: string
  unit_id: string
  state: 'open' | 'resolved'
  resolution: string | null
  note: string
  owner_role: string
  assignee: string | null
  difference: string | null
}

/**
 * What has been done about each difference: by a decision for just this size (a difference that has changed since is open again), or by the
 * exception that is about it.
 */
export async function dealtWith(
  tx: Reader,
  differences: readonly Difference[],
  now: Date,
): Promise<(difference: Difference) => Dealt> {
  const items = await itemsOf(tx, differences)
  const exceptions = await exceptionsOf(tx, differences)
  const item = new Map(items.map((each) => [each.key, each]))
  const byAbout = new Map<string, ExceptionRow>()
  for (const each of exceptions)
    for (const about of [`${each.kind}:${each.subject}`, `${each.kind}:unit:${each.unit_id}`]) byAbout.set(about, each)
  return (difference) => {
    const own = item.get(difference.key)
    const known = aboutOf(difference).flatMap((about) => byAbout.get(about) ?? [])
    const exception = known.find(({ state }) => state === 'open') ?? known[0]
    const same = own !== undefined && BigInt(own.difference) === sizeOf(difference)
    return {
      state: same && own ? stateOf(own, now) : settledBy(exception, difference) ? 'settled' : 'open',
      exceptionId: exception?.id ?? null,
      ownerRole: exception?.owner_role ?? '',
      assignee: exception?.assignee ?? null,
      waitUntil: same && own?.state === 'waiting' && own.wait_until ? new Date(own.wait_until) : null,
      note: (same ? own?.note : '') || (exception?.state === 'resolved' ? wordsOf(exception) : ''),
      approvalId: same && own?.state === 'proposed' ? (own.approval_id ?? null) : null,
      entryId: same ? (own?.entry_id ?? null) : null,
    }
  }
}

function stateOf(own: ItemRow, now: Date): DifferenceState {
  if (own.state === 'waiting') return own.wait_until && new Date(own.wait_until) > now ? 'waiting' : 'open'
  // Nobody answered in time, or it was refused: it is as open as before.
  if (own.state === 'proposed') return own.asked === 'open' ? 'proposed' : 'open'
  // An entry that settles a control account makes the difference go: one that is there is another.
  return own.key.startsWith('ledger:') ? 'open' : own.state
}

/** An exception that was resolved about just this size, or one of another kind that was resolved at all. */
const settledBy = (exception: ExceptionRow | undefined, difference: Difference): boolean =>
  exception?.state === 'resolved' &&
  (exception.kind !== 'reconciliation_difference' || exception.difference === String(sizeOf(difference)))

const wordsOf = ({ resolution, note }: ExceptionRow): string =>
  [resolution?.replaceAll('_', ' '), note].filter(Boolean).join(': ')

/** How the exception of a difference is found: by its subject, or by the unit that it is about. */
function aboutOf({ kind, key, refs }: Difference): string[] {
  const others = RAISED_ELSEWHERE[kind]
  if (!others) return [`reconciliation_difference:${key}`]
  const place = key.startsWith('stock:count:') ? key.slice('stock:count:'.length) : undefined
  if (place !== undefined) return others.map((name) => `${name}:${place}`)
  return refs.unitId ? others.map((name) => `${name}:unit:${refs.unitId}`) : []
}

async function itemsOf(tx: Reader, differences: readonly Difference[]): Promise<ItemRow[]> {
  const { rows } = await tx.execute<ItemRow>(sql`
    SELECT i.key, i.state, i.difference::text, i.wait_until, i.note, i.approval_id::text, i.entry_id, a.state AS asked
    FROM reconciliation_item i LEFT JOIN approval a ON a.id = i.approval_id WHERE i.key IN ${texts(differences.map(({ key }) => key))}`)
  return rows
}

/** The latest exception about each difference; an open one before a resolved one. */
async function exceptionsOf(tx: Reader, differences: readonly Difference[]): Promise<ExceptionRow[]> {
  const kinds = new Set(differences.flatMap(({ kind }) => RAISED_ELSEWHERE[kind] ?? ['reconciliation_difference']))
  const subjects = differences.map(({ key }) => key.replace(/^stock:count:/, ''))
  const units = differences.flatMap(({ refs }) => refs.unitId ?? [])
  const { rows } = await tx.execute<ExceptionRow>(sql`
    SELECT id, kind, subject, unit_id, state, resolution, note, owner_role, assignee, detail ->> 'difference' AS difference FROM case_exception
    WHERE kind IN ${texts([...kinds])} AND (subject IN ${texts(subjects)} OR (unit_id <> '' AND unit_id IN ${texts(units)}))
    ORDER BY state = 'open', raised_at`)
  return rows
}
