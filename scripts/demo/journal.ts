import type { Status } from '../../lib/returns/codes'
import { periodOf } from './calendar'
import { amountText } from './cents'
import { type Emitter, WORKFLOW } from './emitter'

/** Account ids of the demo company's postings (the posting table of the returns workflow). */
export const ACCOUNT = {
  returns: 'returns_and_allowances',
  tax: 'tax_payable',
  refunds: 'refunds_payable',
  storeCredit: 'store_credit_liability',
  fees: 'fee_income',
  cash: 'cash_clearing',
  costOfSales: 'cost_of_sales',
  writeDown: 'inventory_write_down',
  writeOff: 'inventory_write_off',
  claims: 'vendor_claims_receivable',
  vendorRecovery: 'vendor_recovery',
  accrued: 'accrued_costs',
} as const
export const inventory = (status: Status): string => `inventory.${status}`
export const returnCost = (kind: string): string => `return_costs.${kind}`

/** An account and its change in cents: debit above zero, credit below. */
export type Posting = [account: string, cents: number]

/** Posts one balanced entry for one cause; lines of zero are left out, and so is an entry without lines. */
export function post(
  out: Emitter,
  cause: { id: string; at: number; unit: string; entity: string; known?: number },
  currency: string,
  postings: Posting[],
): void {
  const lines = postings.filter(([, cents]) => cents !== 0)
  if (lines.length === 0) return
  const sum = lines.reduce((total, [, cents]) => total + cents, 0)
  if (sum !== 0) throw new Error(`entry for ${cause.id} is out of balance by ${sum} cents`)
  const at = cause.at + 2000
  out.put(
    'journal.posted.v1',
    WORKFLOW,
    `J-${cause.id}`,
    at,
    cause.unit,
    {
      entry_id: `J-${cause.id}`,
      cause_id: cause.id,
      period: periodOf(at),
      currency,
      lines: lines.map(([account, cents]) =>
        cents > 0 ? { account, debit: amountText(cents) } : { account, credit: amountText(-cents) },
      ),
      unit_id: cause.unit,
      entity: cause.entity,
    },
    cause.known === undefined ? {} : { known: cause.known + 2000 },
  )
}
