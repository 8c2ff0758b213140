import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../lib/auth/actor'
import { pool, sqlState } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { CONDITIONS, type Condition, DISPOSITIONS, type Disposition } from '../../lib/returns/codes'
import { allowedDispositions, GOODS_CLASSES, type GoodsClassId } from '../../lib/returns/goods'
import { dispose, override } from '../../lib/workflow/disposition/decide'
import { move, release } from '../../lib/workflow/disposition/move'
import { execute } from '../../lib/workflow/execute'
import { inspect, regrade } from '../../lib/workflow/inspection/inspect'
import { skip } from '../../lib/workflow/inspection/skip'
import { split } from '../../lib/workflow/inspection/split'
import { nextUnit } from '../../lib/workflow/read/next-unit'
import { lookup } from '../../lib/workflow/read/station-lookup'
import { receive } from '../../lib/workflow/receipt/receive'
import { commandNamed } from '../../lib/workflow/registry'
import { classify, onItsWay, openFacility, somebody, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const jo = somebody('jo', ['receiver'])
const agnieszka = somebody('agnieszka', ['inspector'])
const ruben = somebody('ruben', ['disposition_lead'])
const hugo = somebody('hugo', ['compliance_officer'])
const all = somebody('all', ['receiver', 'inspector', 'disposition_lead'])

beforeAll(async () => {
  await openFacility()
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ('SUP', 'Supplier', 'DE', 0.8, 60, 'EUR')`,
  )
})

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof UserError ? error.code : `not refused: ${String(error)}`
}
const approve = (by: Actor, input: unknown) => {
  const command = commandNamed('approval.approve')
  if (!command) throw new Error('there is no command to approve')
  return execute(by, command, input)
}
const line = (id: string, over: object = {}) => ({
  id,
  sku: `S-${id}`,
  quantity: 1,
  net: '50',
  unitCost: '20',
  ...over,
})
const CLEAN = { tags: true, clean: true }

/** A unit that was received by Jo and looked at by Agnieszka. */
async function looked(
  id: string,
  seen: { condition?: Condition; finding?: string } = {},
  over: object = {},
): Promise<string> {
  const { unit } = await onItsWay(line(id, over))
  await execute(jo, receive, { unitId: unit, lot: 'L-1' })
  await execute(agnieszka, inspect, { unitId: unit, condition: 'B', finding: 'as_new', checklist: CLEAN, ...seen })
  return unit
}

describe('inspection', () => {
  it('grades, checks, costs the work, and proposes by the rule', async () => {
    const { unit } = await onItsWay(line('look'))
    await execute(jo, receive, { unitId: unit })
    const { result } = await execute(agnieszka, inspect, {
      unitId: unit,
      condition: 'B',
      finding: 'as_new',
      checklist: CLEAN,
      laborMinutes: 3,
    })
    expect(result).toMatchObject({
      exceptions: [],
      accessoriesComplete: true,
      proposal: { disposition: 'restock', row: 'as-new' },
    })
    expect(await unitNow(unit)).toMatchObject({ status: 'received', condition: 'B', finding: 'as_new' })
    const { rows } = await pool().query(`SELECT kind, amount, currency FROM return_cost WHERE unit_id = $1`, [unit])
    expect(rows).toEqual([{ kind: 'labor', amount: 14_000n, currency: 'EUR' }])
  })

  it('takes no step without its codes', async () => {
    const { unit } = await onItsWay(line('codes'))
    await execute(jo, receive, { unitId: unit })
    for (const input of [
      { condition: 'B' },
      { finding: 'as_new' },
      { condition: 'F', finding: 'as_new' },
      { condition: 'B', finding: 'nice' },
    ])
      expect(await refusal(execute(agnieszka, inspect, { unitId: unit, checklist: CLEAN, ...input }))).toBe(
        'invalid_input',
      )
    expect(
      await refusal(
        execute(agnieszka, inspect, { unitId: unit, condition: 'B', finding: 'as_new', checklist: { tags: true } }),
      ),
    ).toBe('checklist_open')
    await expect(pool().query(`UPDATE return_unit SET inspected_at = now() WHERE id = $1`, [unit])).rejects.toThrow(
      /return_unit_codes/,
    )
  })

  it('compares the serial with what was shipped', async () => {
    await classify('S-serial', 'serialised_electronics')
    const { unit } = await onItsWay(line('serial', { serials: ['SN-1', 'SN-2'], quantity: 2 }), { asked: 1 })
    await execute(jo, receive, { unitId: unit })
    const seen = { unitId: unit, condition: 'B', finding: 'as_new', checklist: CLEAN }
    expect(await refusal(execute(agnieszka, inspect, seen))).toBe('serial_required')
    const { result } = await execute(agnieszka, inspect, { ...seen, serial: 'SN-9' })
    expect(result).toMatchObject({
      serialMatch: false,
      exceptions: ['serial_conflict'],
      proposal: { disposition: 'quarantine' },
    })
    const { result: again } = await execute(agnieszka, regrade, {
      unitId: unit,
      condition: 'B',
      finding: 'as_new',
      serial: 'SN-2',
      reason: 'read it wrong',
    })
    expect(again).toMatchObject({ serialMatch: true, proposal: { disposition: 'restock' } })
  })

  it('holds what was received as another item to that finding', async () => {
    const { unit } = await onItsWay(line('other'))
    await execute(jo, receive, { unitId: unit, sku: 'SOMETHING-ELSE' })
    const seen = { unitId: unit, condition: 'A', checklist: CLEAN }
    expect(await refusal(execute(agnieszka, inspect, { ...seen, finding: 'as_new' }))).toBe('wrong_item')
    const { result } = await execute(agnieszka, inspect, { ...seen, finding: 'wrong_item_returned' })
    expect(result.proposal?.allowed).not.toContain('restock')
    expect(
      await refusal(execute(ruben, override, { unitId: unit, disposition: 'restock', reason: 'looks fine to me' })),
    ).toBe('goods_class')
  })

  it('is for a second person, on the unit and on every part of it', async () => {
    const { unit } = await onItsWay(line('duty', { quantity: 3 }))
    await execute(all, receive, { unitId: unit })
    const seen = { condition: 'B', finding: 'as_new', checklist: CLEAN }
    expect(await refusal(execute(all, inspect, { ...seen, unitId: unit }))).toBe('segregation_of_duties')
    const { result } = await execute(agnieszka, split, { unitId: unit, into: [1, 2] })
    const [first] = result.parts
    expect(await refusal(execute(all, inspect, { ...seen, unitId: first?.unitId }))).toBe('segregation_of_duties')
    await execute(agnieszka, inspect, { ...seen, unitId: first?.unitId ?? '' })
    expect(await refusal(execute(all, dispose, { unitId: first?.unitId, disposition: 'restock' }))).toBe(
      'segregation_of_duties',
    )
    const { rows } = await pool().query(`SELECT command, code FROM refusal WHERE actor = $1`, [all.userId])
    expect(rows).toHaveLength(3)
  })

  it('of two inspectors one is the first, and the second is told', async () => {
    const { unit } = await onItsWay(line('both'))
    await execute(jo, receive, { unitId: unit })
    const seen = { unitId: unit, condition: 'B', finding: 'as_new', checklist: CLEAN }
    const outcomes = await Promise.allSettled([
      execute(agnieszka, inspect, seen),
      execute(somebody('ivo', ['inspector']), inspect, seen),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('splits without making or losing a piece, whatever the parts', async () => {
    let n = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: -1, max: 1 }),
        async (into, off) => {
          n += 1
          const total = into.reduce((sum, each) => sum + each, 0)
          const { unit } = await onItsWay(line(`q${n}`, { quantity: total }))
          await execute(jo, receive, { unitId: unit })
          const wrong = [...into.slice(0, -1), (into.at(-1) ?? 0) + off]
          if (off !== 0) {
            expect(['quantity_not_conserved', 'invalid_input']).toContain(
              await refusal(execute(agnieszka, split, { unitId: unit, into: wrong })),
            )
            return
          }
          const { result } = await execute(agnieszka, split, { unitId: unit, into })
          expect(result.parts.map(({ quantity }) => quantity)).toEqual(into)
          const { rows } = await pool().query(
            `SELECT status, quantity, value FROM stock_balance WHERE sku = $1 AND quantity > 0`,
            [`S-q${n}`],
          )
          expect(rows).toEqual([{ status: 'received', quantity: total, value: BigInt(total) * 200_000n }])
          expect(await refusal(execute(agnieszka, split, { unitId: unit, into }))).toBe('not_now')
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('disposition', () => {
  it('is accepted as it was shown, and moves the goods', async () => {
    const unit = await looked('accept')
    expect(await refusal(execute(ruben, dispose, { unitId: unit, disposition: 'scrap' }))).toBe('proposal_changed')
    const { result } = await execute(ruben, dispose, { unitId: unit, disposition: 'restock' })
    expect(result).toMatchObject({ status: 'sellable', stage: 'final', row: 'as-new', approvalId: null })
    expect(await unitNow(unit)).toMatchObject({
      status: 'sellable',
      disposition: 'restock',
      overridden: false,
      rule_row: 'as-new',
    })
    await execute(ruben, move, { unitId: unit, to: 'restocked', unitValue: '15' })
    expect(await unitNow(unit)).toMatchObject({ status: 'restocked', unit_value: 150_000n })
    expect(await refusal(execute(ruben, move, { unitId: unit, to: 'restocked' }))).toBe('not_now')
    const { rows } = await pool().query(
      `SELECT account, sum(debit - credit)::bigint AS amount FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.unit_id = $1
       GROUP BY 1 HAVING sum(debit - credit) <> 0 ORDER BY 1`,
      [unit],
    )
    expect(rows).toEqual([
      { account: 'cost_of_sales', amount: -200_000n },
      { account: 'inventory.restocked', amount: 150_000n },
      { account: 'inventory_write_down', amount: 50_000n },
    ])
  })

  it('goes two steps where it must: parked, looked at again, ended', async () => {
    const unit = await looked('steps', { condition: 'C', finding: 'used' }, { unitCost: '60' })
    expect((await execute(ruben, dispose, { unitId: unit, disposition: 'refurbish' })).result).toMatchObject({
      stage: 'interim',
      status: 'refurbish',
    })
    await execute(agnieszka, regrade, {
      unitId: unit,
      condition: 'A',
      finding: 'as_new',
      reason: 'repaired and repacked',
    })
    expect((await execute(ruben, dispose, { unitId: unit, disposition: 'restock' })).result).toMatchObject({
      status: 'sellable',
      row: 'refurbished',
    })
  })

  it('takes back what a new grade does not allow', async () => {
    await classify('S-worse', 'cosmetic_hygiene')
    const unit = await looked('worse', { condition: 'A', finding: 'as_new' })
    await execute(ruben, dispose, { unitId: unit, disposition: 'restock' })
    await execute(agnieszka, regrade, {
      unitId: unit,
      condition: 'C',
      finding: 'used',
      reason: 'the seal is broken after all',
    })
    expect(await unitNow(unit)).toMatchObject({ status: 'quarantine', disposition: 'quarantine', condition: 'C' })
  })

  it('is overridden only with a reason, and above the limit with a second person', async () => {
    const cheap = await looked('cheap')
    expect(await refusal(execute(ruben, override, { unitId: cheap, disposition: 'liquidate' }))).toBe('invalid_input')
    expect(
      await refusal(execute(ruben, override, { unitId: cheap, disposition: 'restock', reason: 'just because of it' })),
    ).toBe('not_an_override')
    expect(
      (await execute(ruben, override, { unitId: cheap, disposition: 'liquidate', reason: 'season is over' })).result,
    ).toMatchObject({ approvalId: null, status: 'liquidation' })
    const { rows } = await pool().query(`SELECT reason FROM audit_entry WHERE action = 'automation.overridden'`)
    expect(rows.map(({ reason }) => reason)).toEqual(['liquidate instead of restock: season is over'])
    const dear = await looked('dear', {}, { unitCost: '120', net: '300' })
    const asked = { unitId: dear, disposition: 'liquidate', reason: 'season is over' }
    const first = (await execute(ruben, override, asked)).result
    expect(first.approvalId).not.toBeNull()
    expect(await unitNow(dear)).toMatchObject({ status: 'received', disposition: '' })
    const again = (await execute(ruben, override, asked)).result
    expect(again.approvalId).toBe(first.approvalId)
    const { rows: open } = await pool().query(
      `SELECT subject_type, steps, requested_by, amount FROM approval WHERE id = $1`,
      [first.approvalId],
    )
    expect(open[0]).toMatchObject({ subject_type: 'override', requested_by: ruben.userId, amount: 1_200_000n })
    const [piotr, farah] = [somebody('piotr', ['warehouse_manager']), somebody('farah', ['controller'])]
    const yes = { ids: [first.approvalId] }
    expect(await refusal(approve(ruben, yes))).toBe('forbidden')
    await approve(piotr, yes)
    const { rows: steps } = await pool().query(`SELECT state FROM approval WHERE id = $1`, [first.approvalId])
    if (steps[0].state === 'open') await approve(farah, yes)
    expect((await execute(ruben, override, asked)).result).toMatchObject({ approvalId: null, status: 'liquidation' })
    const { rows: written } = await pool().query(
      `SELECT approval_id FROM audit_entry WHERE object_id = $1 AND action = 'unit.changed' AND diff ? 'disposition'`,
      [dear],
    )
    expect(written).toEqual([{ approval_id: first.approvalId }])
  })

  it('sells off at what it brought, and keeps a certificate where the goods need one', async () => {
    const unit = await looked('sold')
    await execute(ruben, override, { unitId: unit, disposition: 'liquidate', reason: 'season is over' })
    expect(await refusal(execute(ruben, move, { unitId: unit, to: 'liquidated' }))).toBe('value_required')
    expect(await refusal(execute(ruben, move, { unitId: unit, to: 'scrapped' }))).toBe('not_now')
    await execute(ruben, move, { unitId: unit, to: 'liquidated', unitValue: '7.25' })
    expect(await unitNow(unit)).toMatchObject({ status: 'liquidated', unit_value: 72_500n })
    await classify('S-cell', 'lithium_battery')
    const cell = await looked('cell', { condition: 'E', finding: 'confirmed_defect' })
    await execute(ruben, dispose, { unitId: cell, disposition: 'quarantine' })
    await execute(ruben, dispose, { unitId: cell, disposition: 'scrap' })
    expect(await refusal(execute(ruben, move, { unitId: cell, to: 'scrapped' }))).toBe('certificate_required')
    expect(await refusal(execute(ruben, move, { unitId: cell, to: 'scrapped', certificate: 'f'.repeat(64) }))).toBe(
      'unknown_evidence',
    )
  })

  it('lets restricted goods out of quarantine only by compliance', async () => {
    await classify('S-aero', 'aerosol_flammable')
    const unit = await looked('aero', { condition: 'A', finding: 'as_new' })
    await execute(ruben, override, { unitId: unit, disposition: 'quarantine', reason: 'the cap is loose' })
    expect(await refusal(execute(ruben, dispose, { unitId: unit, disposition: 'restock' }))).toBe('not_released')
    expect(await refusal(execute(ruben, release, { unitId: unit, reason: 'cap was fixed' }))).toBe('forbidden')
    await execute(hugo, release, { unitId: unit, reason: 'cap was fixed' })
    expect((await execute(ruben, dispose, { unitId: unit, disposition: 'restock' })).result.status).toBe('sellable')
  })
})

describe('restricted goods: every class, condition and disposition', () => {
  it('by command: allowed pairs and no other', { timeout: 300_000 }, async () => {
    let n = 0
    for (const goodsClass of Object.keys(GOODS_CLASSES) as GoodsClassId[])
      for (const condition of CONDITIONS) {
        n += 1
        await classify(`S-m${n}`, goodsClass)
        const { unit } = await onItsWay(line(`m${n}`))
        await execute(jo, receive, { unitId: unit, lot: 'L-1' })
        const seen = { unitId: unit, condition, finding: 'used', checklist: CLEAN, serial: `SN-${n}` }
        const proposed = (await execute(agnieszka, inspect, seen)).result.proposal?.disposition
        for (const disposition of DISPOSITIONS) {
          if (allowedDispositions(goodsClass, condition).includes(disposition)) continue
          expect([
            goodsClass,
            condition,
            disposition,
            await refusal(execute(ruben, override, { unitId: unit, disposition, reason: 'against the rule' })),
          ]).toEqual([goodsClass, condition, disposition, 'goods_class'])
        }
        await execute(ruben, dispose, { unitId: unit, disposition: proposed })
        expect(allowedDispositions(goodsClass, condition)).toContain((await unitNow(unit)).disposition)
      }
  })

  it('by SQL: allowed pairs and no other', async () => {
    const unit = await looked('sql')
    for (const goodsClass of [...Object.keys(GOODS_CLASSES), 'never_heard_of'])
      for (const condition of CONDITIONS)
        for (const disposition of DISPOSITIONS) {
          const may = allowedDispositions(goodsClass, condition).includes(disposition)
          expect([goodsClass, condition, disposition, await bySql(unit, goodsClass, condition, disposition)]).toEqual([
            goodsClass,
            condition,
            disposition,
            may ? 'done' : 'BH001',
          ])
        }
  })

  it('by SQL: nothing is sellable that nobody has looked at', async () => {
    const { unit } = await onItsWay(line('unseen'))
    await execute(jo, receive, { unitId: unit })
    await expect(
      pool().query(`UPDATE return_unit SET status = 'sellable' WHERE id = $1`, [unit]),
    ).rejects.toMatchObject({ code: 'BH001' })
  })
})

async function bySql(unit: string, goodsClass: string, condition: string, disposition: Disposition): Promise<string> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    await client.query(
      `UPDATE return_unit SET goods_class = $2, condition = $3, disposition = $4, dispositioned_at = now() WHERE id = $1`,
      [unit, goodsClass, condition, disposition],
    )
    return 'done'
  } catch (error) {
    return sqlState(error) ?? String(error)
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

describe('the stations', () => {
  it('find a unit by everything that is written on it', async () => {
    const { unit, rma } = await onItsWay(line('find', { serials: ['SN-FIND'] }))
    for (const [code, kind] of [
      [unit, 'unit'],
      [rma, 'rma'],
      ['TRACK-find', 'tracking'],
      ['SN-FIND', 'serial'],
      ['O-find', 'order'],
      ['track-FIND'.toUpperCase(), 'unknown'],
      ['S-find', 'item'],
    ] as const)
      expect([code, (await lookup(jo, code, 'UTC')).kind]).toEqual([code, kind])
    expect((await lookup(jo, rma, 'UTC')).units.map(({ id, receive: closed }) => [id, closed])).toEqual([[unit, null]])
    await execute(jo, receive, { unitId: unit })
    expect((await lookup(jo, unit, 'UTC')).units[0]?.receive).toMatch(/It is received/)
    const elsewhere = somebody('elsewhere', ['receiver'], { entities: null, facilities: ['lodz'], channels: null })
    expect(await lookup(elsewhere, unit, 'UTC')).toMatchObject({ kind: 'unknown', units: [] })
    expect(await refusal(lookup(somebody('maya', ['refund_approver_l1']), unit, 'UTC'))).toBe('forbidden')
  })

  it('offer what matters most, and never what would be refused or was just skipped', async () => {
    await pool().query(`UPDATE facility SET tz = 'UTC' WHERE id = 'venlo'`)
    const place = { id: 'lager', tz: 'UTC' }
    await openFacility('lager', 'UTC')
    const low = await onItsWay(line('low', { net: '10' }), { facility: 'lager' })
    const high = await onItsWay(line('high', { net: '400' }), { facility: 'lager' })
    const mine = await onItsWay(line('mine', { net: '9000' }), { facility: 'lager' })
    for (const { unit } of [low, high]) await execute(jo, receive, { unitId: unit, facility: 'lager' })
    const both = somebody('both', ['receiver', 'inspector'])
    await execute(both, receive, { unitId: mine.unit, facility: 'lager' })
    const first = await nextUnit(both, 'inspect', place)
    expect(first).toMatchObject({ waiting: 2, next: { unit: { id: high.unit } } })
    expect(first.next?.reason).toMatch(/€400\.00 × 0\.1 days here × the customer has got nothing yet/)
    await execute(both, skip, { unitId: high.unit, code: 'needs_equipment' })
    expect((await nextUnit(both, 'inspect', place)).next?.unit.id).toBe(low.unit)
    expect((await nextUnit(agnieszka, 'inspect', place)).next?.unit.id).toBe(mine.unit)
    expect(await refusal(execute(both, skip, { unitId: low.unit, code: 'no idea' }))).toBe('invalid_input')
  })
})
