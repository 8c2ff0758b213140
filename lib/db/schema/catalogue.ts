import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** What is sold, as far as a return needs to know it. Learnt from sales; the goods class is set by an admin or by the category's rule. */
export const product = pgTable(
  'product',
  {
    sku: text('sku').primaryKey(),
    name: text('name').notNull().default(''),
    category: text('category').notNull().default(''),
    brand: text('brand').notNull().default(''),
    size: text('size').notNull().default(''),
    supplierId: text('supplier_id').notNull().default(''),
    /** A class of lib/returns/goods.ts: decides which dispositions are allowed at all. */
    goodsClass: text('goods_class').notNull().default('none'),
    gtin: text('gtin'),
    unitCost: money('unit_cost').notNull().default(sql`0`),
    currency: text('currency').notNull().default(''),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [index('product_gtin').on(t.gtin), index('product_category').on(t.category)],
)

/** The goods class that products of a category are given when they are first seen. */
export const categoryClass = pgTable('category_class', {
  category: text('category').primaryKey(),
  goodsClass: text('goods_class').notNull(),
})

/** What may become of goods of a class in a condition: the hard rule that the trigger on `return_unit` reads. '*' is every condition. */
export const goodsRule = pgTable(
  'goods_rule',
  {
    goodsClass: text('goods_class').notNull(),
    condition: text('condition').notNull(),
    dispositions: text('dispositions').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.goodsClass, t.condition] })],
)

/** One sold order line, the state of its latest `sale.shipped` event: what a return is checked and paid against. */
export const orderLine = pgTable(
  'order_line',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id').notNull(),
    sku: text('sku').notNull(),
    quantity: integer('quantity').notNull(),
    /** Line totals after discount; `net` is without tax. */
    net: money('net').notNull(),
    tax: money('tax').notNull(),
    unitCost: money('unit_cost').notNull(),
    currency: text('currency').notNull(),
    channel: text('channel').notNull(),
    category: text('category').notNull(),
    supplierId: text('supplier_id').notNull(),
    customerId: text('customer_id').notNull(),
    segment: text('segment').notNull(),
    country: text('country').notNull(),
    entity: text('entity').notNull(),
    facility: text('facility').notNull(),
    serials: text('serials').array().notNull().default(sql`'{}'::text[]`),
    lot: text('lot').notNull(),
    finalSale: boolean('final_sale').notNull().default(false),
    soldAt: at('sold_at').notNull(),
    /** Of the event that this row stands for: (time, sequence, source, id) decides which is the latest. */
    eventOrder: text('event_order').notNull(),
  },
  (t) => [
    index('order_line_order').on(t.orderId),
    index('order_line_customer').on(t.customerId, t.soldAt),
    index('order_line_serial').using('gin', t.serials),
    check('order_line_quantity', sql`${t.quantity} >= 0`),
  ],
)

/**
 * What the provider captured for an order, and everything that draws on it. One row an order; a refund reserves before it is submitted, so
 * that no two can together exceed what was captured. `over` is what an outside system paid beyond the capture: a fact that is shown and
 * raised, never hidden in the others.
 */
export const payment = pgTable(
  'payment',
  {
    orderId: text('order_id').primaryKey(),
    currency: text('currency').notNull(),
    captured: money('captured').notNull(),
    reserved: money('reserved').notNull().default(sql`0`),
    refunded: money('refunded').notNull().default(sql`0`),
    chargedBack: money('charged_back').notNull().default(sql`0`),
    /** Store credit and exchanges given against this payment. */
    credited: money('credited').notNull().default(sql`0`),
    over: money('over').notNull().default(sql`0`),
    version: integer('version').notNull().default(0),
  },
  (t) => [
    check(
      'payment_never_above_captured',
      sql`${t.reserved} >= 0 AND ${t.refunded} >= 0 AND ${t.chargedBack} >= 0 AND ${t.credited} >= 0 AND ${t.over} >= 0
        AND ${t.reserved} + ${t.refunded} + ${t.chargedBack} + ${t.credited} <= ${t.captured}`,
    ),
  ],
)
