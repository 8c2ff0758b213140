import { eq } from 'drizzle-orm'
import type { AnyEvent } from '../../ingest/contract/event'
import { run, type Transaction } from '../db/client'
import { selectRows } from '../db/rows'
import { duty, facility as facilityTable, orderLine, product, returnUnit } from '../db/schema'
import type { Shift } from '../db/schema/reference'
import { statement } from '../db/statement'
import { UserError } from '../errors'
import { formatUnits } from '../money'
import type { Status } from '../returns/codes'
import { whyClosed } from '../returns/lifecycle'
import type { Context } from './command'
import type { UnitRow } from './record/types'
import { requireInScope } from './scope'

/** A unit, locked until the command ends, so that of two people the second sees what the first did. 404 outside of the actor's rows. */
export async function lockUnit(context: Context, id: string): Promise<UnitRow> {
  const [row] = await selectRows(context.tx, returnUnit, 'return_unit WHERE id = $1 FOR UPDATE', [id])
  requireInScope(context.actor, row, `unit ${id}`)
  if (!row) throw new UserError('not_found', `There is no unit ${id}.`, 404, 'unitId')
  return row
}

/** Refuses (409, code `not_now`) when the table of transitions does not have this command open to the unit. */
export function requireOpen(command: string, unit: UnitRow, to?: string): void {
  const why = whyClosed(command, unit, to)
  if (why) throw new UserError('not_now', `${unit.id}: ${why}`, 409, 'unitId')
}

/** When a command's doing happens: now, and never before what is known of the unit, so that it is its latest. */
export const momentOf = (context: Context, unit?: UnitRow): Date =>
  unit && unit.lastAt >= context.at ? new Date(unit.lastAt.getTime() + 1) : context.at

/** The movement of a whole unit into a status, at what one piece is worth there (its cost when not given). */
export function moved(
  context: Context,
  unit: Pick<UnitRow, 'id' | 'status' | 'quantity' | 'facility' | 'currency'>,
  to: Status,
  at: Date,
  own: { location?: string; unitValue?: bigint; facility?: string } = {},
): AnyEvent {
  const facility = own.facility ?? unit.facility
  return context.event(
    'unit.moved.v1',
    unit.id,
    {
      movement_id: `${unit.id}/${context.commandId}/${to}`,
      unit_id: unit.id,
      from_status: unit.status as Status,
      to_status: to,
      quantity: unit.quantity,
      ...(facility ? { facility } : {}),
      location: own.location ?? LOCATION_OF[to] ?? to,
      ...(own.unitValue === undefined ? {} : { unit_value: formatUnits(own.unitValue) }),
      ...(own.unitValue === undefined || unit.currency === '' ? {} : { currency: unit.currency }),
    },
    at,
  )
}

/** Where goods of a status lie. */
const LOCATION_OF: Partial<Record<Status, string>> = {
  received: 'inspection',
  hold: 'hold',
  quarantine: 'quarantine',
  refurbish: 'refurbish',
  vendor: 'outbound',
  sellable: 'sellable',
  liquidation: 'outbound',
  scrap: 'outbound',
}

const PARTS = statement('SELECT count(*)::int AS n FROM return_unit WHERE parent_id = $1')

/** Ids for the next parts of a unit: `-a`, `-b` … that no part of it has had yet. */
export async function partIds(tx: Transaction, parent: string, count: number): Promise<string[]> {
  const { rows } = await run<{ n: number }>(tx, PARTS, [parent])
  const first = rows[0]?.n ?? 0
  return Array.from({ length: count }, (_, index) => `${parent}-${letters(first + index)}`)
}

const letters = (n: number): string =>
  n < 26 ? String.fromCharCode(97 + n) : `${letters(Math.floor(n / 26) - 1)}${letters(n % 26)}`

/** Parts are their parent's work: who did something to it did it to them. */
export async function inheritDuties(tx: Transaction, parent: string, parts: readonly string[]): Promise<void> {
  const done = await tx.select().from(duty).where(eq(duty.unitId, parent))
  const rows = parts.flatMap((unitId) =>
    done.map(({ rmaId, duty: name, person, at }) => ({ rmaId, unitId, duty: name, person, at })),
  )
  if (rows.length > 0) await tx.insert(duty).values(rows)
}

export interface Place {
  readonly id: string
  readonly tz: string
  readonly shifts: readonly Shift[]
}

/** A facility that the actor works in: the one asked for, or else the unit's, or else the only one that is theirs. */
export async function placeOf(context: Context, asked: string | undefined, unit?: UnitRow): Promise<Place> {
  const own = context.actor.scope.facilities
  const id = asked ?? unit?.facility ?? (own?.length === 1 ? own[0] : undefined) ?? ''
  const row = await facilityOf(context.tx, id)
  if (!row || (own !== null && !own.includes(id)))
    throw new UserError('unknown_facility', 'Say in which of your facilities you are.', 400, 'facility')
  return row
}

export async function facilityOf(tx: Transaction, id: string) {
  const [row] = await selectRows(tx, facilityTable, 'facility WHERE id = $1', [id])
  return row
}

/** What was sold and what it is: the ground of serial, lot and class checks. */
export async function soldAs(tx: Transaction, unit: UnitRow) {
  const [[line], [item]] = await Promise.all([
    unit.orderLineId ? selectRows(tx, orderLine, 'order_line WHERE id = $1', [unit.orderLineId]) : [],
    unit.sku ? selectRows(tx, product, 'product WHERE sku = $1', [unit.sku]) : [],
  ])
  return { line, product: item }
}

/** What was read of a sale, for a recording that would read it again. */
export const known = ({ line, product }: Awaited<ReturnType<typeof soldAs>>) => ({
  lines: line ? [line] : [],
  products: product ? [product] : [],
})

/** The same event again, taken back: its identity with the next revision, voided. */
export const voidedEvent = (row: {
  source: string
  id: string
  revision: number
  type: string
  time: Date
  sequence: string
  unitId: string
  data: Record<string, unknown>
}): AnyEvent =>
  ({
    specversion: '1.0',
    id: row.id,
    source: row.source,
    type: row.type,
    time: row.time.toISOString(),
    ...(row.sequence ? { sequence: row.sequence } : {}),
    subject: row.unitId,
    revision: row.revision + 1,
    voided: true,
    data: row.data,
  }) as AnyEvent
