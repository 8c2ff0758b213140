import type pg from 'pg'
import { ROLE_CONFLICTS } from '../auth/segregation'
import { DUTY_CONFLICTS } from '../returns/duties'
import { GOODS_CLASSES, type GoodsClass } from '../returns/goods'
import { ACCOUNTS } from '../returns/positions'

/** The rules that are written in the code and that the database's own controls read, as rows. */
const RULES = {
  accounts: ACCOUNTS.map(([id, name, kind, control]) => ({ id, name, kind, control })),
  duties: DUTY_CONFLICTS.map(([first, second, scope]) => ({ first, second, scope })),
  roles: ROLE_CONFLICTS.map(([first, second]) => ({ first, second })),
  goods: Object.entries<GoodsClass>(GOODS_CLASSES).flatMap(([goods_class, { allowed }]) =>
    Object.entries(allowed).map(([condition, dispositions]) => ({ goods_class, condition, dispositions })),
  ),
}

/**
 * Brings the rules in the database to those of this version: accounts, duties and roles that exclude each other, dispositions by goods class. Does and
 * writes nothing when they are the same; a change is an audit entry.
 */
export async function installRules(client: pg.Client): Promise<void> {
  const json = JSON.stringify(RULES)
  await client.query('BEGIN')
  const { rows } = await client.query<{ same: boolean }>(
    `SELECT value::jsonb = $1::jsonb AS same FROM installation WHERE key = 'rules'`,
    [json],
  )
  if (rows[0]?.same) {
    await client.query('COMMIT')
    return
  }
  await client.query(
    `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff)
     SELECT now(), 'system', 'backhaul', 'rules.installed', 'rules', 'version', jsonb_build_object('rules', jsonb_build_array((SELECT value FROM installation WHERE key = 'rules'), $1::jsonb))`,
    [json],
  )
  await client.query(
    `INSERT INTO ledger_account (id, name, kind, control) SELECT id, name, kind, control FROM jsonb_to_recordset($1::jsonb -> 'accounts')
       AS a (id text, name text, kind text, control text)
     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, control = EXCLUDED.control`,
    [json],
  )
  await client.query('DELETE FROM duty_conflict')
  await client.query(
    `INSERT INTO duty_conflict SELECT first, second, scope FROM jsonb_to_recordset($1::jsonb -> 'duties') AS d (first text, second text, scope text)`,
    [json],
  )
  await client.query('DELETE FROM role_conflict')
  await client.query(
    `INSERT INTO role_conflict SELECT first, second FROM jsonb_to_recordset($1::jsonb -> 'roles') AS r (first text, second text)`,
    [json],
  )
  await client.query('DELETE FROM goods_rule')
  await client.query(
    `INSERT INTO goods_rule SELECT goods_class, condition, dispositions FROM jsonb_to_recordset($1::jsonb -> 'goods')
       AS g (goods_class text, condition text, dispositions text[])`,
    [json],
  )
  await client.query(
    `INSERT INTO installation (key, value) VALUES ('rules', $1::jsonb) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, at = now()`,
    [json],
  )
  await client.query('COMMIT')
}
