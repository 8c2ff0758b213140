// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import type { DecisionTable } from '../policy'

/** Terms of a return that is taken back without conditions; rows change what is different for them. */
const TERMS = {
  returnable: true,
  approval: 'auto',
  release: 'on_receipt',
  method: 'original',
  window_days: 30,
  fee_percent: 0,
  label_fee: 0,
  deduction_c: 0,
  deduction_d: 50,
  deduction_e: 100,
} as const

/**
 * Who may return what, on which terms, as it is delivered: version 1 of the policy `returns`. `price` is the sale value of one piece with tax in
 * the reporting currency, `days` whole days since the sale, `returns_90d` the customer's other returns in 90 days. Percentages are of the value.
 */
export const RETURNS_TABLE: DecisionTable = {
  inputs: [
    'reason',
    'return_type',
    'days',
    'channel',
    'category',
    'segment',
    'country',
    'goods_class',
    'final_sale',
    'price',
    'returns_90d',
  ],
  outputs: Object.keys(TERMS),
  rows: [
    {
      id: 'recall',
      note: 'Recalled goods are always taken back, at once and whole.',
      when: { reason: { in: ['recall'] } },
      then: { ...TERMS, release: 'at_once', window_days: 3650, deduction_d: 0, deduction_e: 0 },
    },
    {
      id: 'abuse',
      note: 'So many returns are looked at by a person, and paid only after an inspection.',
      when: { returns_90d: { from: 12 } },
      then: { ...TERMS, approval: 'manual', release: 'on_inspection' },
    },
    {
      id: 'our-fault',
      note: 'Faulty, damaged, wrong or incomplete: two years, no fee, paid after the inspection has shown it.',
      when: {
        reason: { in: ['defective', 'damaged_in_transit', 'wrong_item', 'missing_part', 'warranty', 'quality'] },
        days: { to: 730 },
      },
      then: { ...TERMS, release: 'on_inspection', window_days: 730, deduction_d: 0 },
    },
    {
      id: 'undelivered',
      note: 'The customer never had it: paid when it is back.',
      when: { reason: { in: ['undeliverable', 'refused'] } },
      then: { ...TERMS, window_days: 3650 },
    },
    {
      id: 'final-sale',
      note: 'Final sale is final, but for faults.',
      when: { final_sale: { is: true } },
      then: { ...TERMS, returnable: false },
    },
    {
      id: 'hygiene',
      note: 'Hygiene goods are paid only when an inspection has found the seal unbroken.',
      when: { goods_class: { in: ['cosmetic_hygiene', 'food_supplement', 'health_device'] }, days: { to: 30 } },
      then: { ...TERMS, release: 'on_inspection', deduction_c: 100, deduction_d: 100 },
    },
    {
      id: 'wholesale',
      note: 'Trade customers: sixty days, fifteen per cent for putting it back.',
      when: { channel: { in: ['wholesale'] }, days: { to: 60 } },
      then: {
        ...TERMS,
        approval: 'manual',
        release: 'on_inspection',
        window_days: 60,
        fee_percent: 15,
        deduction_c: 10,
      },
    },
    {
      id: 'expensive',
      note: 'From 500 on a person decides, and somebody looks first.',
      when: { price: { from: 500 }, days: { to: 30 } },
      then: { ...TERMS, approval: 'manual', release: 'on_inspection', deduction_c: 10 },
    },
    {
      id: 'electronics',
      note: 'Serialised goods are paid after the serial was checked.',
      when: { goods_class: { in: ['serialised_electronics', 'lithium_battery'] }, days: { to: 30 } },
      then: { ...TERMS, release: 'on_inspection', deduction_c: 15 },
    },
    {
      id: 'vip',
      note: 'Best customers: sixty days, paid at the first scan.',
      when: { segment: { in: ['vip'] }, days: { to: 60 } },
      then: { ...TERMS, release: 'on_scan', window_days: 60 },
    },
    {
      id: 'marketplace',
      note: 'The marketplace decides for its customers: thirty days, paid on receipt.',
      when: { channel: { in: ['amazon-de'] }, days: { to: 30 } },
      then: TERMS,
    },
    {
      id: 'standard',
      note: 'Thirty days, free, paid on receipt.',
      when: { days: { to: 30 } },
      then: TERMS,
    },
    {
      id: 'late',
      note: 'Two weeks late: a person decides, and a tenth is kept.',
      when: { days: { to: 44 } },
      then: {
        ...TERMS,
        approval: 'manual',
        release: 'on_inspection',
        window_days: 44,
        fee_percent: 10,
        label_fee: 4.9,
      },
    },
    { id: 'too-late', note: 'The window has closed.', when: {}, then: { ...TERMS, returnable: false } },
  ],
}
