import { beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { dispose, override } from '../../lib/workflow/disposition/decide'
import { move, release } from '../../lib/workflow/disposition/move'
import { execute } from '../../lib/workflow/execute'
import { regrade } from '../../lib/workflow/inspection/inspect'
import { skip } from '../../lib/workflow/inspection/skip'
import { nextUnit } from '../../lib/workflow/read/next-unit'
import { lookup } from '../../lib/workflow/read/station-lookup'
import { receive } from '../../lib/workflow/receipt/receive'
import { agnieszka, approve, hugo, jo, line, looked, openBench, refusal, ruben } from '../setup/bench'
import { classify, onItsWay, openFacility, somebody, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
beforeAll(openBench)

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
