// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChecklist } from './checklist'
import { CONDITIONS, DISPOSITIONS, FINDINGS } from './codes'
import { DISPOSITION_TABLE } from './defaults/disposition'
import { type DispositionFacts, permittedDispositions, proposeDisposition, whyForbidden } from './disposition'
import { allowedDispositions, GOODS_CLASSES } from './goods'
import { type DecisionTable, faultsOf } from './policy'

const facts = (over: Partial<DispositionFacts> = {}): DispositionFacts => ({
  goodsClass: 'none',
  condition: 'B',
  finding: 'as_new',
  category: 'apparel',
  covered: false,
  serialMatch: undefined,
  accessoriesComplete: true,
  value: 40,
  before: '',
  ...over,
})
const propose = (over: Partial<DispositionFacts> = {}) => proposeDisposition(DISPOSITION_TABLE, facts(over))

const anyFacts = fc.record({
  goodsClass: fc.constantFrom(...Object.keys(GOODS_CLASSES), 'never heard of'),
  condition: fc.constantFrom(...CONDITIONS),
  finding: fc.constantFrom(...FINDINGS),
  category: fc.constantFrom('apparel', 'footwear', 'electronics', 'beauty', 'home', ''),
  covered: fc.boolean(),
  serialMatch: fc.constantFrom(true, false, undefined),
  accessoriesComplete: fc.constantFrom(true, false, undefined),
  value: fc.integer({ min: 0, max: 2_000_000 }).map((cents) => cents / 100),
  before: fc.constantFrom('' as const, ...DISPOSITIONS),
})

describe('the table as delivered', () => {
  it('has no fault', () => {
    expect(faultsOf(DISPOSITION_TABLE)).toEqual([])
  })

  it('answers every case by a row, within what the goods allow', () => {
    fc.assert(
      fc.property(anyFacts, (each) => {
        const proposal = proposeDisposition(DISPOSITION_TABLE, each)
        expect(permittedDispositions(each)).toContain(proposal.disposition)
        expect(allowedDispositions(each.goodsClass, each.condition)).toContain(proposal.disposition)
        expect(proposal.row).not.toBe('no-row')
        expect(proposal.note).not.toBe('')
      }),
      { numRuns: 5000 },
    )
  })

  it('decides the cases of the field', () => {
    expect(propose({ condition: 'A' })).toMatchObject({ disposition: 'restock', row: 'sealed', stage: 'final' })
    expect(propose()).toMatchObject({ disposition: 'restock', row: 'as-new' })
    expect(propose({ condition: 'D', finding: 'confirmed_defect', covered: true })).toMatchObject({
      disposition: 'vendor_claim',
      stage: 'interim',
    })
    expect(propose({ finding: 'counterfeit', condition: 'A' })).toMatchObject({ disposition: 'quarantine' })
    expect(propose({ serialMatch: false, condition: 'A' })).toMatchObject({ disposition: 'quarantine' })
    expect(propose({ finding: 'wrong_item_returned' })).toMatchObject({ disposition: 'return_to_customer' })
    expect(propose({ condition: 'E', finding: 'customer_damage' })).toMatchObject({ disposition: 'scrap' })
    expect(propose({ condition: 'C', finding: 'used', value: 7.99 })).toMatchObject({ disposition: 'donate' })
    expect(propose({ condition: 'C', finding: 'used', value: 8.01 })).toMatchObject({ disposition: 'liquidate' })
    expect(propose({ condition: 'C', finding: 'used', value: 30 })).toMatchObject({ disposition: 'refurbish' })
    expect(propose({ category: 'beauty' })).toMatchObject({ disposition: 'scrap', row: 'beauty-opened' })
  })

  it('goes two steps: parked first, decided when what it waited for has happened', () => {
    expect(propose({ condition: 'C', finding: 'used', value: 90 })).toMatchObject({
      stage: 'interim',
      disposition: 'refurbish',
    })
    expect(propose({ condition: 'B', finding: 'used', value: 90, before: 'refurbish' })).toMatchObject({
      disposition: 'restock',
    })
    expect(propose({ condition: 'D', finding: 'used', value: 90, before: 'refurbish' })).toMatchObject({
      disposition: 'liquidate',
    })
    expect(
      propose({ condition: 'D', finding: 'confirmed_defect', covered: true, before: 'vendor_claim' }),
    ).toMatchObject({
      disposition: 'liquidate',
      row: 'supplier-refused',
    })
    expect(propose({ finding: 'counterfeit', before: 'quarantine' })).toMatchObject({ disposition: 'scrap' })
  })
})

describe('the rules of the goods outrank every table', () => {
  const reckless: DecisionTable = {
    inputs: [],
    outputs: ['disposition', 'stage'],
    rows: [
      {
        id: 'all',
        note: 'Everything back on the shelf.',
        when: {},
        ['then']: { disposition: 'restock', stage: 'final' },
      },
    ],
  }

  it('for every class, condition and finding', () => {
    for (const goodsClass of Object.keys(GOODS_CLASSES))
      for (const condition of CONDITIONS)
        for (const finding of FINDINGS) {
          const { disposition } = proposeDisposition(reckless, facts({ goodsClass, condition, finding }))
          expect(allowedDispositions(goodsClass, condition)).toContain(disposition)
          if (finding === 'counterfeit') expect(disposition).not.toBe('restock')
        }
  })

  it('keeps apart what no row names, and what nobody knows', () => {
    expect(proposeDisposition({ inputs: [], outputs: [], rows: [] }, facts())).toMatchObject({
      disposition: 'quarantine',
      row: 'no-row',
    })
    expect(propose({ goodsClass: 'never heard of', condition: 'A' }).disposition).toBe('quarantine')
  })

  it('says why', () => {
    expect(whyForbidden('restock', facts({ goodsClass: 'cosmetic_hygiene' }))).toMatch(
      /Cosmetics and hygiene in condition B/,
    )
    expect(whyForbidden('restock', facts({ finding: 'counterfeit' }))).toMatch(/not what was sold/)
    expect(whyForbidden('restock', facts())).toBeUndefined()
  })
})

it('asks every question of the checklist', () => {
  expect(readChecklist('electronics', {}).open.map(({ id }) => id)).toEqual(['accessories', 'powers_on', 'wiped'])
  expect(readChecklist('electronics', { accessories: false, powers_on: true, wiped: true })).toEqual({
    open: [],
    accessoriesComplete: false,
  })
  expect(readChecklist('nothing known', { complete: true })).toMatchObject({ open: [], accessoriesComplete: true })
})
