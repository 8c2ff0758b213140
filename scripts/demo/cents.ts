/**
 * The simulator's money: whole cents in an integer `number` (exact far beyond any amount here). Shares are rounded to whole cents
 * at once, so that what leaves the simulator adds up to the cent.
 */
export const share = (cents: number, part: number, whole: number): number => Math.round((cents * part) / whole)

/** `1234` → `12.34`, as the contract wants amounts. */
export function amountText(cents: number): string {
  const size = Math.abs(cents)
  const whole = Math.floor(size / 100)
  return (cents < 0 ? '-' : '') + whole + (FRACTION[size - whole * 100] ?? '')
}

/** The tax inside a gross amount at a rate in thousandths (190 = 19 %). */
export const taxInside = (gross: number, rate: number): number => Math.round((gross * rate) / (1000 + rate))
const FRACTION = Array.from({ length: 100 }, (_, number) => `.${String(number).padStart(2, '0')}`)
