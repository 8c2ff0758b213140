import type { Journey } from './case'
import type { Wanted } from './orders'

/** Cases alike: which order lines they are made of, and how far they have come. */
export interface Group {
  readonly lines: Wanted
  readonly journey: Journey
}

const SOLD_LATELY = [4, 24] as const

/** What lies on whose desk on the first day, by what the policies as delivered make of it; each group is one sentence of the story. */
export const GROUPS: readonly Group[] = [
  // The service desk decides: dear goods, two weeks late, trade customers.
  {
    lines: { days: SOLD_LATELY, price: [500, 2_000], categories: ['electronics', 'home'], count: 3 },
    journey: { reason: 'not_as_described', until: 'asked' },
  },
  { lines: { days: [31, 43], count: 3 }, journey: { reason: 'changed_mind', until: 'asked' } },
  {
    lines: { channel: 'wholesale', days: [4, 50], price: [5, 900], count: 2 },
    journey: { reason: 'changed_mind', until: 'asked' },
  },
  // On the inspector's bench; what is paid on receipt waits for an approver already, the larger ones for level 2.
  { lines: { days: SOLD_LATELY, price: [15, 45], count: 6 }, journey: { reason: 'too_small', until: 'received' } },
  { lines: { days: SOLD_LATELY, price: [60, 200], count: 5 }, journey: { reason: 'too_large', until: 'received' } },
  { lines: { days: SOLD_LATELY, price: [255, 480], count: 2 }, journey: { reason: 'changed_mind', until: 'received' } },
  {
    lines: { days: SOLD_LATELY, price: [40, 480], categories: ['electronics'], count: 3 },
    journey: { reason: 'defective', until: 'received' },
  },
  // Inspected: the disposition lead decides what becomes of it.
  {
    lines: { days: SOLD_LATELY, price: [20, 150], count: 4 },
    journey: { reason: 'changed_mind', until: 'inspected', condition: 'B' },
  },
  {
    lines: { days: SOLD_LATELY, price: [20, 150], count: 3 },
    journey: { reason: 'quality', until: 'inspected', condition: 'D', finding: 'confirmed_defect' },
  },
  {
    lines: { days: SOLD_LATELY, price: [40, 300], categories: ['electronics'], count: 2 },
    journey: { reason: 'defective', until: 'inspected', condition: 'C', finding: 'no_fault_found' },
  },
  // Done, but for the money where it is much.
  { lines: { days: SOLD_LATELY, price: [15, 45], count: 8 }, journey: { reason: 'too_small', until: 'decided' } },
  {
    lines: { days: SOLD_LATELY, price: [60, 240], count: 4 },
    journey: { reason: 'quality', until: 'decided', condition: 'D', finding: 'confirmed_defect' },
  },
  {
    lines: { days: SOLD_LATELY, price: [15, 45], count: 2 },
    journey: { reason: 'too_small', returnType: 'store_credit', until: 'decided' },
  },
  {
    lines: { days: SOLD_LATELY, price: [15, 45], count: 2 },
    journey: { reason: 'too_small', returnType: 'exchange', until: 'decided' },
  },
]
