import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { controlCheck } from '../../db/schema'
import { UserError } from '../../errors'
import { command } from '../command'
import { INVARIANTS } from './invariants'
import { lookAndKeep } from './keep'

/** Looks at a control now, without waiting for the next round. It reads, and keeps what it saw. */
const look = command({
  name: 'control.look',
  title: 'Look now',
  permission: 'journal:read',
  input: z.strictObject({ id: z.string().min(1).max(8) }),
  // As in the round of the controls: what is posted between two statements of a look is no difference.
  isolation: 'repeatable read',
  async run({ tx, at }, { id }): Promise<{ holds: boolean }> {
    const invariant = INVARIANTS.find((each) => each.id === id)
    if (!invariant) {
      const [known] = await tx.select({ id: controlCheck.id }).from(controlCheck).where(eq(controlCheck.id, id))
      if (known)
        throw new UserError(
          'not_here',
          'This control is looked at by the worker, within half a minute after it did not hold and else every five minutes.',
          409,
          'id',
        )
      throw new UserError('not_found', 'There is no such control.', 404, 'id')
    }
    return { holds: await lookAndKeep(tx, invariant, at) }
  },
})

export const controlCommands = [look] as const
