import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { db, type Transaction, withTransaction } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import { CODE_FIELDS, type CodeMapping } from '../../lib/returns/code-map'
import { replayIn } from '../../lib/workflow/quarantine/replay'
import { inWords } from '../../lib/workflow/quarantine/selection'
import { audit } from '../../lib/workflow/record/audit'
import { record } from '../../lib/workflow/record/record'
import type { Doer } from '../../lib/workflow/record/types'
import { REACTIONS } from '../projector/reactions/reactions'
import { raiseUnmapped } from './unmapped'

const EVERY = 1_000
/** Units read again in one transaction: well within a session's time limit. */
const TOGETHER = 500
/** Any constant: the name of the lock that only one worker holds. */
const DUTY = 7_212_020

/** Who does what follows from a mapping; the person who mapped is in the audit log with the mapping itself. */
const APPLIER: Doer = { kind: 'system', id: 'code_mapping', name: 'Meanings of codes', roles: [] }

/** Starts the worker that makes changed meanings of codes true everywhere. */
export async function startCodes(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = work(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function work(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await applyOnce(new Date())
    } catch (error) {
      log('codes').warn(
        { reason: describeError(error) },
        'meanings of codes could not be applied and will be tried again',
      )
    }
    await sleep(EVERY, undefined, { signal }).catch(() => undefined)
  }
}

export interface Applied {
  /** Input taken out of quarantine. */
  readonly replayed: number
  /** Units read again. */
  readonly units: number
}

/** One round: replays what has a meaning now, reads again what means something else, and keeps the exceptions of what has none. */
export async function applyOnce(at: Date): Promise<Applied> {
  let replayed = 0
  for (const mapping of await waitedFor()) replayed += await alone((tx) => replayFor(tx, mapping, at), 0)
  let units = 0
  for (const mapping of await changed()) units += await readAgain(mapping, at)
  await alone((tx) => raiseUnmapped(tx, at), undefined)
  return { replayed, units }
}

/** In a transaction that no other worker is in; `otherwise` when one is. */
const alone = <T>(work: (tx: Transaction) => Promise<T>, otherwise: T): Promise<T> =>
  withTransaction(async (tx) => {
    const { rows } = await tx.execute<{ mine: boolean }>(sql`SELECT pg_try_advisory_xact_lock(${DUTY}) AS mine`)
    return rows[0]?.mine ? work(tx) : otherwise
  })

type Mapping = CodeMapping & Record<string, unknown>

const PATHS = sql`(VALUES ${sql.join(
  Object.entries(CODE_FIELDS).map(([list, field]) => sql`(${list}::text, ${`data.${field}`}::text)`),
  sql`, `,
)})`

/** Mappings whose code input in quarantine waits for. */
async function waitedFor(): Promise<Mapping[]> {
  const { rows } = await db().execute<Mapping>(sql`
    SELECT m.source, m.list, m.outside, m.code FROM code_mapping m JOIN ${PATHS} AS p (list, path) ON p.list = m.list
    WHERE EXISTS (SELECT FROM quarantine q WHERE q.state = 'open' AND q.reason = 'code_unknown' AND q.given IS NOT NULL
      AND q.source = m.source AND q.path = p.path AND q.given = m.outside)
    ORDER BY m.source, m.list, m.outside`)
  return rows
}

async function replayFor(tx: Transaction, { source, list, outside }: Mapping, at: Date): Promise<number> {
  const which = { reason: 'code_unknown', source, path: `data.${CODE_FIELDS[list]}`, given: outside }
  const account = await replayIn(tx, which, { by: APPLIER.id, settle: true })
  await audit(tx, APPLIER, at, [
    { action: 'quarantine.replayed', objectType: 'quarantine', objectId: inWords(which), diff: { ...account } },
  ])
  return account.accepted + account.duplicates
}

/** Mappings that the cases are not read with yet. */
async function changed(): Promise<Mapping[]> {
  const { rows } = await db().execute<Mapping>(
    sql`SELECT source, list, outside, code FROM code_mapping WHERE applied <> code ORDER BY source, list, outside`,
  )
  return rows
}

/** Folds every unit again that carries a code, a part a transaction, and marks the mapping applied with the last: a death in between costs only time. */
async function readAgain(mapping: Mapping, at: Date): Promise<number> {
  const { source, list, outside, code } = mapping
  const { rows } = await db().execute<{ unit_id: string }>(sql`
    SELECT DISTINCT unit_id FROM case_event WHERE source = ${source} AND data ->> ${CODE_FIELDS[list]} = ${outside} AND unit_id <> '' ORDER BY unit_id`)
  const ids = rows.map(({ unit_id }) => unit_id)
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const again = ids.slice(from, from + TOGETHER)
    const mine = await alone(async (tx) => {
      // What follows is what the source has said all along: it is told of once more, in words that are understood now.
      const recorded = await record(tx, {
        events: [],
        again,
        doer: APPLIER,
        at,
        reason: `${outside} of ${source} means ${code}`,
      })
      for (const react of REACTIONS) await react(tx, [], recorded, at)
      return true
    }, false)
    // Another worker is at it, and marks it applied when it is done.
    if (!mine) return 0
  }
  return alone(async (tx) => {
    const done = await tx.execute(sql`
      UPDATE code_mapping SET applied = ${code} WHERE source = ${source} AND list = ${list} AND outside = ${outside} AND code = ${code} AND applied <> ${code}`)
    if (!done.rowCount) return 0
    const objectId = `${source} ${list} ${outside}`
    await audit(tx, APPLIER, at, [
      { action: 'code.applied', objectType: 'code_mapping', objectId, diff: { code, units: ids.length } },
    ])
    log('codes').info(
      { source, list, outside, code, units: ids.length },
      'a code means something else now: units read again',
    )
    return ids.length
  }, 0)
}
