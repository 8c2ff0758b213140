import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { returnUnit, rma } from '../../db/schema'
import { UserError } from '../../errors'
import { CONDITIONS } from '../../returns/codes'
import type { ExceptionKind } from '../../returns/exceptions'
import { goodsClass } from '../../returns/goods'
import { type Context, command } from '../command'
import { raise } from '../exceptions'
import type { UnitRow } from '../record/types'
import { shiftOf } from '../shift'
import {
  inheritDuties,
  known,
  lockUnit,
  momentOf,
  moved,
  type Place,
  partIds,
  placeOf,
  requireOpen,
  soldAs,
} from '../unit'

/** Codes as they come from labels and forms: no blanks around them, never empty. */
export const code = z.string().trim().min(1).max(128)

const input = z.strictObject({
  unitId: code,
  facility: code.optional(),
  /** Pieces that are here; everything expected when not said. 0: the parcel came without it. */
  quantity: z.int().min(0).max(100_000).optional(),
  condition: z.enum(CONDITIONS).optional(),
  serial: code.optional(),
  lot: code.optional(),
  location: code.optional(),
  /** What is in the parcel, when it is not what was expected. */
  sku: code.optional(),
  wrongItem: z.boolean().optional(),
})

export interface Receipt {
  /** The unit that is here now; after a short receipt the part that came. Null when nothing came. */
  readonly unitId: string | null
  readonly rmaId: string
  readonly quantity: number
  readonly expected: number
  /** The part that did not come, and stays expected. */
  readonly missingUnitId: string | null
  /** What came beyond that, as a unit of its own. */
  readonly extraUnitId: string | null
  readonly exceptions: readonly string[]
  readonly at: string
}

/** Receives what came of an expected unit: all of it, part of it, more than it, or something else. */
export const receive = command({
  name: 'unit.receive',
  title: 'Receive',
  permission: 'units:receive',
  input,
  async run(context, asked): Promise<Receipt> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.receive', unit)
    const [place, { line, product }] = await Promise.all([
      placeOf(context, asked.facility, unit),
      soldAs(context.tx, unit),
    ])
    const quantity = asked.quantity ?? unit.quantity
    const rmaId = unit.rmaId ?? ''
    const at = momentOf(context, unit)
    const foreign =
      asked.wrongItem === true || (asked.sku !== undefined && ![unit.sku, product?.gtin].includes(asked.sku))
    if (goodsClass(unit.goodsClass).lot && !asked.lot && !line?.lot && quantity > 0 && !foreign)
      throw new UserError(
        'lot_required',
        `${goodsClass(unit.goodsClass).label}: the lot on the package is needed for the recall trace. Scan or type it.`,
        400,
        'lot',
      )
    const here = Math.min(quantity, unit.quantity)
    const { target, missing, events } = await part(context, unit, here, at)
    if (target) {
      events.push(...receiptEvents(context, { ...unit, id: target, quantity: here }, place, at, asked))
      context.duty('receive', { rmaId, unitId: target })
    }
    const extra =
      quantity > unit.quantity ? await extraUnit(context, unit, quantity - unit.quantity, place, at, asked) : null
    if (extra) events.push(...extra.events)
    await context.record(events, known({ line, product }))
    if (missing && target) await inheritDuties(context.tx, unit.id, [missing])
    const exceptions = await problems(context, unit, {
      target,
      missing,
      extra: extra?.id ?? null,
      here,
      quantity,
      foreign,
      asked,
      shipped: line?.serials ?? [],
    })
    return {
      unitId: target,
      rmaId,
      quantity,
      expected: unit.quantity,
      missingUnitId: missing,
      extraUnitId: extra?.id ?? null,
      exceptions,
      at: at.toISOString(),
    }
  },
})

/** Which unit is here: the whole one, or the part that came, with the rest still on its way. */
export async function part(context: Context, unit: UnitRow, here: number, at: Date) {
  if (here === 0) return { target: null, missing: null, events: [] as AnyEvent[] }
  if (here === unit.quantity) return { target: unit.id, missing: null, events: [] as AnyEvent[] }
  const [target = '', missing = ''] = await partIds(context.tx, unit.id, 2)
  await inheritDuties(context.tx, unit.id, [target])
  const into = [
    { unit_id: target, quantity: here },
    { unit_id: missing, quantity: unit.quantity - here },
  ]
  return {
    target,
    missing,
    events: [context.event('unit.split.v1', unit.id, { unit_id: unit.id, into }, at)] as AnyEvent[],
  }
}

