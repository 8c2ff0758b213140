import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { pool, withTransaction } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { execute } from '../../lib/workflow/execute'
import { inspect } from '../../lib/workflow/inspection/inspect'
import { amendReceipt } from '../../lib/workflow/receipt/amend'
import { receiveBlind } from '../../lib/workflow/receipt/blind'
import { match } from '../../lib/workflow/receipt/match'
import { receive } from '../../lib/workflow/receipt/receive'
import { undoReceipt } from '../../lib/workflow/receipt/undo'
import { proposeFor } from '../../lib/workflow/settlements/propose'
import { classify, onItsWay, openFacility, somebody, tell, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const jo = somebody('jo', ['receiver'])
const kim = somebody('kim', ['receiver'])
const agnieszka = somebody('agnieszka', ['inspector'])
const ines = somebody('ines', ['cs_agent'])

beforeAll(() => openFacility())

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof UserError ? error.code : `not refused: ${String(error)}`
}
const openExceptions = async (unitId: string): Promise<string[]> => {
  const { rows } = await pool().query(
    `SELECT kind FROM case_exception WHERE unit_id = $1 AND state = 'open' ORDER BY kind`,
    [unitId],
  )
  return rows.map(({ kind }) => kind)
}
const line = (id: string, over: object = {}) => ({
  id,
  sku: `S-${id}`,
  quantity: 1,
  net: '50',
  unitCost: '20',
  ...over,
})

