import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../lib/db/client'
import { caseException } from '../../lib/db/schema'
import { listOfPath } from '../../lib/returns/code-map'
import { enabled } from '../../lib/workflow/automation'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { raise, resolveByMachine } from '../../lib/workflow/exceptions'

/** Open at most; codes beyond these are told of by the settings alone: an exception each would bury the others. */
const MOST_OPEN = 100

/** Keeps one open exception for each code that input waits for, and ends those of codes that nothing waits for any more. */
export async function raiseUnmapped(tx: Transaction, at: Date): Promise<void> {
  const waiting = await codesWaiting(tx)
  const open = await tx
    .select({ subject: caseException.subject })
    .from(caseException)
    .where(and(eq(caseException.kind, 'unmapped_code'), eq(caseException.unitId, ''), eq(caseException.state, 'open')))
  const known = new Set(open.map(({ subject }) => subject))
  const fresh = waiting.filter(({ subject }) => !known.has(subject)).slice(0, Math.max(0, MOST_OPEN - known.size))
  if (fresh.length > 0 && (await enabled(tx, 'exceptions')))
    for (const { subject, list, given, source, inputs } of fresh)
      await raise(automationRecorder(tx, 'exceptions', at, `code/${subject}/${at.toISOString()}`), {
        kind: 'unmapped_code',
        subject,
        message: `${source} says ${given} for a ${list}, which has no meaning here. ${inputs === 1 ? 'One event waits' : `${inputs} events wait`} for it.`,
      })
  const still = new Set(waiting.map(({ subject }) => subject))
  for (const { subject } of open) {
    if (still.has(subject)) continue
    const mapped = await isMapped(tx, subject)
    await resolveByMachine(automationRecorder(tx, 'exceptions', at, `code/${subject}/${at.toISOString()}`), {
      kind: 'unmapped_code',
      unitId: '',
      subject,
      resolution: mapped ? 'mapped' : 'ignored',
      note: mapped ? 'It has a meaning now.' : 'Nothing waits for it any more.',
    })
  }
}

interface Waiting {
  readonly subject: string
  readonly source: string
  readonly list: string
  readonly given: string
  readonly inputs: number
}

/** A source has no blank and a list is one word, so the parts of a subject stay apart. */
const subjectOf = (source: string, list: string, given: string) => `${source} ${list} ${given}`

async function codesWaiting(tx: Transaction): Promise<Waiting[]> {
  const { rows } = await tx.execute<{ source: string; path: string; given: string; inputs: number }>(sql`
    SELECT source, path, given, count(*)::int AS inputs FROM quarantine
    WHERE state = 'open' AND reason = 'code_unknown' AND given IS NOT NULL AND source <> ''
    GROUP BY source, path, given ORDER BY inputs DESC, source, path, given`)
  return rows.flatMap(({ source, path, given, inputs }) => {
    const list = listOfPath(path)
    return list ? [{ subject: subjectOf(source, list, given), source, list, given, inputs }] : []
  })
}

async function isMapped(tx: Transaction, subject: string): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`SELECT FROM code_mapping WHERE source || ' ' || list || ' ' || outside = ${subject}`,
  )
  return rows.length > 0
}
