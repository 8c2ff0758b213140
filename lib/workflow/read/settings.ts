import { and, desc, eq, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { automation, policy, setting } from '../../db/schema'
import { UserError } from '../../errors'
import type { DecisionTable } from '../../returns/policy'
import { policyDiff } from '../../returns/policy-diff'
import { textRows } from '../../returns/policy-text'
import { AUTOMATIONS } from '../automation'
import { settingHint, settingText } from '../setting-text'
import { SETTING_WORDS, SETTINGS, type SettingKey, type SettingValue } from '../settings'
import type {
  AutomationLine,
  PolicyKindName,
  PolicyLine,
  PolicyVersionView,
  SettingLine,
  SettingsView,
} from './settings-types'

const DAYS = 30

type Row = typeof policy.$inferSelect

/** Everything that decides by itself: policies with their versions, automation with what it did, limits. Empty for who may only pass through. */
export async function settingsView(actor: Actor, now = new Date()): Promise<SettingsView> {
  if (!can(actor, 'users:manage') && !can(actor, 'evidence:hold')) authorize(actor, 'controls:read')
  const rules = can(actor, 'controls:read')
  const [policies, switches, settings] = await Promise.all([
    rules ? policyLines(now) : [],
    rules ? automationLines(now) : [],
    rules ? settingLines() : [],
  ])
  return { policies, automation: switches, settings }
}

async function policyLines(now: Date, kind?: PolicyKindName): Promise<PolicyLine[]> {
  const rows = await db()
    .select()
    .from(policy)
    .where(kind ? eq(policy.kind, kind) : undefined)
    .orderBy(policy.kind, desc(policy.version))
  const names = await namesOf(rows.map(({ createdBy }) => createdBy))
  const deciding = new Map<string, Row>()
  for (const row of rows) {
    if (row.state !== 'active' || !row.effectiveFrom || row.effectiveFrom > now) continue
    const known = deciding.get(row.kind)
    if (!known?.effectiveFrom || known.effectiveFrom < row.effectiveFrom) deciding.set(row.kind, row)
  }
  return rows.flatMap((row) =>
    row.kind === 'goods' ? [] : [lineOf({ ...row, kind: row.kind }, deciding.get(row.kind) === row, names)],
  )
}

const lineOf = (
  row: Row & { kind: PolicyKindName },
  decides: boolean,
  names: ReadonlyMap<string, string>,
): PolicyLine => ({
  ...{ kind: row.kind, version: row.version, state: row.state, decides, note: row.note },
  effectiveFrom: row.effectiveFrom?.toISOString() ?? null,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
  rows: (row.table as DecisionTable).rows.length,
})

async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db().execute<{ id: string; name: string }>(
    sql`SELECT id::text, name FROM account WHERE id::text IN (SELECT jsonb_array_elements_text(${JSON.stringify([...new Set(ids)])}::jsonb))`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** A version of a policy as a table of text, and how it differs from another; the one in force, unless one is named. */
export async function policyVersion(
  actor: Actor,
  kind: PolicyKindName,
  asked: { readonly version?: number | undefined; readonly against?: number | undefined },
  now = new Date(),
): Promise<PolicyVersionView> {
  authorize(actor, 'controls:read')
  const versions = await policyLines(now, kind)
  const line =
    asked.version === undefined
      ? (versions.find(({ decides }) => decides) ?? versions[0])
      : versions.find(({ version }) => version === asked.version)
  if (!line) throw new UserError('not_found', `There is no such version of the ${kind} policy.`, 404, 'version')
  const base = asked.against ?? (line.decides ? undefined : versions.find(({ decides }) => decides)?.version)
  const [own, other] = await Promise.all([
    rowOf(kind, line.version),
    base === undefined ? undefined : rowOf(kind, base),
  ])
  if (!own) throw new UserError('not_found', `There is no such version of the ${kind} policy.`, 404, 'version')
  const table = own.table as DecisionTable
  return {
    ...{ line, versions, inputs: table.inputs, outputs: table.outputs, rows: textRows(table), hash: own.hash },
    against: other?.version ?? null,
    changes: other ? policyDiff(other.table as DecisionTable, table) : [],
    closed:
      line.state !== 'draft'
        ? 'Only a draft is edited.'
        : can(actor, 'policies:edit')
          ? ''
          : 'Policies are drafted by a compliance officer.',
  }
}

const rowOf = async (kind: PolicyKindName, version: number): Promise<Row | undefined> =>
  (
    await db()
      .select()
      .from(policy)
      .where(and(eq(policy.kind, kind), eq(policy.version, version)))
  )[0]

async function automationLines(now: Date): Promise<AutomationLine[]> {
  const [{ rows }, switches] = await Promise.all([
    db().execute<{ id: string; did: number; overridden: number; last_at: Date | null }>(sql`
      SELECT object_id AS id, count(*) FILTER (WHERE action = 'automation.did')::int AS did,
        count(*) FILTER (WHERE action = 'automation.overridden')::int AS overridden, max(at) AS last_at
      FROM audit_entry WHERE action IN ('automation.did', 'automation.overridden') AND at >= ${new Date(now.getTime() - DAYS * 86_400_000).toISOString()}::timestamptz GROUP BY object_id`),
    db().select().from(automation),
  ])
  const found = new Map(rows.map((row) => [row.id, row]))
  const on = new Map(switches.map(({ id, enabled }) => [id, enabled]))
  return Object.entries(AUTOMATIONS).map(([id, { title, does }]) => {
    const row = found.get(id)
    return {
      ...{ id, title, does, enabled: on.get(id) ?? true, did: row?.did ?? 0, overridden: row?.overridden ?? 0 },
      lastAt: row?.last_at ? new Date(row.last_at).toISOString() : null,
    }
  })
}

const text = <K extends SettingKey>(key: K, value: unknown): string =>
  settingText(key, SETTINGS[key].parse(value) as SettingValue<K>)

async function settingLines(): Promise<SettingLine[]> {
  const rows = new Map((await db().select().from(setting)).map((row) => [row.key, row]))
  return (Object.keys(SETTINGS) as SettingKey[]).map((key) => ({
    ...{ key, says: SETTING_WORDS[key], standard: text(key, undefined) },
    hint: settingHint(key),
    value: text(key, rows.get(key)?.value),
    changedAt: rows.get(key)?.changedAt.toISOString() ?? null,
  }))
}
