import { sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { rolesWith } from '../../auth/permissions'
import { db } from '../../db/client'
import { codeKey, isMappedList, listOfPath } from '../../returns/code-map'
import { suggestCode } from '../../returns/code-suggestion'
import type { CodeChange, CodeMappingLine, CodesView, CodeTask } from './codes-types'

/** What outside codes mean here, what each meant before, and which wait for somebody to say. */
export async function codesView(actor: Actor): Promise<CodesView> {
  authorize(actor, 'controls:read')
  const mappings = await mappingLines()
  return {
    tasks: await tasks(new Map(mappings.map((each) => [codeKey(each.source, each.list, each.outside), each.code]))),
    mappings,
    closed: can(actor, 'codes:edit')
      ? ''
      : `Codes are mapped by ${rolesWith('codes:edit').join(' or ').toLowerCase()}.`,
  }
}

const iso = (time: Date | string) => new Date(time).toISOString()

async function tasks(mapped: ReadonlyMap<string, string>): Promise<CodeTask[]> {
  // A text with a NUL would not be read by Postgres: such input counts as an event, never as a unit.
  const { rows } = await db().execute<{
    source: string
    path: string
    given: string
    events: number
    units: number
    first: Date
    last: Date
  }>(sql`
    SELECT source, path, given, count(*)::int AS events, min(received_at) AS first, max(received_at) AS last,
      count(DISTINCT CASE WHEN position('\\u0000' IN convert_from(raw, 'UTF8')) = 0 THEN convert_from(raw, 'UTF8')::json #>> '{data,unit_id}' END)::int AS units
    FROM quarantine WHERE state = 'open' AND reason = 'code_unknown' AND given IS NOT NULL AND source <> ''
    GROUP BY source, path, given ORDER BY events DESC, source, path, given LIMIT 200`)
  return rows.flatMap(({ source, path, given, events, units, first, last }) => {
    const list = listOfPath(path)
    if (!list) return []
    return [
      {
        ...{ source, list, outside: given, events, units, first: iso(first), last: iso(last) },
        suggestion: suggestCode(list, given) ?? null,
        code: mapped.get(codeKey(source, list, given)) ?? null,
      },
    ]
  })
}

async function mappingLines(): Promise<CodeMappingLine[]> {
  const { rows } = await db().execute<{
    source: string
    list: string
    outside: string
    code: string
    version: number
    applied: string
  }>(sql`SELECT source, list, outside, code, version, applied FROM code_mapping ORDER BY source, list, outside`)
  const changes = await changesOf()
  return rows.flatMap(({ source, list, outside, code, version, applied }) =>
    isMappedList(list)
      ? [
          {
            ...{ source, list, outside, code, version, underway: applied !== code },
            changes: changes.get(`${source} ${list} ${outside}`) ?? [],
          },
        ]
      : [],
  )
}

/** The audit log is the history: what each mapping was changed from and to, newest first. */
async function changesOf(): Promise<Map<string, CodeChange[]>> {
  const { rows } = await db().execute<{
    object_id: string
    at: Date
    actor: string
    actor_name: string
    reason: string
    diff: { code?: [string | null, string] }
  }>(sql`
    SELECT object_id, at, actor, actor_name, reason, diff FROM audit_entry
    WHERE action = 'code.mapped' AND object_type = 'code_mapping' ORDER BY seq DESC LIMIT 2000`)
  const changes = new Map<string, CodeChange[]>()
  for (const { object_id: id, at, actor, actor_name: name, reason, diff } of rows) {
    const [from = null, to = ''] = diff.code ?? []
    changes.set(id, [...(changes.get(id) ?? []), { at: iso(at), by: name || actor, from, to, reason }])
  }
  return changes
}
