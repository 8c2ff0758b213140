// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import type { DecisionTable } from '../policy'

/**
 * What becomes of an inspected unit, as it is delivered: version 1 of the policy `disposition`. `value` is the cost of one piece in the
 * reporting currency; `before` is the disposition that it has now ('' at the first decision), so that what was only parked (refurbished,
 * quarantined, waiting for its supplier) gets its final answer from the same table. `stage` says which of the two it is.
 */
export const DISPOSITION_TABLE: DecisionTable = {
  inputs: [
    'goods_class',
    'condition',
    'finding',
    'category',
    'covered',
    'serial_match',
    'accessories_complete',
    'value',
    'before',
  ],
  outputs: ['disposition', 'stage'],
  rows: [
    {
      id: 'counterfeit',
      note: 'A counterfeit is evidence: it is kept apart until compliance has decided.',
      when: { finding: { in: ['counterfeit'] }, before: { not: ['quarantine'] } },
      then: { disposition: 'quarantine', stage: 'interim' },
    },
    {
      id: 'counterfeit-end',
      note: 'A counterfeit is destroyed, never passed on.',
      when: { finding: { in: ['counterfeit'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'empty-box',
      note: 'There is nothing but packaging.',
      when: { finding: { in: ['empty_box'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'foreign-serial',
      note: 'The serial is not the one that was shipped: kept apart until the conflict is resolved.',
      when: { serial_match: { is: false }, before: { not: ['quarantine'] } },
      then: { disposition: 'quarantine', stage: 'interim' },
    },
    {
      id: 'wrong-item',
      note: 'It is not ours to sell: it goes back to who sent it.',
      when: { finding: { in: ['wrong_item_returned'] } },
      then: { disposition: 'return_to_customer', stage: 'final' },
    },
    {
      id: 'recalled-claim',
      note: 'Recalled goods go back to a supplier who answers for them.',
      when: { goods_class: { in: ['recalled'] }, covered: { is: true }, before: { in: ['quarantine'] } },
      then: { disposition: 'vendor_claim', stage: 'interim' },
    },
    {
      id: 'recalled-first',
      note: 'Recalled goods are kept apart first.',
      when: { goods_class: { in: ['recalled'] }, before: { in: [''] } },
      then: { disposition: 'quarantine', stage: 'interim' },
    },
    {
      id: 'recalled-end',
      note: 'Recalled goods that no supplier takes are destroyed.',
      when: { goods_class: { in: ['recalled'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'expired',
      note: 'Past its date.',
      when: { finding: { in: ['expired'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'damaged-battery',
      note: 'A damaged battery is kept apart in the fire-safe zone first.',
      when: { goods_class: { in: ['lithium_battery'] }, condition: { in: ['D', 'E'] }, before: { in: [''] } },
      then: { disposition: 'quarantine', stage: 'interim' },
    },
    {
      id: 'supplier-defect',
      note: 'A confirmed defect that the supplier agreement covers waits for the supplier.',
      when: {
        finding: { in: ['confirmed_defect'] },
        covered: { is: true },
        before: { not: ['vendor_claim', 'liquidate', 'scrap'] },
      },
      then: { disposition: 'vendor_claim', stage: 'interim' },
    },
    {
      id: 'supplier-refused',
      note: 'The supplier does not take it: sold off while it is worth it.',
      when: { before: { in: ['vendor_claim'] }, condition: { not: ['E'] }, value: { from: 15 } },
      then: { disposition: 'liquidate', stage: 'final' },
    },
    {
      id: 'supplier-refused-low',
      note: 'The supplier does not take it, and it is worth too little to sell off.',
      when: { before: { in: ['vendor_claim'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'hygiene-opened',
      note: 'Opened beauty and food goods are not sold again.',
      when: {
        goods_class: { in: ['cosmetic_hygiene', 'food_supplement'] },
        condition: { not: ['A'] },
      },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'beauty-opened',
      note: 'Opened beauty goods are not sold again.',
      when: { category: { in: ['beauty'] }, condition: { not: ['A'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'unusable',
      note: 'Unusable.',
      when: { condition: { in: ['E'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'refurbished',
      note: 'Refurbished to a grade that sells as new.',
      when: { before: { in: ['refurbish'] }, condition: { in: ['A', 'B'] } },
      then: { disposition: 'restock', stage: 'final' },
    },
    {
      id: 'refurbished-not-new',
      note: 'Refurbishing did not bring it back to a grade that sells as new.',
      when: { before: { in: ['refurbish'] }, value: { from: 10 } },
      then: { disposition: 'liquidate', stage: 'final' },
    },
    {
      id: 'refurbished-low',
      note: 'Refurbishing failed, and it is worth too little to sell off.',
      when: { before: { in: ['refurbish'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
    {
      id: 'sealed',
      note: 'New and sealed: back on the shelf.',
      when: { condition: { in: ['A'] } },
      then: { disposition: 'restock', stage: 'final' },
    },
    {
      id: 'accessories-missing',
      note: 'Complete it while it is worth the work.',
      when: { accessories_complete: { is: false }, value: { from: 40 } },
      then: { disposition: 'refurbish', stage: 'interim' },
    },
    {
      id: 'incomplete',
      note: 'Complete it while it is worth the work.',
      when: { finding: { in: ['incomplete'] }, value: { from: 40 } },
      then: { disposition: 'refurbish', stage: 'interim' },
    },
    {
      id: 'incomplete-low',
      note: 'Parts are missing and the work would cost more than it brings.',
      when: { finding: { in: ['incomplete'] } },
      then: { disposition: 'liquidate', stage: 'final' },
    },
    {
      id: 'as-new',
      note: 'Open but as new: back on the shelf.',
      when: {
        condition: { in: ['B'] },
        finding: { in: ['as_new', 'no_fault_found', 'packaging_only', 'used'] },
      },
      then: { disposition: 'restock', stage: 'final' },
    },
    {
      id: 'worth-refurbishing',
      note: 'Worth the work of making it good again.',
      when: { condition: { in: ['B', 'C'] }, value: { from: 30 } },
      then: { disposition: 'refurbish', stage: 'interim' },
    },
    {
      id: 'charity',
      note: 'Wearable, and worth less than selling it off would cost.',
      when: { category: { in: ['apparel', 'footwear'] }, condition: { in: ['B', 'C'] }, value: { to: 8 } },
      then: { disposition: 'donate', stage: 'final' },
    },
    {
      id: 'minor-wear',
      note: 'Worn, and not worth the work: sold off.',
      when: { condition: { in: ['B', 'C'] } },
      then: { disposition: 'liquidate', stage: 'final' },
    },
    {
      id: 'repairable',
      note: 'Damaged, and still worth a repair.',
      when: { condition: { in: ['D'] }, value: { from: 80 } },
      then: { disposition: 'refurbish', stage: 'interim' },
    },
    {
      id: 'damaged-saleable',
      note: 'Damaged: sold off as it is.',
      when: { condition: { in: ['D'] }, value: { from: 15 } },
      then: { disposition: 'liquidate', stage: 'final' },
    },
    {
      id: 'damaged-low',
      note: 'Damaged, and worth too little to sell off.',
      when: { condition: { in: ['D'] } },
      then: { disposition: 'scrap', stage: 'final' },
    },
  ],
}
