import type { Country } from './channels'
import { Weighted } from './prng'
import { FAILING_CARRIER } from './story'

const EU_WEST = Weighted.from({ paketline: 52, [FAILING_CARRIER]: 34, veloship: 14 })
const EU_EAST = Weighted.from({ kurier24: 58, paketline: 42 })
const US = Weighted.from({ unitrack: 55, blueriver: 45 })
const FREIGHT = Weighted.from({ 'hansa-freight': 100 })

/** Who carries returns of a country; pallets and cartons of trade customers go by freight. */
export function carriersOf(country: Country['code'], wholesale: boolean): Weighted<string> {
  if (wholesale) return FREIGHT
  if (country === 'US') return US
  return country === 'PL' ? EU_EAST : EU_WEST
}

const PREFIX: Record<string, string> = {
  paketline: 'PL',
  veloship: 'VS',
  kurier24: 'K24',
  unitrack: '1U',
  blueriver: 'BR',
  'hansa-freight': 'HF',
}
export const trackingNumber = (carrier: string, number: number): string =>
  `${PREFIX[carrier] ?? 'NP'}${String(number).padStart(11, '0')}`
