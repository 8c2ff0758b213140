import type { Condition, Disposition } from './codes'

/** A class of goods with rules of its own. The database holds the allowed dispositions in a trigger; nobody's role goes past it. */
export interface GoodsClass {
  readonly label: string
  /** By condition, '*' for every other one. */
  readonly allowed: Readonly<Partial<Record<Condition | '*', readonly Disposition[]>>>
  /** What must be written down at the inspection. */
  readonly serial: boolean
  readonly lot: boolean
  /** Whether money may go before somebody has looked. */
  readonly refundBeforeInspection: boolean
  /** Carriers may not fly it when it is damaged. */
  readonly groundOnly: boolean
  /** A certificate must be kept when it is scrapped. */
  readonly disposalCertificate: boolean
}

const ANY: readonly Disposition[] = [
  'restock',
  'refurbish',
  'quarantine',
  'vendor_claim',
  'liquidate',
  'scrap',
  'donate',
  'return_to_customer',
]
const NOT_SOLD_AGAIN: readonly Disposition[] = ['quarantine', 'vendor_claim', 'scrap', 'return_to_customer']

const plain = { serial: false, lot: false, refundBeforeInspection: true, groundOnly: false, disposalCertificate: false }

/** reliability.md §7.4. Opened cosmetics and food can never become sellable; damaged lithium is kept apart or destroyed; a class that nobody knows is quarantined. */
export const GOODS_CLASSES = {
  none: { ...plain, label: 'No restriction', allowed: { '*': ANY } },
  lithium_battery: {
    ...plain,
    label: 'Lithium battery',
    allowed: { A: ANY, B: ANY, C: ANY, D: ['quarantine', 'vendor_claim', 'scrap'], E: ['quarantine', 'scrap'] },
    refundBeforeInspection: false,
    groundOnly: true,
    disposalCertificate: true,
  },
  aerosol_flammable: {
    ...plain,
    label: 'Aerosol or flammable',
    allowed: { A: ANY, '*': ['quarantine', 'vendor_claim', 'scrap'] },
    groundOnly: true,
    disposalCertificate: true,
  },
  cosmetic_hygiene: {
    ...plain,
    label: 'Cosmetics and hygiene',
    allowed: { A: ANY, '*': NOT_SOLD_AGAIN },
    lot: true,
  },
  food_supplement: { ...plain, label: 'Food and supplements', allowed: { A: ANY, '*': NOT_SOLD_AGAIN }, lot: true },
  health_device: {
    ...plain,
    label: 'Health device',
    allowed: {
      A: ANY,
      B: ['refurbish', 'quarantine', 'vendor_claim', 'scrap', 'return_to_customer'],
      '*': NOT_SOLD_AGAIN,
    },
    lot: true,
    refundBeforeInspection: false,
  },
  recalled: {
    ...plain,
    label: 'Recalled',
    allowed: { '*': ['quarantine', 'vendor_claim', 'scrap'] },
    lot: true,
    disposalCertificate: true,
  },
  age_restricted: { ...plain, label: 'Age restricted', allowed: { A: ANY, '*': NOT_SOLD_AGAIN } },
  serialised_electronics: {
    ...plain,
    label: 'Serialised electronics',
    allowed: { '*': ANY },
    serial: true,
    refundBeforeInspection: false,
  },
} as const satisfies Record<string, GoodsClass>

export type GoodsClassId = keyof typeof GOODS_CLASSES
export const isGoodsClass = (value: string): value is GoodsClassId => Object.hasOwn(GOODS_CLASSES, value)

/** A class that is not known is treated as the most careful one. */
export const goodsClass = (id: string): GoodsClass =>
  isGoodsClass(id)
    ? GOODS_CLASSES[id]
    : { ...GOODS_CLASSES.recalled, label: `Unknown class ${id}`, allowed: { '*': ['quarantine'] } }

/** What may become of goods of a class in a condition. */
export const allowedDispositions = (id: string, condition: Condition): readonly Disposition[] => {
  const { allowed } = goodsClass(id)
  return allowed[condition] ?? allowed['*'] ?? ['quarantine']
}
