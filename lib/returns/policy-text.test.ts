import { describe, expect, it } from 'vitest'
import { APPROVAL_TABLE } from './defaults/approval'
import { DISPOSITION_TABLE } from './defaults/disposition'
import { RETURNS_TABLE } from './defaults/returns'
import { ROUTING_TABLE } from './defaults/routing'
import { policyDiff } from './policy-diff'
import { readRows, textRows } from './policy-text'

describe('a decision table as text', () => {
  it.each([
    ['returns', RETURNS_TABLE],
    ['routing', ROUTING_TABLE],
    ['disposition', DISPOSITION_TABLE],
    ['approval', APPROVAL_TABLE],
  ])('%s: as delivered, is read back as it is', (_name, table) => {
    expect(readRows(table, textRows(table))).toEqual({ table })
  })

  const row = (change: {
    when?: Record<string, string>
    gives?: Record<string, string>
    id?: string
    note?: string
  }) => {
    const [first] = textRows(RETURNS_TABLE)
    if (!first) throw new Error('no row')
    const read = readRows(RETURNS_TABLE, [
      { ...first, ...change, when: { ...first.when, ...change.when }, gives: { ...first.gives, ...change.gives } },
    ])
    return 'faults' in read ? read.faults.map(({ column, message }) => `${column} ${message}`) : read.table.rows[0]
  }

  it('reads ranges, lists, their opposite, and yes or no', () => {
    expect(
      row({
        when: { reason: 'not gift | other', days: '.. 30', price: '10.5..', returns_90d: '1 .. 5', final_sale: 'no' },
      }),
    ).toMatchObject({
      when: {
        reason: { not: ['gift', 'other'] },
        days: { to: 30 },
        price: { from: 10.5 },
        returns_90d: { from: 1, to: 5 },
        final_sale: { is: false },
      },
    })
  })

  it('names every cell that cannot be read, and why', () => {
    expect(row({ when: { reason: 'because', days: '30', price: '9 .. 1', final_sale: 'maybe' } })).toEqual([
      expect.stringMatching(/^reason “because” is none of/),
      expect.stringMatching(/^days is a range/),
      'final_sale is yes or no',
      'price begins above its end',
    ])
    expect(row({ gives: { fee_percent: '101', returnable: '', window_days: '-1', release: 'soon' } })).toHaveLength(4)
    expect(row({ id: 'A Row', note: ' ' })).toHaveLength(2)
  })
})

it('two versions side by side: what came, went, changed and moved', () => {
  const [first, second, ...rest] = RETURNS_TABLE.rows
  if (!first || !second) throw new Error('no rows')
  const later = {
    ...RETURNS_TABLE,
    rows: [
      second,
      { ...first, when: { ...first.when, days: { to: 5 } } },
      { ...first, id: 'new-one' },
      ...rest.slice(1),
    ],
  }
  const changes = policyDiff(RETURNS_TABLE, later)
  expect(changes.find(({ row }) => row.id === 'new-one')?.state).toBe('added')
  expect(changes.find(({ row }) => row.id === first.id)).toMatchObject({ state: 'changed', was: { days: '' } })
  expect(changes.find(({ row }) => row.id === second.id)?.state).toBe('moved')
  expect(changes.find(({ row }) => row.id === rest[0]?.id)?.state).toBe('removed')
  expect(policyDiff(RETURNS_TABLE, RETURNS_TABLE).every(({ state }) => state === 'same')).toBe(true)
})
