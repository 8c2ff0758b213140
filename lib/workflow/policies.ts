import { createHash } from 'node:crypto'
import type pg from 'pg'
import { type Database, run, type Transaction } from '../db/client'
import { statement } from '../db/statement'
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

/** Which version is in force is asked each time; its table comes along unless it is the one that is here already, by the hash of its content. */
const IN_FORCE = statement(`
  SELECT version, hash, CASE WHEN hash <> $3 THEN "table" END AS "table" FROM policy
  WHERE kind = $1 AND state = 'active' AND effective_from <= $2 ORDER BY effective_from DESC, version DESC LIMIT 1`)

/** The table that decided last; the database never lets the table or the hash of a version change once it is more than a draft. */
const latest = new Map<PolicyKind, { readonly hash: string; readonly table: DecisionTable }>()

/** The version of a policy that is in force at an instant. Throws a UserError (503) when there is none: nothing is decided without one. */
export async function activePolicy(on: Database | Transaction, kind: PolicyKind, at: Date): Promise<ActivePolicy> {
  const known = latest.get(kind)
  const { rows } = await run<{ version: number; hash: string; table: DecisionTable | null }>(on, IN_FORCE, [
    kind,
    at,
    known?.hash ?? '',
  ])
  const [row] = rows
  if (!row)
    throw new UserError('no_policy', `There is no ${kind} policy in force: activate one in the settings.`, 503, kind)
  const table = row.table ?? known?.table
  if (!table) throw new Error(`Version ${row.version} of the ${kind} policy has no table`)
  latest.set(kind, { hash: row.hash, table })
  return { kind, version: row.version, table, hash: row.hash }
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