describe('a receipt against a return', () => {
  it('receives a piece: status, place, shift by the facility clock, movement, books', async () => {
    const { unit, rma } = await onItsWay(line('one'))
    const { result, commandId } = await execute(jo, receive, { unitId: unit, condition: 'B', serial: 'SN1', lot: 'L1' })
    expect(result).toMatchObject({ unitId: unit, rmaId: rma, quantity: 1, expected: 1, exceptions: [] })
    expect(await unitNow(unit)).toMatchObject({
      status: 'received',
      condition: 'B',
      serial: 'SN1',
      lot: 'L1',
      location: 'dock',
      received_quantity: 1,
    })
    const { rows: events } = await pool().query(
      `SELECT type, data FROM case_event WHERE unit_id = $1 AND command_id IS NOT NULL ORDER BY sequence`,
      [unit],
    )
    expect(events.map(({ type }) => type)).toEqual(['unit.received.v1', 'unit.moved.v1'])
    expect(events[0].data).toMatchObject({ actor: jo.userId, shift: expect.stringMatching(/early|late/) })
    const { rows: books } = await pool().query(
      `SELECT account, debit - credit AS amount FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.unit_id = $1 ORDER BY account`,
      [unit],
    )
    expect(books).toEqual([
      { account: 'cost_of_sales', amount: -200_000n },
      { account: 'inventory.received', amount: 200_000n },
    ])
    const { rows: log } = await pool().query(
      `SELECT count(*)::int AS n FROM event_log WHERE source = '/backhaul/workflow' AND id LIKE $1 || '/%'`,
      [commandId],
    )
    expect(log[0].n).toBe(2)
  })

  it('does it once, however often it is sent, and refuses the id for anything else', async () => {
    const { unit } = await onItsWay(line('twice'))
    const id = crypto.randomUUID()
    const [first, second] = await Promise.all([
      execute(jo, receive, { unitId: unit }, id),
      execute(jo, receive, { unitId: unit }, id),
    ])
    expect(first.result).toEqual(second.result)
    expect([first.repeated, second.repeated].sort()).toEqual([false, true])
    expect(await refusal(execute(jo, receive, { unitId: unit, quantity: 1 }, id))).toBe('command_reused')
    expect(await refusal(execute(kim, receive, { unitId: unit }))).toBe('not_now')
  })

  it('lets one of two people receive it', async () => {
    const { unit } = await onItsWay(line('race'))
    const outcomes = await Promise.allSettled([
      execute(jo, receive, { unitId: unit }),
      execute(kim, receive, { unitId: unit }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await pool().query(
      `SELECT count(*)::int AS n FROM stock_movement WHERE unit_id = $1 AND to_status = 'received'`,
      [unit],
    )
    expect(rows[0].n).toBe(1)
  })

  it('leaves what did not come on its way', async () => {
    const { unit } = await onItsWay(line('short', { quantity: 5 }))
    const { result } = await execute(jo, receive, { unitId: unit, quantity: 3 })
    expect(result).toMatchObject({ unitId: `${unit}-a`, missingUnitId: `${unit}-b`, exceptions: ['short_receipt'] })
    expect(await unitNow(`${unit}-a`)).toMatchObject({ status: 'received', quantity: 3, parent_id: unit })
    expect(await unitNow(`${unit}-b`)).toMatchObject({ status: 'in_transit', quantity: 2 })
    expect(await openExceptions(`${unit}-b`)).toEqual(['short_receipt'])
    const later = await execute(kim, receive, { unitId: `${unit}-b` })
    expect(later.result).toMatchObject({ unitId: `${unit}-b`, quantity: 2, exceptions: [] })
  })

  it('notes that nothing came, and receives nothing', async () => {
    const { unit } = await onItsWay(line('none'))
    const { result } = await execute(jo, receive, { unitId: unit, quantity: 0 })
    expect(result).toMatchObject({ unitId: null, exceptions: ['short_receipt'] })
    expect(await unitNow(unit)).toMatchObject({ status: 'in_transit', received_at: null })
  })

  it('keeps what came beyond it as a unit of its own, on hold', async () => {
    const { unit, rma } = await onItsWay(line('over', { quantity: 2 }))
    const { result } = await execute(jo, receive, { unitId: unit, quantity: 5 })
    expect(result).toMatchObject({ unitId: unit, extraUnitId: `${rma}-2`, exceptions: ['over_receipt'] })
    expect(await unitNow(unit)).toMatchObject({ status: 'received', received_quantity: 2 })
    expect(await unitNow(`${rma}-2`)).toMatchObject({ status: 'hold', quantity: 3, rma_id: rma })
    expect(await openExceptions(`${rma}-2`)).toEqual(['over_receipt'])
  })

  it('raises a wrong item and a foreign serial', async () => {
    const { unit } = await onItsWay(line('wrong', { serials: ['RIGHT'] }))
    await execute(jo, receive, { unitId: unit, sku: 'ANOTHER', serial: 'FOREIGN' })
    expect(await openExceptions(unit)).toEqual(['serial_conflict', 'wrong_item'])
  })

  it('asks for the lot of goods that are traced by it', async () => {
    await classify('S-lot', 'food_supplement')
    const { unit } = await onItsWay(line('lot'))
    expect(await refusal(execute(jo, receive, { unitId: unit }))).toBe('lot_required')
    expect(await unitNow(unit)).toMatchObject({ status: 'in_transit' })
    await execute(jo, receive, { unitId: unit, lot: 'L-77' })
    expect(await unitNow(unit)).toMatchObject({ status: 'received', lot: 'L-77' })
  })

  it('refuses whoever may not, another facility, and nonsense', async () => {
    const { unit } = await onItsWay(line('who'))
    const lodz = somebody('lodz', ['receiver'], { entities: null, facilities: ['lodz'], channels: null })
    expect(await refusal(execute(ines, receive, { unitId: unit }))).toBe('forbidden')
    expect(await refusal(execute(lodz, receive, { unitId: unit }))).toBe('not_found')
    expect(await refusal(execute(jo, receive, { unitId: unit, facility: 'nowhere' }))).toBe('unknown_facility')
    for (const input of [
      {},
      { unitId: '' },
      { unitId: unit, quantity: -1 },
      { unitId: unit, quantity: 1.5 },
      { unitId: unit, condition: 'F' },
      { unitId: unit, more: 1 },
    ])
      expect(await refusal(execute(jo, receive, input))).toBe('invalid_input')
    expect(await unitNow(unit)).toMatchObject({ status: 'in_transit' })
  })

  it('adds the grade to a receipt, until it is inspected', async () => {
    const { unit } = await onItsWay(line('amend'))
    await execute(jo, receive, { unitId: unit })
    await execute(jo, amendReceipt, { unitId: unit, condition: 'C', serial: 'SN9' })
    expect(await unitNow(unit)).toMatchObject({ condition: 'C', serial: 'SN9', status: 'received' })
    expect(await refusal(execute(jo, amendReceipt, { unitId: unit }))).toBe('invalid_input')
  })
})

describe('undo', () => {
  it('takes a receipt back as if it had not been', async () => {
    const { unit } = await onItsWay(line('undo'))
    const before = await unitNow(unit)
    await execute(jo, receive, { unitId: unit, condition: 'C' })
    await execute(jo, undoReceipt, { unitId: unit })
    const after = await unitNow(unit)
    expect(after).toMatchObject({
      status: before.status,
      received_at: null,
      condition: '',
      received_quantity: 0,
      facility: before.facility,
    })
    const { rows } = await pool().query(
      `SELECT coalesce(sum(debit - credit), 0)::bigint AS sum FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.unit_id = $1 AND account = 'inventory.received'`,
      [unit],
    )
    expect(rows[0].sum).toBe(0n)
    await execute(kim, receive, { unitId: unit })
    expect(await unitNow(unit)).toMatchObject({ status: 'received' })
  })

  it('takes back a short one, with its parts and its exception', async () => {
    const { unit } = await onItsWay(line('undo-short', { quantity: 5 }))
    await execute(jo, receive, { unitId: unit, quantity: 2 })
    const { result } = await execute(jo, undoReceipt, { unitId: `${unit}-a` })
    expect(result.unitIds).toEqual([unit, `${unit}-a`, `${unit}-b`])
    expect(await unitNow(unit)).toMatchObject({ status: 'in_transit', quantity: 5, split_at: null })
    for (const part of ['a', 'b'])
      expect(await unitNow(`${unit}-${part}`)).toMatchObject({ quantity: 0, status: 'cancelled' })
    expect(await openExceptions(`${unit}-b`)).toEqual([])
    const { rows } = await pool().query(
      `SELECT status, sum(quantity)::int AS n FROM stock_balance WHERE sku = 'S-undo-short' AND quantity > 0 GROUP BY 1`,
    )
    expect(rows).toEqual([{ status: 'in_transit', n: 5 }])
    const again = await execute(jo, receive, { unitId: unit, quantity: 4 })
    expect(again.result).toMatchObject({ unitId: `${unit}-c`, missingUnitId: `${unit}-d` })
  })

  it('is for 30 seconds and for who received it', async () => {
    const { unit } = await onItsWay(line('late'))
    const at = new Date(Date.now() - 31_000)
    await execute(jo, receive, { unitId: unit }, crypto.randomUUID(), at)
    expect(await refusal(execute(jo, undoReceipt, { unitId: unit }))).toBe('too_late')
    const other = await onItsWay(line('others'))
    await execute(jo, receive, { unitId: other.unit })
    expect(await refusal(execute(kim, undoReceipt, { unitId: other.unit }))).toBe('not_yours')
    expect(await unitNow(other.unit)).toMatchObject({ status: 'received' })
  })

  it('withdraws the money that was promised for it, and is refused once the goods were looked at', async () => {
    const { unit } = await onItsWay(line('promised'))
    await execute(jo, receive, { unitId: unit })
    await withTransaction((tx) =>
      proposeFor(automationRecorder(tx, 'conditional_refund', new Date(), unit), unit, { cause: 'on_receipt' }),
    )
    await execute(jo, undoReceipt, { unitId: unit })
    const { rows } = await pool().query(`SELECT state FROM settlement WHERE unit_id = $1`, [unit])
    expect(rows).toEqual([{ state: 'rejected' }])
    const other = await onItsWay(line('seen'))
    await execute(jo, receive, { unitId: other.unit })
    await execute(agnieszka, inspect, {
      unitId: other.unit,
      condition: 'B',
      finding: 'as_new',
      checklist: { tags: true, clean: true },
    })
    expect(await refusal(execute(jo, undoReceipt, { unitId: other.unit }))).toBe('not_now')
  })

  it('ends a blind unit that was undone', async () => {
    const { result } = await execute(jo, receiveBlind, { facility: 'venlo', sku: 'S-x' })
    await execute(jo, undoReceipt, { unitId: result.unitId })
    expect(await unitNow(result.unitId)).toMatchObject({ quantity: 0, status: 'cancelled' })
    expect(await openExceptions(result.unitId)).toEqual([])
  })
})

describe('what nobody announced', () => {
  it('lies on hold as unmatched, with what it may be', async () => {
    const { unit } = await onItsWay(line('hint', { serials: ['SN-HINT'] }))
    const { result } = await execute(jo, receiveBlind, {
      facility: 'venlo',
      sku: 'S-hint',
      serial: 'SN-HINT',
      tracking: 'TRACK-hint',
    })
    expect(result.suggestions[0]).toMatchObject({ unitId: unit, orderLineId: 'hint', score: 100 })
    expect(result.suggestions[0]?.because).toContain('its serial was shipped with this order')
    expect(await unitNow(result.unitId)).toMatchObject({ status: 'hold', rma_id: null })
    expect(await openExceptions(result.unitId)).toEqual(['unmatched_receipt'])
  })

  it('becomes the receipt of the unit that was expected: same hands, same time, no second unit', async () => {
    const { unit, rma } = await onItsWay(line('found'))
    const blind = await execute(jo, receiveBlind, { facility: 'venlo', sku: 'S-found', condition: 'B' })
    const { result } = await execute(kim, match, { unitId: blind.result.unitId, expectedUnitId: unit })
    expect(result).toEqual({ unitId: unit, rmaId: rma })
    expect(await unitNow(unit)).toMatchObject({ status: 'received', condition: 'B' })
    expect(await unitNow(blind.result.unitId)).toMatchObject({ quantity: 0, status: 'cancelled' })
    expect(await openExceptions(blind.result.unitId)).toEqual([])
    const { rows } = await pool().query(`SELECT person FROM duty WHERE unit_id = $1 AND duty = 'receive'`, [unit])
    expect(rows).toEqual([{ person: jo.userId }])
    const { rows: stock } = await pool().query(
      `SELECT status, quantity FROM stock_balance WHERE sku = 'S-found' AND quantity > 0`,
    )
    expect(stock).toEqual([{ status: 'received', quantity: 1 }])
  })

  it('takes its share of several that were expected', async () => {
    const { unit } = await onItsWay(line('share', { quantity: 4 }))
    const blind = await execute(jo, receiveBlind, { facility: 'venlo', sku: 'S-share', quantity: 3 })
    const { result } = await execute(kim, match, { unitId: blind.result.unitId, expectedUnitId: unit })
    expect(await unitNow(result.unitId)).toMatchObject({ status: 'received', quantity: 3, parent_id: unit })
    const { rows } = await pool().query(
      `SELECT status, sum(quantity)::int AS n FROM return_unit WHERE parent_id = $1 GROUP BY 1 ORDER BY 1`,
      [unit],
    )
    expect(rows).toEqual([
      { status: 'in_transit', n: 1 },
      { status: 'received', n: 3 },
    ])
  })

  it('becomes a return of an order that nobody asked for, by a second person, within what was sold', async () => {
    await onItsWay(line('unasked', { quantity: 2 }), { asked: 0 })
    const blind = await execute(jo, receiveBlind, { facility: 'venlo', orderId: 'O-unasked' })
    const asked = { unitId: blind.result.unitId, orderLineId: 'unasked', reason: 'undeliverable' }
    expect(await refusal(execute(jo, match, asked))).toBe('segregation_of_duties')
    const { result } = await execute(ines, match, asked)
    expect(result.rmaId).toMatch(/^RMA-\d{4}-\d{6}$/)
    expect(await unitNow(blind.result.unitId)).toMatchObject({
      status: 'received',
      rma_id: result.rmaId,
      reason: 'undeliverable',
      order_line_id: 'unasked',
    })
    const more = await execute(jo, receiveBlind, { facility: 'venlo', orderId: 'O-unasked', quantity: 2 })
    expect(await refusal(execute(ines, match, { ...asked, unitId: more.result.unitId }))).toBe('over_ordered')
  })

  it('keeps the number of another system that counted it in', async () => {
    const { unit, rma } = await onItsWay(line('told'))
    await tell(
      [
        {
          specversion: '1.0',
          id: 'wms-1',
          source: '/wms/venlo',
          type: 'unit.received.v1',
          time: new Date().toISOString(),
          subject: 'WMS-1',
          data: { unit_id: 'WMS-1', facility: 'venlo', quantity: 1, sku: 'S-told' },
        },
      ],
      '/wms/venlo',
    )
    const { result } = await execute(ines, match, { unitId: 'WMS-1', expectedUnitId: unit })
    expect(result).toEqual({ unitId: 'WMS-1', rmaId: rma })
    expect(await unitNow('WMS-1')).toMatchObject({ status: 'received', rma_id: rma })
    expect(await unitNow(unit)).toMatchObject({ status: 'cancelled' })
  })
})

it('makes and loses no piece, whatever comes of what was expected', async () => {
  let n = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      async (expected, counts, undos) => {
        n += 1
        const { unit, rma } = await onItsWay(line(`p${n}`, { quantity: expected }))
        let extra = 0
        for (const [step, count] of counts.entries()) {
          const { rows } = await pool().query(
            `SELECT id, quantity FROM return_unit WHERE rma_id = $1 AND status = 'in_transit' AND split_at IS NULL AND quantity > 0`,
            [rma],
          )
          const [open] = rows
          if (!open) break
          const { result } = await execute(jo, receive, { unitId: open.id, quantity: count })
          if (undos[step] && result.unitId) await execute(jo, undoReceipt, { unitId: result.unitId })
          else extra += Math.max(0, count - open.quantity)
        }
        const { rows } = await pool().query(
          `SELECT sum(quantity) FILTER (WHERE split_at IS NULL)::int AS total FROM return_unit WHERE rma_id = $1`,
          [rma],
        )
        expect(rows[0].total).toBe(expected + extra)
        const { rows: stock } = await pool().query(
          `SELECT sum(quantity)::int AS total FROM stock_balance WHERE sku = $1`,
          [`S-p${n}`],
        )
        expect(stock[0].total).toBe(expected + extra)
        expect(unit).toBe(`${rma}-1`)
      },
    ),
    { numRuns: 60 },
  )
})
