import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { createKey, KEY_SCOPES, revokeKey } from '../../auth/api-keys'
import type { Transaction } from '../../db/client'
import { command } from '../command'

/** Says whose transaction it is to the trigger that writes changes of keys into the audit log. */
const named = (tx: Transaction, person: string) => tx.execute(sql`SELECT set_config('backhaul.actor', ${person}, true)`)

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
  async run({ tx, doer }, { name, scope, sources, days }): Promise<{ id: string; key: string; expiresAt: string }> {
    await named(tx, doer.id)
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
  async run({ tx, doer, audit }, { id, reason }): Promise<{ id: string }> {
    await named(tx, doer.id)
    await revokeKey(id, tx)
    await audit([{ action: 'api_key.revoked', objectType: 'api_key', objectId: id, diff: {} }], { reason })
    return { id }
  },
})

export const keyCommands = [create, revoke] as const
