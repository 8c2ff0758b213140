import type { Condition, Disposition, Finding, Reason } from '../../lib/returns/codes'
import type { CategoryId } from './channels'
import { Weighted } from './prng'

/**
 * How each category behaves: the figures of the field for return rates, reasons, findings and what becomes of the goods.
 * `docs/demo-company.md` names where they come from; the tests hold the outcome against them.
 */
export interface CategoryRates {
  /** Share of pieces that come back in the company's own shop. */
  rate: number
  reasons: Weighted<Reason>
  /** What is done with goods by what the inspector found. */
  dispositions: Partial<Record<Finding, Weighted<Disposition>>> & { as_new: Weighted<Disposition> }
  /** Minutes that an inspection takes, median; a functional test is in it. */
  minutes: number
}

const reasons = (table: Partial<Record<Reason, number>>) => Weighted.from<Reason>(table)
const fate = (table: Partial<Record<Disposition, number>>) => Weighted.from<Disposition>(table)

const WEAR_FATES = {
  as_new: fate({ restock: 98.5, liquidate: 0.8, refurbish: 0.7 }),
  no_fault_found: fate({ restock: 94, refurbish: 4, liquidate: 2 }),
  packaging_only: fate({ restock: 82, refurbish: 16, liquidate: 2 }),
  used: fate({ refurbish: 62, liquidate: 22, donate: 10, return_to_customer: 6 }),
  customer_damage: fate({ refurbish: 42, liquidate: 22, scrap: 26, return_to_customer: 10 }),
  transit_damage: fate({ refurbish: 46, liquidate: 26, scrap: 28 }),
  incomplete: fate({ refurbish: 44, liquidate: 44, scrap: 12 }),
  confirmed_defect: fate({ refurbish: 34, vendor_claim: 28, liquidate: 16, scrap: 22 }),
  wrong_item_returned: fate({ quarantine: 70, restock: 30 }),
  empty_box: fate({ scrap: 100 }),
  counterfeit: fate({ quarantine: 100 }),
}

export const RATES: Record<CategoryId, CategoryRates> = {
  apparel: {
    rate: 0.28,
    reasons: reasons({
      too_small: 27,
      too_large: 19,
      changed_mind: 17,
      not_as_described: 12,
      quality: 6,
      defective: 3,
      wrong_item: 5,
      damaged_in_transit: 4,
      arrived_late: 3,
      other: 4,
    }),
    dispositions: WEAR_FATES,
    minutes: 1.6,
  },
  footwear: {
    rate: 0.27,
    reasons: reasons({
      too_small: 29,
      too_large: 20,
      changed_mind: 16,
      not_as_described: 11,
      quality: 6,
      defective: 4,
      wrong_item: 4,
      damaged_in_transit: 3,
      arrived_late: 3,
      other: 4,
    }),
    dispositions: WEAR_FATES,
    minutes: 1.9,
  },
  electronics: {
    rate: 0.12,
    reasons: reasons({
      defective: 27,
      not_as_described: 28,
      changed_mind: 20,
      better_price: 2,
      damaged_in_transit: 8,
      missing_part: 6,
      wrong_item: 4,
      other: 5,
    }),
    dispositions: {
      as_new: fate({ restock: 74, refurbish: 23.5, liquidate: 2.5 }),
      no_fault_found: fate({ restock: 60, refurbish: 36, liquidate: 4 }),
      packaging_only: fate({ restock: 40, refurbish: 52, liquidate: 8 }),
      used: fate({ refurbish: 72, liquidate: 22, return_to_customer: 6 }),
      customer_damage: fate({ refurbish: 44, liquidate: 24, scrap: 20, return_to_customer: 12 }),
      transit_damage: fate({ refurbish: 58, liquidate: 24, scrap: 18 }),
      incomplete: fate({ refurbish: 68, liquidate: 26, scrap: 6 }),
      confirmed_defect: fate({ vendor_claim: 78, refurbish: 12, scrap: 6, liquidate: 4 }),
      wrong_item_returned: fate({ quarantine: 90, liquidate: 10 }),
      empty_box: fate({ scrap: 100 }),
      counterfeit: fate({ quarantine: 100 }),
    },
    minutes: 5,
  },
  home: {
    rate: 0.09,
    reasons: reasons({
      damaged_in_transit: 22,
      not_as_described: 20,
      changed_mind: 18,
      better_price: 2,
      too_small: 6,
      too_large: 6,
      defective: 12,
      missing_part: 6,
      wrong_item: 4,
      other: 4,
    }),
    dispositions: {
      as_new: fate({ restock: 81, refurbish: 13, liquidate: 6 }),
      no_fault_found: fate({ restock: 72, refurbish: 18, liquidate: 10 }),
      packaging_only: fate({ restock: 56, refurbish: 30, liquidate: 14 }),
      used: fate({ refurbish: 34, liquidate: 46, donate: 12, scrap: 8 }),
      customer_damage: fate({ refurbish: 20, liquidate: 38, scrap: 36, return_to_customer: 6 }),
      transit_damage: fate({ refurbish: 26, liquidate: 38, scrap: 30, vendor_claim: 6 }),
      incomplete: fate({ refurbish: 46, liquidate: 44, scrap: 10 }),
      confirmed_defect: fate({ vendor_claim: 64, refurbish: 10, liquidate: 14, scrap: 12 }),
      wrong_item_returned: fate({ quarantine: 60, restock: 40 }),
      empty_box: fate({ scrap: 100 }),
      counterfeit: fate({ quarantine: 100 }),
    },
    minutes: 3.2,
  },
  beauty: {
    rate: 0.06,
    reasons: reasons({
      changed_mind: 30,
      not_as_described: 20,
      damaged_in_transit: 15,
      allergic_reaction: 10,
      wrong_item: 8,
      better_price: 6,
      quality: 4,
      arrived_late: 3,
      other: 4,
    }),
    dispositions: {
      as_new: fate({ restock: 76, scrap: 16, donate: 8 }),
      no_fault_found: fate({ restock: 66, scrap: 34 }),
      packaging_only: fate({ restock: 30, scrap: 46, donate: 24 }),
      used: fate({ scrap: 96, return_to_customer: 4 }),
      customer_damage: fate({ scrap: 96, return_to_customer: 4 }),
      transit_damage: fate({ scrap: 98, vendor_claim: 2 }),
      incomplete: fate({ scrap: 100 }),
      expired: fate({ scrap: 88, vendor_claim: 12 }),
      confirmed_defect: fate({ scrap: 42, vendor_claim: 58 }),
      wrong_item_returned: fate({ quarantine: 60, restock: 40 }),
      empty_box: fate({ scrap: 100 }),
      counterfeit: fate({ quarantine: 100 }),
    },
    minutes: 1.3,
  },
}

