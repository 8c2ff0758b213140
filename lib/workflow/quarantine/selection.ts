import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'

const name = z.string().min(1).max(256)
const time = z.iso.datetime({ offset: true })

/** Which waiting input is meant; every condition given must hold. Acting on everything must be said, never be what a forgotten condition means. */
export const selectionInput = z
  .strictObject({
    ids: z
      .array(z.string().regex(/^\d{1,18}$/, 'is no id of a row'))
      .min(1)
      .max(1000)
      .optional(),
    reason: name.optional(),
    source: z.string().max(256).optional(),
    /** The field whose code has no meaning, and the code. */
    path: name.optional(),
    given: name.optional(),
    /** Received in [since, until). */
    since: time.optional(),
    until: time.optional(),
    all: z.literal(true).optional(),
  })
  .refine((selection) => Object.values(selection).some((each) => each !== undefined), {
    error: 'Say which input: ids, a reason, a source, a time, or all.',
  })
export type Selection = z.infer<typeof selectionInput>

/** The condition of a selection on the table `quarantine`, whatever its state. */
export function selected({ ids, reason, source, path, given, since, until }: Selection): SQL {
  const conditions = [
    ids && sql`id IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::bigint)`,
    reason === undefined ? undefined : sql`reason = ${reason}`,
    source === undefined ? undefined : sql`source = ${source}`,
    path === undefined ? undefined : sql`path = ${path}`,
    given === undefined ? undefined : sql`given = ${given}`,
    since && sql`received_at >= ${since}::timestamptz`,
    until && sql`received_at < ${until}::timestamptz`,
  ].filter((each) => each !== undefined)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `)
}

/** A selection in a few words, for the audit log. */
export const inWords = ({ all, ids, ...rest }: Selection): string =>
  [
    ...(ids ? [ids.length > 3 ? `${ids.length} rows` : ids.join(', ')] : []),
    ...Object.entries(rest).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key} ${value || '(unreadable)'}`],
    ),
  ].join(', ') || (all ? 'all' : '')