type Said = Pick<z.output<typeof input>, 'condition' | 'serial' | 'lot' | 'location' | 'sku'>

/** The receipt of a unit and its movement to where it waits for its inspection. */
export function receiptEvents(
  context: Context,
  unit: Pick<UnitRow, 'id' | 'rmaId' | 'status' | 'quantity' | 'facility' | 'currency' | 'sku'>,
  place: Place,
  at: Date,
  said: Said,
  to: 'received' | 'hold' = 'received',
): AnyEvent[] {
  const received = context.event(
    'unit.received.v1',
    unit.id,
    {
      unit_id: unit.id,
      facility: place.id,
      quantity: unit.quantity,
      ...shiftOf(place, at),
      location: said.location ?? 'dock',
      ...(unit.rmaId ? { rma_id: unit.rmaId } : {}),
      ...(said.sku || unit.sku ? { sku: said.sku ?? unit.sku } : {}),
      ...(said.condition ? { condition_code: said.condition } : {}),
      ...(said.serial ? { serial: said.serial } : {}),
      ...(said.lot ? { lot: said.lot } : {}),
    },
    at,
  )
  // The goods lie where they were set down until somebody takes them to be inspected.
  return [
    received,
    moved(context, unit, to, at, { facility: place.id, location: to === 'hold' ? 'hold' : (said.location ?? 'dock') }),
  ]
}

/** More than was expected: a unit of its own, on hold, since nobody has asked for its return. */
async function extraUnit(context: Context, unit: UnitRow, quantity: number, place: Place, at: Date, said: Said) {
  const rmaId = unit.rmaId ?? ''
  await context.tx.select({ id: rma.id }).from(rma).where(eq(rma.id, rmaId)).for('update')
  const [{ n } = { n: 0 }] = await context.tx
    .select({ n: sql<number>`count(*)::int` })
    .from(returnUnit)
    .where(sql`${returnUnit.rmaId} = ${rmaId} AND ${returnUnit.parentId} IS NULL`)
  const id = `${rmaId}-${n + 1}`
  context.duty('receive', { rmaId, unitId: id })
  const extra = { ...unit, id, quantity, status: 'expected' }
  return { id, events: receiptEvents(context, extra, place, at, { ...said, serial: undefined } as Said, 'hold') }
}

async function problems(
  context: Context,
  unit: UnitRow,
  got: {
    target: string | null
    missing: string | null
    extra: string | null
    here: number
    quantity: number
    foreign: boolean
    asked: z.output<typeof input>
    shipped: readonly string[]
  },
): Promise<string[]> {
  const about = { rmaId: unit.rmaId ?? '', currency: unit.currency }
  const raised: string[] = []
  const add = async (
    kind: ExceptionKind,
    unitId: string,
    pieces: number,
    message: string,
    detail: Record<string, unknown> = {},
  ) => {
    raised.push(kind)
    await raise(context, { ...about, kind, unitId, value: unit.unitPrice * BigInt(pieces), message, detail })
  }
  const short = unit.quantity - got.here
  if (short > 0)
    await add(
      'short_receipt',
      got.missing ?? unit.id,
      short,
      `${got.here} of ${unit.quantity} came. The rest stays expected.`,
      {
        expected: unit.quantity,
        came: got.here,
      },
    )
  if (got.extra) {
    const over = got.quantity - unit.quantity
    await add('over_receipt', got.extra, over, `${got.quantity} came where ${unit.quantity} were expected.`, {
      expected: unit.quantity,
      came: got.quantity,
    })
  }
  if (!got.target) return raised
  if (got.foreign)
    await add(
      'wrong_item',
      got.target,
      got.here,
      `${got.asked.sku ?? 'Something else'} came where ${unit.sku} was expected.`,
      {
        expected: unit.sku,
        came: got.asked.sku ?? '',
      },
    )
  const { serial } = got.asked
  if (serial && got.shipped.length > 0 && !got.shipped.includes(serial))
    await add('serial_conflict', got.target, 1, `Serial ${serial} was not shipped with this order.`, {
      serial,
      shipped: got.shipped,
    })
  return raised
}
