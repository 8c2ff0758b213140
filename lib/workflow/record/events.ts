import type { AnyEvent } from '../../../ingest/contract/event'
import { parseInstant } from '../../../ingest/contract/fields'
import { contentHashOf } from '../../../ingest/contract/kept'
import { type Database, run, type Transaction } from '../../db/client'
import { forEach } from '../../db/rows'
import { statement } from '../../db/statement'
import type { CaseEvent } from '../../returns/case-event'
import { type CodeMap, type CodeMapping, codeMapOf, withOurCodes } from '../../returns/code-map'
import { WORKFLOW } from '../command'

/** What of an event says which things it is about. */
export interface Subjects {
  readonly unitId: string
  readonly settlementId: string
  readonly claimId: string
  readonly exceptionId: string
  readonly rmaId: string
}

const field = (data: Readonly<Record<string, unknown>>, name: string): string => {
  const value = data[name]
  return typeof value === 'string' ? value : ''
}

export const subjectsOf = (data: Readonly<Record<string, unknown>>): Subjects => ({
  unitId: field(data, 'unit_id'),
  settlementId: field(data, 'settlement_id'),
  claimId: field(data, 'claim_id'),
  exceptionId: field(data, 'exception_id'),
  rmaId: field(data, 'rma_id'),
})

/** Event types that make up a case. Sales, counts, adjustments and postings have tables of their own. */
const OF_A_CASE = /^(return|shipment|unit|settlement|claim|cost|exception)\./
export const isOfCase = (type: string): boolean => OF_A_CASE.test(type)

interface Stored extends Record<string, unknown> {
  source: string
  id: string
  revision: number
  voided: boolean
  unit_id: string
  type: string
  time: Date
  sequence: string
  data: Record<string, unknown>
}

const KEEP = statement(`
  INSERT INTO case_event (source, id, revision, voided, hash, unit_id, type, time, sequence, data, command_id)
  SELECT source, id, revision, voided, hash, "unitId", type, time, sequence, data, "commandId"
  FROM jsonb_to_recordset($1::jsonb) AS e (
    source text, id text, revision int, voided bool, hash int8, "unitId" text, type text, time timestamptz, sequence text, data jsonb, "commandId" uuid)
  ON CONFLICT (source, id) DO UPDATE SET revision = EXCLUDED.revision, voided = EXCLUDED.voided, hash = EXCLUDED.hash,
    unit_id = EXCLUDED.unit_id, type = EXCLUDED.type, time = EXCLUDED.time, sequence = EXCLUDED.sequence, data = EXCLUDED.data
  WHERE (case_event.revision, case_event.hash) < (EXCLUDED.revision, EXCLUDED.hash)
  RETURNING source, id`)

/**
 * Keeps events with their case: of two versions of one identity the higher (revision, hash) stays, as in the log and in ClickHouse. Returns
 * those that changed something.
 */
export async function keepEvents(
  tx: Transaction,
  events: readonly AnyEvent[],
  commandId: string | undefined,
): Promise<AnyEvent[]> {
  if (events.length === 0) return []
  const winners = [...lastOfEach(events).values()]
  const rows = winners.map(({ event, hash }) => ({
    source: event.source,
    id: event.id,
    revision: event.revision ?? 0,
    voided: event.voided ?? false,
    hash,
    unitId: subjectsOf(event.data).unitId,
    type: event.type,
    time: new Date(parseInstant(event.time) ?? 0),
    sequence: event.sequence ?? '',
    data: event.data,
    commandId: commandId ?? null,
  }))
  const changed = await run<{ source: string; id: string }>(tx, KEEP, [JSON.stringify(rows)])
  const fresh = new Set(changed.rows.map(({ source, id }) => `${source}\0${id}`))
  return winners.flatMap(({ event }) => (fresh.has(`${event.source}\0${event.id}`) ? [event] : []))
}

function lastOfEach(events: readonly AnyEvent[]): Map<string, { event: AnyEvent; hash: number }> {
  const winners = new Map<string, { event: AnyEvent; hash: number }>()
  for (const event of events) {
    const key = `${event.source}\0${event.id}`
    const hash = contentHashOf(event)
    const known = winners.get(key)
    const rank = (event.revision ?? 0) - (known?.event.revision ?? -1)
    if (!known || rank > 0 || (rank === 0 && hash > known.hash)) winners.set(key, { event, hash })
  }
  return winners
}

const toCaseEvent = (row: Stored, codes: CodeMap): CaseEvent => ({
  source: row.source,
  id: row.id,
  revision: row.revision,
  voided: row.voided,
  type: row.type,
  time: new Date(row.time).getTime(),
  sequence: row.sequence,
  data: withOurCodes(row.type, row.source, row.data, codes),
})

const CODES = statement('SELECT source, list, outside, code FROM code_mapping WHERE source = ANY ($1::text[])')

/** What the codes of the sources of these events mean now. Ours are ours, so most units ask nothing. */
export async function codesFor(
  on: Database | Transaction,
  rows: readonly { readonly source: string }[],
): Promise<CodeMap> {
  const sources = [...new Set(rows.map(({ source }) => source))].filter((source) => source !== WORKFLOW)
  if (sources.length === 0) return new Map()
  return codeMapOf((await run<CodeMapping>(on, CODES, [sources])).rows)
}

const OF_UNITS = statement(
  `SELECT source, id, revision, voided, unit_id, type, time, sequence, data FROM ${forEach('case_event', 'unit_id = wanted.key')}`,
)

/**
 * Every kept event about these units, by unit, with our codes for its source's own. The meanings are read after the caller has locked the units:
 * whoever changes one later folds them again.
 */
export async function eventsOfUnits(
  tx: Database | Transaction,
  ids: readonly string[],
): Promise<Map<string, CaseEvent[]>> {
  const found = new Map<string, CaseEvent[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return found
  const { rows } = await run<Stored>(tx, OF_UNITS, [ids])
  const codes = await codesFor(tx, rows)
  for (const row of rows) found.get(row.unit_id)?.push(toCaseEvent(row, codes))
  return found
}

const PARENTS = statement(
  `SELECT id, parent_id FROM ${forEach('return_unit', 'id = wanted.key AND parent_id IS NOT NULL')}`,
)

/** The splits that made these units: parent by child, the latest split event winning. */
export async function parentsOf(tx: Database | Transaction, ids: readonly string[]): Promise<Map<string, string>> {
  const parents = new Map<string, string>()
  if (ids.length === 0) return parents
  const { rows } = await run<{ id: string; parent_id: string }>(tx, PARENTS, [ids])
  for (const row of rows) parents.set(row.id, row.parent_id)
  return parents
}
