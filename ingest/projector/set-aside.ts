import { sql } from 'drizzle-orm'
import { sqlState, type Transaction, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { log } from '../../lib/log'
import type { AnyEvent } from '../contract/event'
import { runIn } from '../log/accept'
import { putInQuarantine } from '../quarantine/store'

/** SQLSTATE classes that are about a value: data exception, integrity violation, a program's limit. Others are about the server or the schema. */
const OF_A_VALUE = /^(22|23|54)/
/** More in one batch are no fault of single events: then it waits, as it does for everything else that has to be mended. */
const MOST = 20

interface Unfit {
  readonly event: AnyEvent
  readonly because: string
}

/** What the driver says of a connection that is gone, without a code. */
const GONE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/

/**
 * Whether a failure may be about what an event says, so that trying again would not help: a value that Postgres refuses, or what our own rules
 * throw. Whatever comes from a socket has a code, or one of the driver's sentences.
 */
export function isOfAnEvent(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return OF_A_VALUE.test(state)
  for (let at = error; at instanceof Error; at = at.cause) {
    if (('code' in at && !(at instanceof UserError)) || GONE.test(at.message)) return false
  }
  return error instanceof Error
}

type Work = (tx: Transaction, events: readonly AnyEvent[]) => Promise<void>

/**
 * Takes out the events that `work` fails by, each found as the last of the shortest beginning that fails: whatever it needs is there, and without
 * it all before it can be applied. Nothing of what is tried stays. Throws what is not about an event, and when there are too many.
 */
export async function sift(events: readonly AnyEvent[], work: Work): Promise<{ fit: AnyEvent[]; unfit: Unfit[] }> {
  const fit = [...events]
  const unfit: Unfit[] = []
  for (let failure = await tried(work, fit); failure !== undefined; failure = await tried(work, fit)) {
    if (unfit.length === MOST) throw failure
    let good = 0
    let bad = fit.length
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2)
      const found = await tried(work, fit.slice(0, middle))
      if (found === undefined) good = middle
      else {
        bad = middle
        failure = found
      }
    }
    const [event] = fit.splice(good, 1)
    if (event) unfit.push({ event, because: reasonOf(failure) })
  }
  return { fit, unfit }
}

class Undone extends Error {}

/** What applying these events fails by; `undefined` when it would not. */
async function tried(work: Work, events: readonly AnyEvent[]): Promise<Error | undefined> {
  try {
    await withTransaction(async (tx) => {
      await work(tx, events)
      // What was asked and not waited for, and what is only checked at the end, fails here.
      await tx.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`)
      throw new Undone()
    })
  } catch (error) {
    if (error instanceof Undone) return undefined
    if (!isOfAnEvent(error)) throw error
    return error as Error
  }
  return undefined
}

/** The innermost reason: the driver's words and not the statement. */
function reasonOf(failure: Error): string {
  let at = failure
  while (at.cause instanceof Error) at = at.cause
  return at.message.slice(0, 500)
}

/** Puts events that cannot be applied into quarantine, where a person sees them. They stay in the log and in the figures. */
export async function putAside(tx: Transaction, unfit: readonly Unfit[]): Promise<void> {
  for (const { event, because } of unfit) {
    log('projector').error(
      { source: event.source, id: event.id, because },
      'an accepted event cannot be applied to the cases',
    )
  }
  await putInQuarantine(
    runIn(tx),
    unfit.map(({ event, because }) => ({
      raw: Buffer.from(JSON.stringify(event)),
      reason: 'case_poison' as const,
      message: `The figures have this event and the cases cannot follow it: ${because}. Send a correction with a higher revision, then dismiss this.`,
      source: event.source,
      id: event.id,
      origin: 'projector',
    })),
  )
}
