import { z } from 'zod'
import { accountById } from '../../auth/accounts'
import type { Actor } from '../../auth/actor'
import { publicUrl } from '../../auth/cookie'
import { actingAs } from '../../auth/mitigations'
import { keepSetUpToken, newSetUpToken } from '../../auth/set-up-links'
import { UserError } from '../../errors'
import { command } from '../command'
import { execute } from '../execute'

export interface SetUpLink {
  /** Shown once: only a digest of what is in it is kept. */
  readonly link: string
  readonly until: string
}

/**
 * A link with which a person chooses a password, good for three days and one use; an earlier one no longer works. Throws a UserError: 403 without the
 * permission, 404 for nobody, 409 for who is deactivated.
 */
export async function makeSetUpLink(actor: Actor, personId: string): Promise<SetUpLink> {
  const { token, hash } = newSetUpToken()
  const { result } = await execute(actor, linking, { personId, hash })
  return { link: `${publicUrl()}/login/setup?token=${token}`, until: result.until }
}

/** Not in the registry: what a command came to is kept and told again, and a secret is not. */
const linking = command({
  name: 'person.link',
  title: 'Make a set-up link',
  permission: 'users:manage',
  input: z.strictObject({ personId: z.uuid('is no person'), hash: z.string().length(64) }),
  async run({ tx, at, doer, commandId }, { personId, hash }): Promise<{ until: string }> {
    const person = await accountById(personId, tx)
    if (!person) throw new UserError('not_found', 'There is no such person.', 404, 'personId')
    if (!person.active)
      throw new UserError('deactivated', `${person.name} is deactivated: let them in again first.`, 409, 'personId')
    await actingAs(tx, { id: doer.id, commandId })
    const until = (await keepSetUpToken(tx, person.id, hash, at)).toISOString()
    return { until }
  },
})
