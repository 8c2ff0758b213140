import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAPPED_LIST_NAMES, MAPPED_LISTS } from './code-map'
import { suggestCode, wordsOf } from './code-suggestion'

describe('words of a code', () => {
  it.each(['SIZE_TOO_SMALL', 'SizeTooSmall', 'size-too-small', ' Size too  small '])('%s', (code) => {
    expect(wordsOf(code)).toEqual(['size', 'too', 'small'])
  })
})

describe('a suggestion by the name alone', () => {
  it.each([
    // Amazon's and Shopify's own lists.
    ['reason', 'SIZE_TOO_SMALL', 'too_small'],
    ['reason', 'SIZE_TOO_LARGE', 'too_large'],
    ['reason', 'APPAREL_TOO_SMALL', 'too_small'],
    ['reason', 'CR-UNWANTED_ITEM', 'changed_mind'],
    ['reason', 'UNWANTED', 'changed_mind'],
    ['reason', 'DEFECTIVE', 'defective'],
    ['reason', 'NOT_AS_DESCRIBED', 'not_as_described'],
    ['reason', 'UNDELIVERABLE_UNKNOWN', 'undeliverable'],
    ['reason', 'WRONG_ITEM', 'wrong_item'],
    ['reason', 'DAMAGED_BY_CARRIER', 'damaged_in_transit'],
    ['reason', 'MISSING_PARTS', 'missing_part'],
    ['reason', 'FOUND_BETTER_PRICE', 'better_price'],
    ['reason', 'tooSmall', 'too_small'],
    ['finding', 'CUSTOMER_DAMAGED', 'customer_damage'],
    ['finding', 'CARRIER_DAMAGED', 'transit_damage'],
    ['finding', 'Defective', 'confirmed_defect'],
    ['finding', 'NFF', 'no_fault_found'],
    ['condition', 'Like-New', 'B'],
    ['condition', 'NEW', 'A'],
    ['condition', 'grade_c', 'C'],
    ['disposition', 'RTV', 'vendor_claim'],
    ['disposition', 'ReturnToStock', 'restock'],
    ['disposition', 'DISPOSE', 'scrap'],
  ] as const)('%s %s: %s', (list, outside, code) => {
    expect(suggestCode(list, outside)?.code).toBe(code)
  })

  it.each(['X17', '0042', 'ZZ_TOP', '返品'])('%s: none, rather than a wrong one', (outside) => {
    expect(suggestCode('reason', outside)).toBeUndefined()
  })

  it('every standard code is its own best suggestion, however it is spelled', () => {
    for (const list of MAPPED_LIST_NAMES)
      for (const code of MAPPED_LISTS[list])
        for (const spelled of [code, code.toUpperCase(), code.replaceAll('_', ' '), code.replaceAll('_', '-')])
          expect(suggestCode(list, spelled)).toEqual({ code, likeness: 1 })
  })

  it('is of the list, between 0 and 1, and the same every time, for any text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MAPPED_LIST_NAMES),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        (list, outside) => {
          const first = suggestCode(list, outside)
          expect(suggestCode(list, outside)).toEqual(first)
          if (!first) return
          expect(MAPPED_LISTS[list]).toContain(first.code)
          expect(first.likeness).toBeGreaterThan(0)
          expect(first.likeness).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})
