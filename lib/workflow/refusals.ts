import type { Actor } from '../auth/actor'
import { db } from '../db/client'
import { refusal } from '../db/schema'
import { UserError } from '../errors'
import { log } from '../log'

/** Writes down what somebody tried and was refused. Bad input is a slip; everything else is an attempt at something that is not open to them, or not now. */
export async function writeRefusal(
  actor: Actor,
  command: string,
  { code, message, parameter }: UserError,
): Promise<void> {
  if (code === 'invalid_input') return
  await db()
    .insert(refusal)
    .values({ actor: actor.userId, command, code, message, subject: parameter ?? '' })
    .catch((failure: unknown) =>
      log('workflow').error({ reason: String(failure) }, 'a refusal could not be written down'),
    )
}

/** Does what is no command and yet guarded (a file opened, the log taken away); what is refused is written down under `name`. */
export async function orWriteRefusal<Result>(actor: Actor, name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError) await writeRefusal(actor, name, error)
    throw error
  }
}
