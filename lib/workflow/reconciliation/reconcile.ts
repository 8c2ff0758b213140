import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { formatUnits } from '../../money'
import { DIFFERENCE_KINDS, type Difference, sizeOf, WAYS } from '../../returns/reconciliation'
import { enabled } from '../automation'
import { automationRecorder } from '../automation-recorder'
import { raise, resolveByMachine } from '../exceptions'
import { settleCountsAgain } from '../stock/recheck'
import { compare } from './compare'
import { everything } from './side'
import { dealtWith, raisedHere } from './states'

/** Of one kind, so many are raised at most: a flood is one problem, and the page has them all. */
const AT_MOST = 50

export interface Reconciled {
  readonly raised: number
  readonly ended: number
}

/**
 * Looks at all the ways and raises what does not agree, each difference once while it is open and not again when somebody has dealt with it at
 * its size; ends what agrees again. For the worker, in a transaction of its own.
 */
export async function reconcile(tx: Transaction, at = new Date()): Promise<Reconciled> {
  await settleCountsAgain(tx, at)
  if (!(await enabled(tx, 'exceptions'))) return { raised: 0, ended: 0 }
  const differences: Difference[] = []
  for (const way of WAYS) differences.push(...(await compare(tx, way, everything, at)).differences)
  const dealt = await dealtWith(tx, differences, at)
  const known = await openSubjects(tx)
  const counts = new Map<string, number>()
  let raised = 0
  for (const difference of differences) {
    const { kind, key } = difference
    if (!raisedHere(kind)) continue
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (known.has(key) || count > AT_MOST || dealt(difference).state !== 'open') continue
    await raise(automationRecorder(tx, 'exceptions', at, causeOf('raise', key, at)), aboutOf(difference))
    raised += 1
  }
  const keys = new Set(differences.map(({ key }) => key))
  let ended = 0
  for (const subject of known) {
    if (keys.has(subject)) continue
    await resolveByMachine(automationRecorder(tx, 'exceptions', at, causeOf('end', subject, at)), {
      kind: 'reconciliation_difference',
      unitId: '',
      subject,
      resolution: 'explained',
      note: 'Both sides agree again.',
    })
    ended += 1
  }
  return { raised, ended }
}

/** What an event's id is made of: short, however long a difference's name is. */
const causeOf = (what: string, key: string, at: Date): string =>
  createHash('sha256').update(`${what}\0${key}\0${at.toISOString()}`).digest('hex').slice(0, 24)

async function openSubjects(tx: Transaction): Promise<Set<string>> {
  const { rows } = await tx.execute<{ subject: string }>(
    sql`SELECT subject FROM case_exception WHERE kind = 'reconciliation_difference' AND state = 'open'`,
  )
  return new Set(rows.map(({ subject }) => subject))
}

/** A difference as the exception that it becomes. */
export function aboutOf(difference: Difference) {
  const { key, kind, title, ours, theirs, currency, entity, facility } = difference
  const words = (value: bigint) => (currency === '' ? String(value) : `${formatUnits(value, 2)} ${currency}`)
  const size = sizeOf(difference)
  return {
    kind: 'reconciliation_difference' as const,
    subject: key,
    ...(currency === '' ? {} : { value: size < 0n ? -size : size, currency }),
    entity,
    facility,
    message: `${DIFFERENCE_KINDS[kind].label}: ${title}, ${words(ours)} against ${words(theirs)}.`,
    detail: { key, kind, difference: String(size), ours: String(ours), theirs: String(theirs), currency },
  }
}
