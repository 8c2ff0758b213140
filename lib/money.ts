/**
 * Money is an integer count of 1/10,000 of a currency's main unit, held in a bigint: every amount of the contract
 * (at most four decimals) is exact, in every currency. `Units` never mixes with `number`.
 */
export type Units = bigint & { readonly __money: never }

const SCALE = 10_000n
/** Largest magnitude accepted at the border: 10^12 main units. Sums of 9 * 10^2 of these still fit 64 bits; sums are 128 bits wide. */
export const MAX_UNITS = 1_000_000_000_000n * SCALE
const DECIMAL = /^(-?)(\d{1,13})(?:\.(\d{1,4}))?$/

export const units = (value: bigint): Units => value as Units

/** Reads a decimal string or a JSON number with at most four decimals; `undefined` when it is not one. */
export function parseAmount(value: string | number): Units | undefined {
  const match = DECIMAL.exec(typeof value === 'number' ? plain(value) : value)
  if (!match) return undefined
  const whole = BigInt(match[2] ?? '0') * SCALE + BigInt((match[3] ?? '').padEnd(4, '0'))
  if (whole > MAX_UNITS) return undefined
  return units(match[1] ? -whole : whole)
}

/** A number as JSON wrote it, without an exponent; numbers that need one do not match an amount. */
const plain = (value: number): string => (Number.isFinite(value) ? String(value) : '')

/** As a decimal string with exactly `decimals` places (0 to 4), rounded half to even. */
export function formatUnits(value: bigint, decimals = 4): string {
  const rounded = divideHalfEven(value, 10n ** BigInt(4 - decimals))
  const sign = rounded < 0n ? '-' : ''
  const digits = (rounded < 0n ? -rounded : rounded).toString().padStart(decimals + 1, '0')
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** For charts and JSON: the nearest double. Exact to the cent up to 9 * 10^13 main units. */
export const toNumber = (value: bigint): number => Number(value) / 10_000

/** Integer division rounded to nearest, ties to even. `divisor` must be positive. */
export function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  const rest = value % divisor
  const twice = (rest < 0n ? -rest : rest) * 2n
  const away = twice > divisor || (twice === divisor && quotient % 2n !== 0n)
  return away ? quotient + (value < 0n ? -1n : 1n) : quotient
}

/** Rates are counts of 1/10^10 (PostgreSQL `numeric(20,10)`); rounded once, half to even. */
export const RATE_SCALE = 10_000_000_000n
export const convert = (amount: bigint, rate: bigint): Units => units(divideHalfEven(amount * rate, RATE_SCALE))

/**
 * Splits `total` in proportion to `weights` (non-negative) by largest remainder, so that the parts add up to `total`
 * exactly; ties go to the earlier part. With no weight at all the first part takes everything.
 */
export function allocate(total: bigint, weights: readonly bigint[]): Units[] {
  const sum = weights.reduce((a, b) => a + b, 0n)
  if (weights.length === 0) return []
  if (sum === 0n) return weights.map((_, index) => units(index === 0 ? total : 0n))
  const sign = total < 0n ? -1n : 1n
  const size = total * sign
  const parts = weights.map((weight) => (size * weight) / sum)
  const byRemainder = weights
    .map((weight, index) => ({ index, rest: (size * weight) % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  let left = size - parts.reduce((a, b) => a + b, 0n)
  for (const { index } of byRemainder) {
    if (left === 0n) break
    parts[index] = (parts[index] ?? 0n) + 1n
    left -= 1n
  }
  return parts.map((part) => units(part * sign))
}

/** The smaller of two amounts. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** The larger of two amounts. */
export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

/** Currencies whose smallest unit is not a hundredth (ISO 4217). */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
}

/** The smallest amount of a currency that can be paid, in 1/10,000: 100 for a cent. */
export const smallestUnit = (currency: string): bigint => 10n ** BigInt(4 - (DECIMALS[currency] ?? 2))
