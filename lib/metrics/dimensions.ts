import { TIME_UNITS } from './calendar'
import { type Dimension, FACTS, type Fact } from './definition-types'

const UNIT_FACTS: readonly Fact[] = ['units', 'reasoned', 'money', 'credit', 'leak', 'claim', 'stock', 'throughput']
const SALE_FACTS: readonly Fact[] = ['sales', 'aged_sales', 'open_sales']

const on = (facts: readonly Fact[], column: string): Dimension['columns'] =>
  Object.fromEntries(facts.map((fact) => [fact, column]))

const code = (id: string, label: string, columns: Dimension['columns']): Dimension => ({
  id,
  label,
  kind: 'code',
  columns,
})
/** Of the order line, and taken over by the units that came back of it. */
const shared = (id: string, label: string, column = id) => code(id, label, on(FACTS, column))
const ofUnits = (id: string, label: string) => code(id, label, on(UNIT_FACTS, id))

/** Whole days since the status at T began, in the buckets that people use. */
const AGE_BUCKET = `multiIf(${[
  [2, '0–2'],
  [7, '3–7'],
  [14, '8–14'],
  [30, '15–30'],
  [60, '31–60'],
]
  .map(([days, name]) => `days_in_status <= ${days}, '${name}'`)
  .join(', ')}, '60+')`

const TIME_LABELS = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter' } as const

/** Every dimension there is, in the order in which it is offered. Identifiers in SQL come from here alone. */
export const DIMENSIONS: Readonly<Record<string, Dimension>> = Object.fromEntries(
  [
    ...TIME_UNITS.map((id): Dimension => ({ id, label: TIME_LABELS[id], kind: 'time', columns: {} })),
    shared('sku', 'SKU'),
    shared('product', 'Product', 'product_id'),
    shared('size', 'Size'),
    shared('category', 'Category'),
    shared('brand', 'Brand'),
    shared('supplier', 'Supplier', 'supplier_id'),
    shared('channel', 'Channel'),
    shared('campaign', 'Campaign'),
    shared('segment', 'Customer segment'),
    shared('country', 'Country'),
    shared('entity', 'Entity'),
    code('ship_facility', 'Shipped from', on(SALE_FACTS, 'ship_facility')),
    ofUnits('facility', 'Facility'),
    ofUnits('shift', 'Shift'),
    ofUnits('carrier', 'Carrier'),
    ofUnits('return_type', 'Return type'),
    code(
      'reason',
      'Reason',
      on(
        UNIT_FACTS.filter((fact) => fact !== 'reasoned'),
        'reason',
      ),
    ),
    ofUnits('finding', 'Finding'),
    ofUnits('condition', 'Condition'),
    ofUnits('disposition', 'Disposition'),
    ofUnits('outcome', 'Final outcome'),
    ofUnits('policy_row', 'Policy row'),
    code('status', 'Status', {
      ...on(
        UNIT_FACTS.filter((fact) => fact !== 'throughput'),
        'status',
      ),
      stock: 'status_at_t',
    }),
    code('age_bucket', 'Days in status', { stock: AGE_BUCKET }),
    code('stage', 'Stage', { stock: "if(inspected_at > $never AND inspected_at <= $T, 'inspected', 'received')" }),
    code('component', 'Margin component', { money: 'money.component' }),
    code('leakage_category', 'Leakage category', { leak: 'leak.category' }),
  ].map((dimension) => [dimension.id, dimension]),
)
