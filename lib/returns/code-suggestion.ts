import { MAPPED_LISTS, type MappedList } from './code-map'

/** Words that outside systems use for what a code says; each is one word of the code's own name or meaning. */
const SAYS: Readonly<Record<MappedList, Readonly<Record<string, readonly string[]>>>> = {
  reason: {
    too_small: ['small', 'tight', 'short', 'narrow', 'size too small'],
    too_large: ['large', 'big', 'loose', 'long', 'wide', 'size too large'],
    not_as_described: [
      'different',
      'description',
      'described',
      'inaccurate',
      'misleading',
      'picture',
      'colour',
      'color',
      'style',
    ],
    defective: ['defect', 'faulty', 'broken', 'malfunction', 'dead', 'not working', 'does not work'],
    damaged_in_transit: ['damaged', 'damage', 'carrier', 'transit', 'shipping damage', 'crushed', 'damaged by carrier'],
    wrong_item: ['wrong', 'incorrect', 'switcheroo', 'mis ship', 'other item'],
    missing_part: ['missing', 'parts', 'accessory', 'accessories', 'incomplete'],
    arrived_late: ['late', 'delay', 'delayed', 'missed delivery', 'never arrived'],
    changed_mind: [
      'unwanted',
      'mind',
      'no longer needed',
      'no longer wanted',
      'remorse',
      'accident',
      'mistake',
      'ordered wrong',
    ],
    better_price: ['price', 'cheaper', 'found better price'],
    quality: ['quality', 'poor', 'unacceptable', 'cheap material'],
    allergic_reaction: ['allergy', 'allergic', 'skin', 'irritation'],
    gift: ['present', 'unwanted gift'],
    undeliverable: ['undeliverable', 'address', 'unclaimed', 'insufficient', 'undelivered'],
    refused: ['reject', 'rejected', 'declined', 'not accepted'],
    warranty: ['guarantee', 'repair'],
    recall: ['recalled', 'safety'],
    other: ['misc', 'unknown', 'none', 'na', 'unspecified'],
  },
  finding: {
    confirmed_defect: ['defect', 'defective', 'faulty', 'broken', 'not working'],
    no_fault_found: ['nff', 'no defect', 'works', 'tested ok', 'no problem'],
    customer_damage: ['customer', 'misuse', 'user damage', 'customer damaged'],
    transit_damage: ['carrier', 'shipping', 'carrier damaged', 'transport'],
    used: ['worn', 'washed', 'wear', 'signs of use'],
    incomplete: ['missing', 'parts missing', 'accessory'],
    wrong_item_returned: ['wrong', 'other item', 'switched', 'different item'],
    empty_box: ['empty', 'no item', 'nothing inside'],
    counterfeit: ['fake', 'imitation'],
    expired: ['expiry', 'past date', 'out of date'],
    packaging_only: ['packaging', 'box damaged', 'carton'],
    as_new: ['new', 'sellable', 'unopened', 'ok', 'good'],
  },
  condition: {
    A: ['new', 'sealed', 'unopened', 'grade a', 'a', '1', 'new sealed'],
    B: ['open', 'opened', 'like new', 'as new', 'grade b', 'b', '2', 'open box'],
    C: ['used', 'worn', 'minor', 'good', 'grade c', 'c', '3', 'minor wear'],
    D: ['damaged', 'faulty', 'defective', 'poor', 'grade d', 'd', '4'],
    E: ['unusable', 'destroyed', 'scrap', 'grade e', 'e', '5'],
  },
  disposition: {
    restock: ['sellable', 'resell', 'return to stock', 'put away', 'shelf', 'rts'],
    refurbish: ['repair', 'rework', 'refurb', 'rf', 'clean'],
    quarantine: ['hold', 'block', 'blocked', 'review'],
    vendor_claim: ['vendor', 'supplier', 'rtv', 'return to vendor', 'rv'],
    liquidate: ['liquidation', 'salvage', 'auction', 'outlet', 'sell off', 'sl'],
    scrap: ['dispose', 'destroy', 'disposal', 'recycle', 'trash', 'sc', 'unsellable'],
    donate: ['charity', 'donation', 'give away', 'dc'],
    return_to_customer: ['customer', 'send back', 'rtc', 'return to sender'],
  },
}

/** What systems put before or after a code and that says nothing. */
const NOISE = new Set([
  'reason',
  'return',
  'returned',
  'code',
  'cr',
  'item',
  'product',
  'rma',
  'amzn',
  'the',
  'is',
  'was',
])

/** The words of a code in whatever spelling: `SizeTooSmall`, `SIZE_TOO_SMALL` and `size-too-small` are the same three. */
export function wordsOf(code: string): string[] {
  return code
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}

/** Pairs of neighbouring letters, the measure of two words that are spelled alike. */
const pairs = (word: string): string[] =>
  word.length < 2 ? [word] : Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2))

/** Dice's coefficient of the letter pairs of two words: 1 when equal, 0 when nothing is shared. */
function alike(a: string, b: string): number {
  if (a === b) return 1
  const rest = pairs(b)
  const total = pairs(a).length + rest.length
  let shared = 0
  for (const pair of pairs(a)) {
    const at = rest.indexOf(pair)
    if (at === -1) continue
    rest.splice(at, 1)
    shared += 1
  }
  return (2 * shared) / total
}

/** How well words cover other words, both ways: the mean of the best match of each. */
function closeness(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const best = (word: string, others: readonly string[]) => Math.max(...others.map((other) => alike(word, other)))
  const sum = (words: readonly string[], others: readonly string[]) =>
    words.reduce((total, word) => total + best(word, others), 0)
  return (sum(a, b) + sum(b, a)) / (a.length + b.length)
}

/** Below this two names have little in common: no suggestion is better than a wrong one. */
const LEAST = 0.62

export interface Suggestion {
  readonly code: string
  /** 0 to 1: how alike the names are. */
  readonly likeness: number
}

/**
 * The standard code that an outside one most likely means, by its words alone: the same code gets the same suggestion everywhere. Undefined when
 * none is near. A person decides; this only saves looking.
 */
export function suggestCode(list: MappedList, outside: string): Suggestion | undefined {
  const all = wordsOf(outside)
  const telling = all.filter((word) => !NOISE.has(word))
  let found: Suggestion | undefined
  for (const code of MAPPED_LISTS[list]) {
    const names = [code, ...(SAYS[list][code] ?? [])].map(wordsOf)
    const likeness = Math.max(...names.map((name) => Math.max(closeness(all, name), closeness(telling, name))))
    // Of two that are as near, the first of the list: the answer never depends on anything but the code.
    if (likeness >= LEAST && likeness > (found?.likeness ?? 0)) found = { code, likeness }
  }
  return found
}
