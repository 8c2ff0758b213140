import { z } from 'zod'
import { formatUnits } from '../../../lib/money'
import type { Assigned } from './assign'
import { FATE_NAMES, FATES, GROUPS } from './fates'
import type { Share } from './purchases'
import type { InvoiceLine } from './source'

const sum = z.object({ lines: z.number(), units: z.number(), value: z.string() })
/** Lines, pieces and value in GBP (a decimal string). Pieces and values of credit notes and of stock taken away are positive here. */
type Sum = z.infer<typeof sum>

/** What became of every line of the file, and what of it is in Backhaul now. */
export const accountSchema = z.object({
  lines: z.number(),
  fates: z.record(z.enum(FATE_NAMES), sum),
  /** Sales as Backhaul has them: after corrections, without what is no goods. */
  sales: sum,
  /** Credit lines with return units of a known sale, and with one without: their pieces and money. */
  returns: sum,
  returnsWithoutSale: sum,
  /** Pieces by which corrections reduce sales, and what was credited for them. */
  corrections: sum,
  /** Not fates: what is true of some lines beside their fate. */
  notes: z.object({ withoutCustomer: z.number(), repeated: z.number(), withoutCountry: z.number() }),
})
export type Account = z.infer<typeof accountSchema>

class Adder {
  private lines = 0
  private units = 0
  private value = 0n

  /** A line, and how many pieces of it. */
  add(units: number, price: bigint): void {
    this.lines += 1
    this.units += units
    this.value += BigInt(units) * price
  }

  sum(): Sum {
    return { lines: this.lines, units: this.units, value: formatUnits(this.value) }
  }
}

export function accountOf(lines: readonly InvoiceLine[], { fates, credits, cancelled }: Assigned): Account {
  const byFate = new Map(FATE_NAMES.map((fate) => [fate, new Adder()]))
  const [sales, returns, withoutSale, corrections] = [new Adder(), new Adder(), new Adder(), new Adder()]
  const pieces = (shares: readonly Share[]) => shares.reduce((all, { quantity }) => all + quantity, 0)
  for (const [place, line] of lines.entries()) {
    const fate = fates[place]
    if (fate) byFate.get(fate)?.add(Math.abs(line.quantity), line.price)
    if (fate === 'sold' || fate === 'reduced') sales.add(line.quantity - (cancelled.get(place) ?? 0), line.price)
    const credit = credits.get(place)
    if (!credit) continue
    if (credit.corrections.length > 0) corrections.add(pieces(credit.corrections), line.price)
    if (credit.returns.length > 0) returns.add(pieces(credit.returns), line.price)
    if (credit.rest > 0) withoutSale.add(credit.rest, line.price)
  }
  const has = (test: (line: InvoiceLine) => boolean) => lines.filter(test).length
  return accountSchema.parse({
    lines: lines.length,
    fates: Object.fromEntries([...byFate].map(([fate, adder]) => [fate, adder.sum()])),
    sales: sales.sum(),
    returns: returns.sum(),
    returnsWithoutSale: withoutSale.sum(),
    corrections: corrections.sum(),
    notes: {
      withoutCustomer: has(({ customer }) => customer === ''),
      repeated: has(({ repeated }) => repeated),
      withoutCountry: has(({ country }) => country === ''),
    },
  })
}

const WIDTHS = [62, 9, 12, 16] as const

function row(name: string, { lines, units, value }: Sum): string {
  const cells = [lines.toLocaleString('en-US'), units.toLocaleString('en-US'), money(value)]
  return name.padEnd(WIDTHS[0]) + cells.map((cell, at) => cell.padStart(WIDTHS[at + 1] ?? 0)).join('')
}

/** Two decimals, with thousands: the exact value is in the account itself. */
function money(value: string): string {
  const [whole = '', decimals = ''] = formatUnits(unitsOf(value), 2).split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`
}
const unitsOf = (value: string) => BigInt(value.replace('.', ''))

export function total(sums: readonly Sum[]): Sum {
  return {
    lines: sums.reduce((all, { lines }) => all + lines, 0),
    units: sums.reduce((all, { units }) => all + units, 0),
    value: formatUnits(sums.reduce((all, { value }) => all + unitsOf(value), 0n)),
  }
}

/** The account as a table for a person. */
export function printAccount(account: Account): string {
  const out = [
    `${'What became of each line'.padEnd(WIDTHS[0])}${'lines'.padStart(9)}${'pieces'.padStart(12)}${'GBP'.padStart(16)}`,
  ]
  for (const [group, fates] of Object.entries(GROUPS)) {
    out.push(row(group, total(fates.map((fate) => account.fates[fate]))))
    for (const fate of fates) out.push(row(`  ${FATES[fate]}`, account.fates[fate]))
  }
  const all = Object.values(account.fates).reduce((sum, { lines }) => sum + lines, 0)
  out.push(`${'All lines of the file'.padEnd(WIDTHS[0])}${all.toLocaleString('en-US').padStart(WIDTHS[1])}`, '')
  out.push(row('In Backhaul: sales', account.sales))
  out.push(row('In Backhaul: return units of a known sale', account.returns))
  out.push(row('In Backhaul: return units without a sale', account.returnsWithoutSale))
  out.push(row('Corrections: what they take from sales, and the credit for it', account.corrections), '')
  const { withoutCustomer, repeated, withoutCountry } = account.notes
  const say = (n: number) => n.toLocaleString('en-US')
  out.push(
    `Of all lines ${say(withoutCustomer)} name no customer, ${say(withoutCountry)} no country, and ${say(repeated)} repeat a line of their invoice (kept: it bills them).`,
  )
  return out.join('\n')
}
