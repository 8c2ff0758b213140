import type pg from 'pg'
import { env } from '../../env'
import { convert, RATE_SCALE } from '../../money'

/** What one unit of a currency was worth on a day, in 1/10^10 of the reporting currency; undefined for a currency without any rate. */
export type RateOn = (currency: string, day: string) => bigint | undefined

/** Every rate there is, read once: of the day or before it the latest, before the first the first, as everywhere else. */
export async function readRates(client: Pick<pg.ClientBase, 'query'>): Promise<RateOn> {
  const { rows } = await client.query<{ currency: string; day: string; rate: bigint }>(
    'SELECT currency, day, (rate * 10000000000)::bigint AS rate FROM fx_rate ORDER BY currency, day',
  )
  const known = new Map<string, { days: string[]; rates: bigint[] }>()
  for (const { currency, day, rate } of rows) {
    const own = known.get(currency) ?? { days: [], rates: [] }
    if (own.days.length === 0) known.set(currency, own)
    own.days.push(day)
    own.rates.push(rate)
  }
  return (currency, day) => {
    if (currency === env().BACKHAUL_CURRENCY) return RATE_SCALE
    const own = known.get(currency)
    if (!own) return undefined
    let [low, high] = [0, own.days.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((own.days[middle] ?? '') <= day) low = middle + 1
      else high = middle
    }
    return own.rates[Math.max(0, low - 1)]
  }
}

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** An amount in the reporting currency by the rate of a day; nothing is nothing in every currency. */
export function reporting(rateOn: RateOn, amount: bigint, currency: string, day: string): bigint | undefined {
  if (amount === 0n) return 0n
  const rate = rateOn(currency, day)
  return rate === undefined ? undefined : convert(amount, rate)
}

/** Amounts by currency, as a sum in the reporting currency; what has no rate is left out. */
export const reportingSum = (rateOn: RateOn, amounts: Readonly<Record<string, string>> | null, day: string): bigint =>
  Object.entries(amounts ?? {}).reduce(
    (sum, [currency, amount]) => sum + (reporting(rateOn, BigInt(amount), currency, day) ?? 0n),
    0n,
  )
