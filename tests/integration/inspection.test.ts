import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { dispose, override } from '../../lib/workflow/disposition/decide'
import { execute } from '../../lib/workflow/execute'
import { inspect, regrade } from '../../lib/workflow/inspection/inspect'
import { split } from '../../lib/workflow/inspection/split'
import { receive } from '../../lib/workflow/receipt/receive'
import { agnieszka, all, CLEAN, jo, line, openBench, refusal, ruben } from '../setup/bench'
import { classify, onItsWay, somebody, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
beforeAll(openBench)

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
