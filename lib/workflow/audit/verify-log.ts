import { sql } from 'drizzle-orm'
import { type Verified, verifyLog } from '../../audit/verify'
import { db, withoutTimeouts } from '../../db/client'
import { INVARIANTS } from '../controls/invariants'

/** A verification that was made: by whom, when, and what it found. */
export interface KeptVerification extends Verified {
  readonly at: string
  readonly by: string
}

const KEY = 'audit_verified'

/** Verifies the whole log, and keeps what was found for the audit page. */
export async function verifyAndKeep(
  by: string,
  hear?: (blocks: number, entries: number) => void,
): Promise<KeptVerification> {
  const found = await withoutTimeouts((client) =>
    verifyLog(client, {
      ...(hear ? { hear } : {}),
      unaudited: async () => (await INVARIANTS.find(({ id }) => id === 'I13')?.look(db(), new Date()))?.examples ?? [],
    }),
  )
  const kept = { ...found, at: new Date().toISOString(), by }
  await db().execute(
    sql`INSERT INTO installation (key, value) VALUES (${KEY}, ${JSON.stringify(kept)}::jsonb) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, at = now()`,
  )
  return kept
}

/** The last verification; null when nobody has made one. */
export async function lastVerification(): Promise<KeptVerification | null> {
  const { rows } = await db().execute<{ value: KeptVerification | string }>(
    sql`SELECT value FROM installation WHERE key = ${KEY}`,
  )
  const value = rows[0]?.value
  return value === undefined ? null : typeof value === 'string' ? (JSON.parse(value) as KeptVerification) : value
}
