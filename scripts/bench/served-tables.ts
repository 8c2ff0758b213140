/** A table of the copies in Postgres and DuckDB: how it is made of what ClickHouse serves. */
export interface CopiedTable {
  readonly name: string
  /** As Postgres names their types, in the order of `select`. */
  readonly columns: string
  readonly select: string
  /** The date by which questions cut it most. */
  readonly cutBy: string
}

const at = (name: string) => `if(toUnixTimestamp64Milli(${name}) = 0, NULL, ${name}) AS ${name.replace('.', '_')}`

const UNIT_CODES =
  'reason return_type condition finding disposition shift carrier facility policy_row status outcome size category brand supplier_id channel campaign segment country entity decision'.split(
    ' ',
  )
/** Columns of few values, which ClickHouse keeps as LowCardinality. */
export const CODES: readonly string[] = [...UNIT_CODES, 'component', 'ship_facility']
const TEXTS = [
  ...UNIT_CODES,
  ...'sku product_id product_name customer_ref rma_id order_id order_line_id parent_id'.split(' '),
]
const NUMBERS =
  'has_sale returned quantity full_quantity received_quantity serial_match cost_value full_cost_value sale_value claimable'.split(
    ' ',
  )
export const UNIT_TIMES =
  'born_at split_at sold_at requested_at authorized_at rejected_at cancelled_at labelled_at in_transit_at delivered_at lost_at expected_at received_at inspected_at dispositioned_at refunded_at final_at status_at claimable_at claim_until'.split(
    ' ',
  )

/** Entries of a unit, with the unit they are of: a child table each, as what repeats is kept in rows. */
const entries = (
  name: string,
  of: string,
  columns: string,
  fields: readonly string[],
  times: readonly string[],
  cutBy: string,
): CopiedTable => ({
  name,
  columns: `unit_id text, channel text, supplier_id text, ${columns}`,
  select: `SELECT unit_id, channel, supplier_id, ${fields
    .map((field, index) => (times.includes(field) ? at(`e.${index + 1}`) : `e.${index + 1}`))
    .join(', ')} FROM units FINAL ARRAY JOIN arrayZip(${fields.map((field) => `\`${of}.${field}\``).join(', ')}) AS e`,
  cutBy,
})

const UNITS: CopiedTable = {
  name: 'units',
  columns: [
    'unit_id text',
    ...TEXTS.map((name) => `${name} text`),
    ...NUMBERS.map((name) => `${name} int8`),
    ...UNIT_TIMES.map((name) => `${name} timestamptz`),
  ].join(', '),
  select: `SELECT unit_id, ${TEXTS.join(', ')}, ${NUMBERS.join(', ')}, ${UNIT_TIMES.map(at).join(', ')} FROM units FINAL`,
  cutBy: 'requested_at',
}
const SALES: CopiedTable = {
  name: 'sales',
  columns:
    'order_line_id text, order_id text, sku text, product_id text, size text, category text, brand text, supplier_id text, channel text, campaign text, segment text, country text, entity text, ship_facility text, customer_ref text, quantity int8, net int8, cost int8, sold_at timestamptz',
  select:
    'SELECT order_line_id, order_id, sku, product_id, size, category, brand, supplier_id, channel, campaign, segment, country, entity, ship_facility, customer_ref, quantity, net, cost, sold_at FROM sales FINAL',
  cutBy: 'sold_at',
}
const MONEY = entries(
  'money',
  'money',
  'component text, at timestamptz, amount int8',
  ['component', 'at', 'amount'],
  [],
  'at',
)
const CREDITS = entries('credits', 'credit', 'at timestamptz, amount int8', ['at', 'amount'], [], 'at')
const LEAKS = entries(
  'leaks',
  'leak',
  'settlement_id text, category text, at timestamptz, until timestamptz, amount int8',
  ['id', 'category', 'at', 'until', 'amount'],
  [],
  'at',
)
const CLAIMS = entries(
  'claims',
  'claim',
  'claimed_at timestamptz, claimed int8, accepted_at timestamptz, accepted int8, recovered_at timestamptz, recovered int8',
  ['claimed_at', 'claimed', 'accepted_at', 'accepted', 'recovered_at', 'recovered'],
  ['accepted_at', 'recovered_at'],
  'claimed_at',
)

/** The served tables. */
export const SERVED: readonly CopiedTable[] = [UNITS, SALES, MONEY, CREDITS, LEAKS, CLAIMS]
