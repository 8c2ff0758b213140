import { smallestUnit } from '../money'
import { ACCOUNTS, type Position } from './positions'

/** One line of an entry that a person writes: one side of it, in 1/10,000, above zero. */
export interface ManualLine {
  readonly account: string
  readonly debit?: bigint | undefined
  readonly credit?: bigint | undefined
}

/** What is wrong with an entry: which line (from 0), or the whole of it, and what to do. */
export interface ManualFault {
  readonly line?: number
  readonly message: string
}

const KNOWN = new Map<string, { readonly control: string | null }>(
  ACCOUNTS.map(([id, , , control]) => [id, { control }]),
)

/** Accounts that a person may post to: all but those that a sub-ledger keeps, whose entries come from the goods, settlements and claims themselves. */
export const MANUAL_ACCOUNTS: readonly string[] = ACCOUNTS.filter(
  ([, , , control]) => control === null || control === 'cash',
).map(([id]) => id)

/** The entry as differences by account, or everything that is wrong with it. */
export function manualEntry(
  lines: readonly ManualLine[],
  currency: string,
): { readonly position: Position } | { readonly faults: readonly ManualFault[] } {
  const faults: ManualFault[] = []
  const coin = smallestUnit(currency)
  const sums = new Map<string, bigint>()
  let total = 0n
  for (const [line, { account, debit = 0n, credit = 0n }] of lines.entries()) {
    const known = KNOWN.get(account)
    if (!known) faults.push({ line, message: `There is no account ${account}.` })
    else if (!MANUAL_ACCOUNTS.includes(account))
      faults.push({
        line,
        message: `${account} is kept by its sub-ledger: correct the unit, settlement or claim, or settle the difference on the reconciliation page.`,
      })
    if (debit > 0n === credit > 0n || debit < 0n || credit < 0n)
      faults.push({ line, message: 'A line has either a debit or a credit, above zero.' })
    if (debit % coin !== 0n || credit % coin !== 0n)
      faults.push({ line, message: `An amount has more places than ${currency} has.` })
    if (sums.has(account)) faults.push({ line, message: `${account} stands in it twice: make it one line.` })
    sums.set(account, (sums.get(account) ?? 0n) + debit - credit)
    total += debit - credit
  }
  if (lines.length < 2) faults.push({ message: 'An entry has two lines at least.' })
  else if (total !== 0n) faults.push({ message: 'Debits and credits do not add up to the same.' })
  return faults.length > 0 ? { faults } : { position: sums }
}

/** What an entry moves: the sum of its debits. */
export const sizeOfEntry = (position: Position): bigint =>
  [...position.values()].reduce((sum, amount) => sum + (amount > 0n ? amount : 0n), 0n)

/** The same the other way around. */
export const reversed = (position: Position): Position =>
  new Map([...position].map(([account, amount]) => [account, -amount]))
