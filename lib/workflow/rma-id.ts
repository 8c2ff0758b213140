import { run, type Transaction } from '../db/client'
import { statement } from '../db/statement'

const NEXT = statement(`SELECT nextval('rma_number')::text AS n`)

/** The number of the next RMA that is made here: `RMA-2026-004217`. Numbers are never used twice; a refused request leaves a gap. */
export async function nextRmaId(tx: Transaction, at: Date): Promise<string> {
  const { rows } = await run<{ n: string }>(tx, NEXT)
  return `RMA-${at.getUTCFullYear()}-${(rows[0]?.n ?? '0').padStart(6, '0')}`
}
