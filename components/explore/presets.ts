/** The questions that people come with: which figures, cut by what. */
export interface Preset {
  id: string
  label: string
  metrics: readonly string[]
  by: readonly string[]
}

export const DEFAULT_METRICS = ['return_rate_units', 'sold_units', 'requested_units', 'net_margin_impact'] as const

/** What is asked where no sale has the dimension, or the goods are the point: figures that it cuts. */
export const PRESETS: readonly Preset[] = [
  { id: 'item', label: 'Item', metrics: DEFAULT_METRICS, by: ['sku'] },
  { id: 'country', label: 'Country', metrics: DEFAULT_METRICS, by: ['country'] },
  { id: 'month', label: 'Month', metrics: DEFAULT_METRICS, by: ['month'] },
  {
    id: 'reason',
    label: 'Reason',
    metrics: ['return_rate_units', 'requested_units', 'reason_confirmed_rate', 'net_margin_impact'],
    by: ['reason'],
  },
  {
    id: 'supplier',
    label: 'Supplier',
    metrics: ['return_rate_units', 'supplier_defect_ppm', 'claimable_value', 'supplier_recovery_rate'],
    by: ['supplier'],
  },
  {
    id: 'facility',
    label: 'Facility',
    metrics: ['received_units', 'days_receipt_to_inspection', 'sellable_rate', 'backlog_units'],
    by: ['facility'],
  },
]

/** Where a group leads that is looked at alone: over time, or what is in a time by item. */
export const within = (dimension: string, time: boolean): string =>
  time ? 'sku' : dimension === 'facility' ? 'reason' : 'month'
