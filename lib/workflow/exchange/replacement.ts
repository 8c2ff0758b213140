import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { product, replacement } from '../../db/schema'
import { UserError } from '../../errors'
import { allocate, divideHalfEven, parseAmount, smallestUnit, units } from '../../money'
import type { Entitlement } from '../../returns/entitlement'
import { type Exchange, exchangeOf } from '../../returns/exchange'
import { type Audited, differenceOf } from '../record/audit'
import type { OrderLineRow, UnitRow } from '../record/types'

export type ReplacementRow = typeof replacement.$inferSelect

/** Which piece the customer wants: the same again where nothing is said. */
export interface Wanted {
  readonly sku?: string
  readonly quantity?: number
  /** Of one piece, tax included, a decimal of the order's currency; what the returned piece cost where it is the same. */
  readonly price?: string
}

export interface Agreed extends Exchange {
  readonly sku: string
  readonly quantity: number
}

/** What an exchange comes to: which piece, what it costs, what of the credit goes into it and what is left either way. */
export async function agree(
  tx: Transaction,
  about: { readonly unit: UnitRow; readonly line: OrderLineRow; readonly credit: Entitlement; readonly wanted: Wanted },
): Promise<Agreed> {
  const { unit, line, credit, wanted } = about
  const sku = wanted.sku ?? line.sku
  const quantity = wanted.quantity ?? unit.quantity
  const step = smallestUnit(line.currency)
  const [known] = await tx.select({ sku: product.sku }).from(product).where(eq(product.sku, sku))
  if (!known) throw new UserError('unknown_sku', `There is no item ${sku}.`, 404, 'replacementSku')
  const value = (await priceOf(tx, line, sku, wanted.price)) * BigInt(quantity)
  if (value % step !== 0n)
    throw new UserError('price_too_fine', `${line.currency} has no smaller piece than that.`, 400, 'replacementPrice')
  return { sku, quantity, ...exchangeOf(credit, value, step) }
}

async function priceOf(tx: Transaction, line: OrderLineRow, sku: string, said: string | undefined): Promise<bigint> {
  const price = said === undefined ? undefined : parseAmount(said)
  if (price !== undefined) return price
  if (sku !== line.sku || line.quantity === 0)
    throw new UserError('price_missing', `Say what one piece of ${sku} costs the customer.`, 400, 'replacementPrice')
  const step = smallestUnit(line.currency)
  const carried = await carriedOf(tx, line.id)
  return divideHalfEven(line.net + line.tax + carried.net + carried.tax, BigInt(line.quantity) * step) * step
}

/** What an order line is worth beyond the money that was paid for it, because it replaced something: without tax, and the tax. */
export async function carriedOf(tx: Transaction, lineId: string): Promise<{ net: bigint; tax: bigint }> {
  const [row] = await tx
    .select()
    .from(replacement)
    .where(and(eq(replacement.orderLineId, lineId), eq(replacement.state, 'shipped')))
  if (!row) return { net: 0n, tax: 0n }
  const step = smallestUnit(row.currency)
  const [tax = 0n] = allocate(row.carried / step, [row.appliedTax, row.applied - row.appliedTax])
  return { net: units(row.carried - (row.applied === 0n ? 0n : tax * step)), tax: row.applied === 0n ? 0n : tax * step }
}

/** The replacement of a settlement, locked until the end of the transaction. */
export async function lockReplacement(tx: Transaction, settlementId: string): Promise<ReplacementRow | undefined> {
  const [row] = await tx.select().from(replacement).where(eq(replacement.settlementId, settlementId)).for('update')
  return row
}

/** Takes a replacement further; gives the audit entry that must be written in the same transaction. */
export async function moveReplacement(
  tx: Transaction,
  row: ReplacementRow,
  change: Partial<ReplacementRow> & { readonly state: ReplacementRow['state'] },
): Promise<Audited> {
  await tx.update(replacement).set(change).where(eq(replacement.settlementId, row.settlementId))
  return {
    action: `replacement.${change.state}`,
    objectType: 'settlement',
    objectId: row.settlementId,
    rmaId: row.rmaId,
    entity: row.entity,
    diff: differenceOf(row, { ...row, ...change }),
  }
}

/** Keeps what was agreed with the exchange that it belongs to. The audit entry of the settlement is in the same transaction. */
export async function reserveReplacement(
  tx: Transaction,
  about: {
    readonly settlementId: string
    readonly unit: UnitRow
    readonly exchange: Agreed
    readonly at: Date
  },
): Promise<void> {
  const { settlementId, unit, exchange, at } = about
  const { sku, quantity, value, applied, appliedTax, due } = exchange
  await tx.insert(replacement).values({
    settlementId,
    reference: settlementId.replace(/^ST-/, 'XO-'),
    unitId: unit.id,
    rmaId: unit.rmaId ?? '',
    entity: unit.entity,
    returnedLineId: unit.orderLineId,
    currency: unit.currency,
    ...{ sku, quantity, value, applied, appliedTax, due, reservedAt: at },
  })
}
