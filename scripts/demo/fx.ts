import { dateText, dayOf, weekdayOf } from './calendar'
import { Random } from './prng'

/** Euros for one unit of each currency: about where it was, how far a day moves it. */
const CURRENCIES: Record<string, { level: number; step: number }> = {
  GBP: { level: 1.163, step: 0.0028 },
  USD: { level: 0.918, step: 0.0033 },
  PLN: { level: 0.2338, step: 0.0026 },
}
/** The walk begins on this day whatever is asked, so that a day's rate never depends on `today`. 2023-01-02. */
const FIRST_DAY = 19_359

export interface FxRow {
  currency: string
  day: string
  rate: string
  source: string
}

/** Daily reference rates: a walk that is drawn back to its level; no rates at weekends, as central banks publish them. */
export class ForeignExchange {
  private readonly walks = new Map<string, number[]>()
  constructor(private readonly seed: number) {}

  /** Euros for one unit of `currency` on a day (days since the epoch). */
  rate(currency: string, day: number): number {
    const shape = CURRENCIES[currency]
    if (!shape) return 1
    const walk = this.walks.get(currency) ?? []
    this.walks.set(currency, walk)
    while (walk.length <= day - FIRST_DAY) {
      const at = FIRST_DAY + walk.length
      const before = walk.at(-1) ?? shape.level
      const random = new Random(this.seed, 11, currency.charCodeAt(0), at)
      const weekend = weekdayOf(at) === 0 || weekdayOf(at) === 6
      const moved = before * (1 + shape.step * random.normal()) + (shape.level - before) * 0.012
      walk.push(weekend ? before : Math.round(moved * 1e5) / 1e5)
    }
    return walk[Math.max(0, day - FIRST_DAY)] ?? shape.level
  }

  /** Cents of one currency as cents of another on the day of an instant. */
  convert(cents: number, from: string, to: string, at: number): number {
    if (from === to) return cents
    const day = dayOf(at)
    return Math.round((cents * this.rate(from, day)) / this.rate(to, day))
  }

  /** The table for the database: working days from `from` to `to`, both in it, and the first day whatever it is. */
  rows(from: number, to: number): FxRow[] {
    const rows: FxRow[] = []
    for (const currency of Object.keys(CURRENCIES))
      for (let day = from; day <= to; day++)
        if (day === from || (weekdayOf(day) !== 0 && weekdayOf(day) !== 6))
          rows.push({ currency, day: dateText(day), rate: this.rate(currency, day).toFixed(5), source: 'demo' })
    return rows
  }
}
