import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { forEach, selectRows } from '../../db/rows'
import { returnUnit } from '../../db/schema'
import { toNumber } from '../../money'
import { type CaseEvent, inOrder } from '../../returns/case-event'
import { isCovered } from '../../returns/disposition'
import type { UnitFold } from '../../returns/fold-unit'
import { dispositionOutcome, type PastDecision } from '../../returns/simulate-disposition'
import { factsOfUnit } from '../disposition/proposal'
import { eventsOfUnits } from '../record/events'
import { foldUnits } from '../record/fold'
import type { UnitRow } from '../record/types'
import { fetched, type Past, type PastPage, parameters, type Span, type Subject, within } from './past'
import { dayOf, type RateOn, readRates, reporting } from './rates'
import { shareByDisposition } from './recovery'

interface Row extends pg.QueryResultRow {
  source: string
  id: string
  unit_id: string
  time: Date
  sequence: string
  data: Record<string, unknown>
}

const FROM = `FROM case_event e JOIN return_unit u ON u.id = e.unit_id
  WHERE e.type = 'unit.dispositioned.v1' AND NOT e.voided AND ${within('e.time', { entity: 'u.entity', facility: 'u.facility', channel: 'u.channel' })}
    AND ($8 = '' OR u.category = $8)`
const DECISIONS = `SELECT e.source, e.id, e.unit_id, e.time, e.sequence, e.data ${FROM} ORDER BY e.unit_id, e.time, e.id`

const asked = (span: Span): unknown[] => [...parameters(span), span.category]

type Agreement = { readonly coverage: number; readonly windowDays: number }

/** Decisions about goods of a span, each from the events of its unit before it, folded by the code that keeps the cases. */
export const pastDecisions: Past = {
  async count(client, span) {
    const { rows } = await client.query<{ total: number }>(`SELECT count(*)::int AS total ${FROM}`, asked(span))
    return { total: rows[0]?.total ?? 0, unknown: 0 }
  },
  async *pages(client, span): AsyncGenerator<PastPage> {
    const rateOn = await readRates(client)
    const recovery = await shareByDisposition(client, rateOn)
    const agreements = await readAgreements(client)
    for await (const rows of fetched<Row>(client, DECISIONS, asked(span))) {
      const known = await unitsBefore(client, rows)
      const judged = rows.flatMap((row) => {
        const unit = known.get(row.id)
        const past = unit && pastOf(unit, row, rateOn, agreements)
        return past ? [{ past, subject: subjectOf(unit, row), priced: !Number.isNaN(past.facts.value) }] : []
      })
      yield {
        ...{ read: rows.length, unknown: rows.length - judged.length },
        withoutRate: judged.filter(({ priced }) => !priced).length,
        subjects: judged.map(({ subject }) => subject),
        outcomes: (table) => judged.map(({ past }) => dispositionOutcome(table, past, recovery)),
      }
    }
  },
}

async function readAgreements(client: pg.ClientBase): Promise<Map<string, Agreement>> {
  const { rows } = await client.query<{ id: string; coverage: string; window_days: number }>(
    'SELECT id, coverage, window_days FROM supplier',
  )
  return new Map(rows.map((row) => [row.id, { coverage: Number(row.coverage), windowDays: row.window_days }]))
}

const eventOf = (row: Row): CaseEvent => ({
  ...{ source: row.source, id: row.id, revision: 0, voided: false, type: 'unit.dispositioned.v1' },
  ...{ time: row.time.getTime(), sequence: row.sequence, data: row.data },
})

const UNITS = forEach('return_unit', 'id = wanted.key')

/** The units of these decisions as they stood just before each, by the id of the decision's event. */
async function unitsBefore(client: pg.ClientBase, rows: readonly Row[]): Promise<Map<string, UnitRow>> {
  const tx = drizzle(client as pg.PoolClient)
  const ids = [...new Set(rows.map(({ unit_id }) => unit_id))]
  // A part begins with what happened to the whole before it was divided.
  const lineage = await client.query<{ id: string; parent_id: string | null }>(
    `WITH RECURSIVE up AS (SELECT id, parent_id, 0 AS depth FROM return_unit WHERE id = ANY ($1)
       UNION SELECT p.id, p.parent_id, up.depth + 1 FROM up JOIN return_unit p ON p.id = up.parent_id WHERE up.depth < 8)
     SELECT DISTINCT id, parent_id FROM up`,
    [ids],
  )
  const parents = new Map(lineage.rows.flatMap(({ id, parent_id }) => (parent_id ? [[id, parent_id] as const] : [])))
  const events = await eventsOfUnits(
    tx,
    lineage.rows.map(({ id }) => id),
  )
  const units = new Map((await selectRows(tx, returnUnit, UNITS, [ids])).map((unit) => [unit.id, unit]))
  return new Map(
    rows.flatMap((row) => {
      const unit = units.get(row.unit_id)
      const decision = eventOf(row)
      const before = new Map<string, CaseEvent[]>()
      for (let id: string | undefined = row.unit_id; id !== undefined && !before.has(id); id = parents.get(id))
        before.set(
          id,
          (events.get(id) ?? []).filter((event) => inOrder(event, decision) < 0),
        )
      const fold = foldUnits(before, parents).get(row.unit_id)
      return unit && fold ? [[row.id, stoodAs(unit, fold)] as const] : []
    }),
  )
}

const instant = (milliseconds: number): Date | null => (milliseconds > 0 ? new Date(milliseconds) : null)

const stoodAs = (unit: UnitRow, fold: UnitFold): UnitRow => ({
  ...unit,
  ...{ condition: fold.condition, finding: fold.finding, disposition: fold.disposition, quantity: fold.quantity },
  ...{ serialMatch: fold.serialMatch ?? null, accessoriesComplete: fold.accessoriesComplete ?? null },
  ...{ receivedAt: instant(fold.receivedAt), inspectedAt: instant(fold.inspectedAt) },
})

function pastOf(
  unit: UnitRow,
  { time }: Row,
  rateOn: RateOn,
  agreements: ReadonlyMap<string, Agreement>,
): PastDecision | undefined {
  const value = reporting(rateOn, unit.unitCost, unit.currency, dayOf(time))
  const facts = factsOfUnit(unit, {
    covered: isCovered(unit, agreements.get(unit.supplierId), time),
    // Not known is no number: no row that asks for it decides.
    value: value === undefined ? Number.NaN : toNumber(value),
  })
  return facts && { facts, cost: (value ?? 0n) * BigInt(unit.quantity) }
}

const subjectOf = (unit: UnitRow, { time, data }: Row): Subject => ({
  ...{ unitId: unit.id, rmaId: unit.rmaId ?? '', quantity: unit.quantity },
  about: {
    ...{ decided: dayOf(time), category: unit.category, condition: unit.condition, finding: unit.finding },
    really: String(data.disposition ?? ''),
  },
})
