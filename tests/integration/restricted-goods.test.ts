import { beforeAll, describe, expect, it } from 'vitest'
import { pool, sqlState } from '../../lib/db/client'
import { CONDITIONS, DISPOSITIONS, type Disposition } from '../../lib/returns/codes'
import { allowedDispositions, GOODS_CLASSES, type GoodsClassId } from '../../lib/returns/goods'
import { dispose, override } from '../../lib/workflow/disposition/decide'
import { execute } from '../../lib/workflow/execute'
import { inspect } from '../../lib/workflow/inspection/inspect'
import { receive } from '../../lib/workflow/receipt/receive'
import { agnieszka, CLEAN, jo, line, looked, openBench, refusal, ruben } from '../setup/bench'
import { classify, onItsWay, unitNow } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
beforeAll(openBench)

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
