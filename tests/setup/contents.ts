import { db, pool } from '../../lib/db/client'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'

/** No changes: what was refused. */
const LEFT_OUT = new Set(['refusal'])
let tables: string[] | undefined

/** What every table holds, as a count and a sum of hashes: two of these are equal exactly when nothing was written between them. */
export async function contents(): Promise<Record<string, string>> {
  tables ??= (
    await pool().query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
    )
  ).rows.map(({ name }) => name)
  const { rows } = await pool().query<{ name: string; mark: string }>(
    tables
      .filter((name) => !LEFT_OUT.has(name))
      .map(
        (name) =>
          `SELECT '${name}' AS name, count(*) || '/' || coalesce(sum(hashtextextended(x::text, 0)::numeric), 0) AS mark FROM "${name}" x`,
      )
      .join(' UNION ALL '),
  )
  return Object.fromEntries(rows.map(({ name, mark }) => [name, mark]))
}

/** Which invariants are broken now, with what breaks them. */
export async function brokenNow(): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {}
  for (const { id, look } of INVARIANTS) {
    const { broken, examples } = await look(db(), new Date())
    if (broken > 0n) found[id] = examples
  }
  return found
}
