import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { db, pool, run, sqlState, withTransaction } from '../../lib/db/client'
import { ahead, inOrder } from '../../lib/db/line'
import { statement } from '../../lib/db/statement'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
await pool().query('CREATE TABLE kept (n int PRIMARY KEY, word text)')

const KEEP = statement('INSERT INTO kept (n, word) VALUES ($1, $2)')
const WORD = statement('SELECT word FROM kept WHERE n = $1')
const WORDS = statement('SELECT word FROM unnest($1::text[]) AS w(word)')
const DIVIDE = statement('SELECT 12 / $1::int AS part')
const UNKNOWN = statement('SELECT * FROM what_is_not_there')
const UNREADABLE = statement(`${WORD.text} AND word <> ''`, () => () => {
  throw new Error('unreadable')
})
const PLANS = statement(
  `SELECT (generic_plans + custom_plans)::int AS n FROM pg_prepared_statements WHERE statement = $1`,
)

const kept = async (): Promise<number[]> => (await pool().query('SELECT n FROM kept ORDER BY n')).rows.map(({ n }) => n)
const stateOf = (work: Promise<unknown>) => work.then(() => 'nothing', sqlState)

it('answers what is asked together in order, each seeing what went before it', async () => {
  await withTransaction(async (tx) => {
    const asked = [run(tx, KEEP, [1, 'one']), run(tx, WORD, [1])] as const
    const [written, before] = await Promise.all(asked)
    // The query builder takes its turn behind what was asked before it.
    ahead(run(tx, KEEP, [10, 'ten']))
    await tx.execute(sql`UPDATE kept SET word = word || '!'`)
    const after = await run(tx, WORD, [10])
    expect(written.count).toBe(1)
    expect(before.rows).toEqual([{ word: 'one' }])
    expect(after.rows).toEqual([{ word: 'ten!' }])
    await tx.execute(sql`DELETE FROM kept WHERE n = 10`)
  })
  expect(await kept()).toEqual([1])
})

it('tells everything behind a failure of the failure, and commits nothing', async () => {
  const heard: unknown[] = []
  const failed = withTransaction(async (tx) => {
    const all = [run(tx, KEEP, [2, 'two']), run(tx, KEEP, [1, 'again']), run(tx, WORD, [1])]
    heard.push(...(await Promise.all(all.map(stateOf))))
    // Whoever goes on hears of the same reason, and not that the transaction is over.
    heard.push(await stateOf(run(tx, WORD, [2])), await stateOf(tx.execute(sql`SELECT 1`)))
  })
  expect(await stateOf(failed)).toBe('23505')
  expect(heard).toEqual(['nothing', '23505', '23505', '23505', '23505'])
  expect(await kept()).toEqual([1])
})

it('does not commit past what nobody waited for', async () => {
  const failed = withTransaction(async (tx) => {
    ahead(run(tx, KEEP, [3, 'three']))
    ahead(run(tx, KEEP, [1, 'taken']))
    return 'done'
  })
  expect(await stateOf(failed)).toBe('23505')
  expect(await kept()).toEqual([1])
  await withTransaction(async (tx) => void ahead(run(tx, KEEP, [4, 'four'])))
  expect(await kept()).toEqual([1, 4])
})

it('sends nothing that was asked for once its transaction has given up', async () => {
  const failed = withTransaction(async (tx) => {
    ahead(run(tx, KEEP, [5, 'five']))
    throw new Error('given up')
  })
  await expect(failed).rejects.toThrow('given up')
  expect(await kept()).toEqual([1, 4])
})

it('throws what failed first in the order of asking', async () => {
  const failed = withTransaction(async (tx) => {
    const late = run(tx, WORD, [1]).then(() => Promise.reject(new Error('of the first')))
    await inOrder([late, Promise.reject(new Error('of the second'))])
  })
  await expect(failed).rejects.toThrow('of the first')
})

it('plans a statement once, and knows it after failures of any kind', async () => {
  const part = (n: number) => withTransaction((tx) => run<{ part: number }>(tx, DIVIDE, [n]))
  for (let round = 0; round < 3; round += 1) {
    expect((await part(4)).rows).toEqual([{ part: 3 }])
    expect(await stateOf(part(0))).toBe('22012')
    expect(await stateOf(withTransaction((tx) => run(tx, UNKNOWN)))).toBe('42P01')
  }
  await withTransaction(async (tx) => {
    for (let at = 0; at < 3; at += 1) await Promise.all([run(tx, WORD, [1]), run(tx, WORD, [4])])
    const { rows } = await run<{ n: number }>(tx, PLANS, [WORD.text])
    expect(rows).toEqual([{ n: expect.any(Number) }])
    expect(rows[0]?.n).toBeGreaterThanOrEqual(6)
  })
})

it('rejects what cannot be read, and goes on', async () => {
  await withTransaction(async (tx) => {
    const unread = run(tx, UNREADABLE, [1])
    await expect(unread).rejects.toThrow('unreadable')
    expect((await run(tx, WORD, [1])).rows).toHaveLength(1)
  })
})

it('works outside of a transaction, and gives its connection back', async () => {
  const all = await Promise.all(Array.from({ length: 40 }, () => run(db(), WORD, [4])))
  expect(all.every(({ rows }) => rows[0]?.word === 'four')).toBe(true)
  expect(await stateOf(run(db(), DIVIDE, [0]))).toBe('22012')
  expect(pool().waitingCount).toBe(0)
})

it('takes any list of texts as it is', async () => {
  const words = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')))
  await fc.assert(
    fc.asyncProperty(words, async (list) => {
      const { rows } = await run<{ word: string }>(db(), WORDS, [list])
      expect(rows.map(({ word }) => word)).toEqual(list)
    }),
    { numRuns: 200 },
  )
})