const found = (table: Partial<Record<Finding, number>>) => Weighted.from<Finding>(table)
const FINE = found({
  as_new: 76,
  no_fault_found: 2,
  packaging_only: 5,
  used: 9,
  customer_damage: 3.5,
  transit_damage: 1.4,
  incomplete: 1.6,
  confirmed_defect: 0.6,
  wrong_item_returned: 0.5,
  empty_box: 0.2,
  counterfeit: 0.08,
})
const BROKEN = found({ confirmed_defect: 58, no_fault_found: 27, customer_damage: 8, as_new: 4, used: 3 })

/** What the inspector finds, by what the customer said: 78 of 100 findings bear the reason out. */
export const FINDINGS_BY_REASON: Partial<Record<Reason, Weighted<Finding>>> & { other: Weighted<Finding> } = {
  defective: BROKEN,
  warranty: found({ confirmed_defect: 70, no_fault_found: 18, customer_damage: 12 }),
  recall: found({ confirmed_defect: 62, no_fault_found: 30, as_new: 8 }),
  quality: found({ confirmed_defect: 50, as_new: 32, used: 10, no_fault_found: 8 }),
  damaged_in_transit: found({ transit_damage: 74, customer_damage: 10, as_new: 8, packaging_only: 8 }),
  missing_part: found({ incomplete: 76, as_new: 18, no_fault_found: 6 }),
  wrong_item: found({ as_new: 84, packaging_only: 8, used: 5, wrong_item_returned: 3 }),
  allergic_reaction: found({ used: 90, as_new: 8, expired: 2 }),
  undeliverable: found({ as_new: 80, packaging_only: 12, transit_damage: 8 }),
  refused: found({ as_new: 84, packaging_only: 12, transit_damage: 4 }),
  other: FINE,
}

const grade = (table: Partial<Record<Condition, number>>) => Weighted.from<Condition>(table)
export const CONDITION_OF: Record<Finding, Weighted<Condition>> = {
  as_new: grade({ A: 58, B: 42 }),
  no_fault_found: grade({ A: 10, B: 80, C: 10 }),
  packaging_only: grade({ B: 86, C: 14 }),
  used: grade({ B: 12, C: 76, D: 12 }),
  customer_damage: grade({ C: 22, D: 64, E: 14 }),
  transit_damage: grade({ C: 22, D: 60, E: 18 }),
  incomplete: grade({ B: 20, C: 70, D: 10 }),
  confirmed_defect: grade({ C: 10, D: 78, E: 12 }),
  wrong_item_returned: grade({ B: 40, C: 40, D: 20 }),
  empty_box: grade({ E: 100 }),
  counterfeit: grade({ C: 30, D: 50, E: 20 }),
  expired: grade({ D: 30, E: 70 }),
}

/** Share of its cost that a restocked piece is still worth, in percent: from, to. */
export const RESTOCK_WORTH: Record<Condition, [number, number]> = {
  A: [100, 100],
  B: [88, 100],
  C: [60, 80],
  D: [45, 65],
  E: [30, 50],
}
/** Share of its cost that a liquidator pays, in percent. */
export const LIQUIDATION_WORTH: Record<Condition, [number, number]> = {
  A: [35, 50],
  B: [28, 45],
  C: [18, 34],
  D: [8, 20],
  E: [2, 8],
}
