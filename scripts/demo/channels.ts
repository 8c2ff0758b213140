import { Weighted } from './prng'

export const CHANNELS = ['web-eu', 'web-us', 'wholesale', 'amazon-de'] as const
export type ChannelId = (typeof CHANNELS)[number]

export interface Country {
  code: string
  weight: number
  /** Value added or sales tax in thousandths, inside consumer prices. */
  tax: number
  currency: string
}
export interface Channel {
  id: ChannelId
  index: number
  entity: string
  /** Where its sales and payments are told by. */
  source: string
  payments: string
  /** Letter that its document numbers begin with. */
  letter: string
  /** Order lines of an average day at scale 1, and lines of an average order. */
  lines: number
  linesPerOrder: number
  /** Return rate against the company's own shop (domain.md §5.2). */
  returns: number
  customers: number
  countries: Weighted<Country>
  categories: Weighted<CategoryId>
}

export const CATEGORIES = ['apparel', 'footwear', 'electronics', 'home', 'beauty'] as const
export type CategoryId = (typeof CATEGORIES)[number]

const countries = (...rows: [string, number, number, string][]) =>
  new Weighted(
    rows.map(([code, weight, tax, currency]): Country => ({ code, weight, tax, currency })),
    (country) => country.weight,
  )

const mix = (apparel: number, footwear: number, electronics: number, home: number, beauty: number) =>
  Weighted.from<CategoryId>({ apparel, footwear, electronics, home, beauty })

export const CHANNEL: Record<ChannelId, Channel> = {
  'web-eu': {
    id: 'web-eu',
    index: 0,
    entity: 'acme-eu',
    source: '/shopify/acme-eu',
    payments: '/psp/stripe',
    letter: 'E',
    lines: 505,
    linesPerOrder: 1.7,
    returns: 1,
    customers: 96_000,
    countries: countries(
      ['DE', 34, 190, 'EUR'],
      ['NL', 20, 210, 'EUR'],
      ['FR', 15, 200, 'EUR'],
      ['BE', 8, 210, 'EUR'],
      ['AT', 7, 200, 'EUR'],
      ['PL', 16, 230, 'PLN'],
    ),
    categories: mix(16, 8, 15, 30, 31),
  },
  'web-us': {
    id: 'web-us',
    index: 1,
    entity: 'acme-us',
    source: '/shopify/acme-us',
    payments: '/psp/stripe',
    letter: 'U',
    lines: 300,
    linesPerOrder: 1.6,
    returns: 1,
    customers: 61_000,
    countries: countries(['US', 1, 70, 'USD']),
    categories: mix(17, 8, 16, 28, 31),
  },
  wholesale: {
    id: 'wholesale',
    index: 2,
    entity: 'acme-eu',
    source: '/b2b/orders',
    payments: '/backhaul/workflow',
    letter: 'W',
    lines: 17,
    linesPerOrder: 4,
    returns: 0.35,
    customers: 140,
    countries: countries(
      ['GB', 34, 0, 'GBP'],
      ['DE', 26, 0, 'EUR'],
      ['NL', 16, 0, 'EUR'],
      ['PL', 14, 0, 'PLN'],
      ['FR', 10, 0, 'EUR'],
    ),
    categories: mix(30, 18, 10, 22, 20),
  },
  'amazon-de': {
    id: 'amazon-de',
    index: 3,
    entity: 'acme-eu',
    source: '/amazon/de',
    payments: '/amazon/de',
    letter: 'A',
    lines: 273,
    linesPerOrder: 1.25,
    returns: 0.8,
    customers: 74_000,
    countries: countries(['DE', 88, 190, 'EUR'], ['AT', 12, 200, 'EUR']),
    categories: mix(10, 6, 23, 32, 29),
  },
}

/** Price lists are made in euros and kept in round numbers of each currency. */
export const PRICE_FACTOR: Record<string, number> = { EUR: 1, USD: 1.09, GBP: 0.86, PLN: 4.28 }
