import { sql } from 'drizzle-orm'
import { type Actor, can } from '../../auth/actor'
import { db } from '../../db/client'
import { product, supplier } from '../../db/schema'

const TABLES = { sku: { of: product, id: product.sku }, supplier: { of: supplier, id: supplier.id } } as const

/** Items and suppliers by the names that the company gave them; ids without one are left out. For whoever sees figures. */
export async function namesOf(
  actor: Actor,
  kind: keyof typeof TABLES,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0 || !can(actor, 'metrics:read')) return new Map()
  const { of, id } = TABLES[kind]
  const rows = await db()
    .select({ id, name: of.name })
    .from(of)
    .where(sql`${id} IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) AND ${of.name} <> ''`)
  return new Map(rows.map((row) => [row.id, row.name]))
}
