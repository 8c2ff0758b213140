import { createHash } from 'node:crypto'
import { and, desc, eq, lte } from 'drizzle-orm'
import type pg from 'pg'
import type { Transaction } from '../db/client'
import { policy } from '../db/schema'
import { UserError } from '../errors'
import { APPROVAL_TABLE } from '../returns/defaults/approval'
import { DISPOSITION_TABLE } from '../returns/defaults/disposition'
import { RETURNS_TABLE } from '../returns/defaults/returns'
import { ROUTING_TABLE } from '../returns/defaults/routing'
import type { DecisionTable } from '../returns/policy'

export type PolicyKind = 'returns' | 'routing' | 'disposition' | 'approval'

/** A version of a decision table that decides, or decided. */
export interface ActivePolicy {
  readonly kind: PolicyKind
  readonly version: number
  readonly table: DecisionTable
  readonly hash: string
}

export const hashOfTable = (table: DecisionTable): string =>
  createHash('sha256').update(JSON.stringify(table)).digest('hex')

/** The version of a policy that is in force at an instant. Throws a UserError (503) when there is none: nothing is decided without one. */
export async function activePolicy(tx: Pick<Transaction, 'select'>, kind: PolicyKind, at: Date): Promise<ActivePolicy> {
  const [row] = await tx
    .select({ version: policy.version, table: policy.table, hash: policy.hash })
    .from(policy)
    .where(and(eq(policy.kind, kind), eq(policy.state, 'active'), lte(policy.effectiveFrom, at)))
    .orderBy(desc(policy.effectiveFrom), desc(policy.version))
    .limit(1)
  if (!row)
    throw new UserError('no_policy', `There is no ${kind} policy in force: activate one in the settings.`, 503, kind)
  return { kind, version: row.version, table: row.table as DecisionTable, hash: row.hash }
}

/** What the product is delivered with: version 1 of each. */
const DELIVERED: Partial<Record<PolicyKind, DecisionTable>> = {
  returns: RETURNS_TABLE,
  routing: ROUTING_TABLE,
  disposition: DISPOSITION_TABLE,
  approval: APPROVAL_TABLE,
}

/** Writes version 1 of every policy that has none yet. Later versions are people's. */
export async function installPolicies(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ kind: string }>('SELECT DISTINCT kind FROM policy')
  const known = new Set(rows.map(({ kind }) => kind))
  const missing = Object.entries(DELIVERED).filter(([kind]) => !known.has(kind))
  if (missing.length === 0) return
  await client.query('BEGIN')
  for (const [kind, table] of missing) {
    await client.query(
      `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff)
       VALUES (now(), 'system', 'backhaul', 'policy.installed', 'policy', $1, jsonb_build_object('table', jsonb_build_array(NULL, $2::jsonb)))`,
      [`${kind}/1`, JSON.stringify(table)],
    )
    await client.query(
      `INSERT INTO policy (kind, version, state, effective_from, "table", hash, note, created_by, created_at, activated_at)
       VALUES ($1, 1, 'active', '2000-01-01', $2::jsonb, $3, 'As delivered', 'backhaul', now(), now()) ON CONFLICT DO NOTHING`,
      [kind, JSON.stringify(table), hashOfTable(table)],
    )
  }
  await client.query('COMMIT')
}
