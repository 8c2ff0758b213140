import { z } from 'zod'
import { createKey, KEY_SCOPES, revokeKey } from '../../auth/api-keys'
import { actingAs } from '../../auth/mitigations'
import { command } from '../command'

/** Makes an API key. Its secret is in this one answer and nowhere else. */
const create = command({
  name: 'key.create',
  title: 'Create a key',
  permission: 'keys:manage',
  input: z.strictObject({
    name: z.string().trim().min(1, 'Say what it is for.').max(100),
    scope: z.enum(KEY_SCOPES),
    sources: z.string().trim().min(1).max(2000),
    days: z.number().int().min(1).max(400).default(400),
  }),
  async run(
    { tx, doer, commandId },
    { name, scope, sources, days },
  ): Promise<{ id: string; key: string; expiresAt: string }> {
    await actingAs(tx, { id: doer.id, commandId })
    const made = await createKey({ name, scopes: [scope], sources: sources.split(/[\s,]+/).filter(Boolean), days }, tx)
    return { ...made, expiresAt: made.expiresAt.toISOString() }
  },
  kept: (result) => ({ ...result, key: '' }),
})

/** Revokes a key: it is refused everywhere within seconds. */
const revoke = command({
  name: 'key.revoke',
  title: 'Revoke',
  permission: 'keys:manage',
  input: z.strictObject({
    id: z.string().min(1).max(16),
    reason: z.string().trim().min(3, 'Say why.').max(500),
  }),
  async run({ tx, doer, commandId }, { id, reason }): Promise<{ id: string }> {
    await actingAs(tx, { id: doer.id, reason, commandId })
    await revokeKey(id, tx)
    return { id }
  },
})

export const keyCommands = [create, revoke] as const
