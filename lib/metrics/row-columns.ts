import type { Fact } from './definition-types'
import type { Column, ColumnType } from './types'

/** What describes a row behind a number: a column of the answer and the column of the fact that it is. */
export interface RowColumn {
  column: Column
  sql: string
}

const described = (id: string, label: string, type: ColumnType = 'text', sql = id): RowColumn => ({
  column: { id, label, type, unit: type === 'money' ? 'money' : null },
  sql,
})

const GOODS = [
  described('sku', 'SKU'),
  described('product', 'Product', 'text', 'product_name'),
  described('category', 'Category'),
  described('channel', 'Channel'),
  described('country', 'Country'),
]

const UNIT = [
  described('unit_id', 'Unit'),
  described('rma_id', 'RMA'),
  described('order_id', 'Order'),
  ...GOODS,
  described('facility', 'Facility'),
  described('reason', 'Reason'),
  described('finding', 'Finding'),
  described('condition', 'Condition'),
]
const OUTCOME = [described('status', 'Status'), described('outcome', 'Outcome')]
const UNIT_TIMES = [
  described('sold_at', 'Sold', 'time'),
  described('requested_at', 'Requested', 'time'),
  described('received_at', 'Received', 'time'),
  described('inspected_at', 'Inspected', 'time'),
  described('dispositioned_at', 'Dispositioned', 'time'),
  described('refunded_at', 'Refunded', 'time'),
  described('final_at', 'Final', 'time'),
]
const quantity = described('quantity', 'Quantity', 'number')

const SALE = [
  described('order_line_id', 'Order line'),
  described('order_id', 'Order'),
  ...GOODS,
  described('ship_facility', 'Shipped from'),
  quantity,
  described('net', 'Net', 'money'),
  described('sold_at', 'Sold', 'time'),
]
const AGED = [...SALE, described('age', 'Days since sale', 'number'), described('visible', 'Share visible', 'number')]

const entry = (fact: string, kind: RowColumn[], at: string) => [
  ...UNIT,
  ...OUTCOME,
  ...kind,
  described('at', 'At', 'time', `${fact}.${at}`),
]

/** By fact, in the order in which they are shown; `contribution` comes after them. */
export const ROW_COLUMNS: Readonly<Record<Fact, readonly RowColumn[]>> = {
  units: [...UNIT, ...OUTCOME, quantity, ...UNIT_TIMES],
  reasoned: [...UNIT, ...OUTCOME, quantity, ...UNIT_TIMES],
  throughput: [...UNIT, ...OUTCOME, quantity, ...UNIT_TIMES],
  stock: [
    ...UNIT,
    described('status', 'Status', 'text', 'status_at_t'),
    described('status_since', 'In status since', 'time', 'since_t'),
    described('days_in_status', 'Days in status', 'number'),
    described('quantity', 'Quantity', 'number', 'full_quantity'),
    ...UNIT_TIMES,
  ],
  money: entry('money', [described('component', 'Component', 'text', 'money.component')], 'at'),
  credit: entry(
    'credit',
    [described('settlement_id', 'Settlement', 'text', 'credit.id'), described('kind', 'Kind', 'text', 'credit.kind')],
    'at',
  ),
  leak: entry(
    'leak',
    [
      described('settlement_id', 'Settlement', 'text', 'leak.id'),
      described('leakage_category', 'Leakage category', 'text', 'leak.category'),
    ],
    'at',
  ),
  claim: [
    ...UNIT,
    described('supplier', 'Supplier', 'text', 'supplier_id'),
    described('claim_id', 'Claim', 'text', 'claim.id'),
    described('claimed_at', 'Claimed', 'time', 'claim.claimed_at'),
    described('accepted_at', 'Accepted', 'time', 'claim.accepted_at'),
    described('recovered_at', 'Recovered', 'time', 'claim.recovered_at'),
  ],
  sales: SALE,
  aged_sales: AGED,
  open_sales: AGED,
}
