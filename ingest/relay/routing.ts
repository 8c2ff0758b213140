import type { AnyEvent } from '../contract/event'

/** A truth table of ClickHouse: the column that leads its sorting key, and the fields of the data whose sums `verify` compares. */
interface Table {
  readonly key: string
  readonly quantity?: string
  readonly amount?: string
}

export type TableName =
  | 'sale_events'
  | 'unit_events'
  | 'movement_events'
  | 'settlement_events'
  | 'claim_events'
  | 'cost_events'
  | 'journal_events'
  | 'exception_events'
  | 'stock_events'

/**
 * The truth tables by name. What of an event is summed depends on its kind: a name of another type may stand in any event (a receipt with an
 * `amount`), is kept with it, and means nothing there.
 */
export const TABLES: Readonly<Record<TableName, Table>> = {
  sale_events: { key: 'order_line_id', quantity: 'quantity', amount: 'net_amount' },
  unit_events: { key: 'unit_id', quantity: 'quantity' },
  movement_events: { key: 'movement_id', quantity: 'quantity' },
  settlement_events: { key: 'settlement_id', amount: 'amount' },
  claim_events: { key: 'claim_id', amount: 'amount' },
  cost_events: { key: 'cost_id', amount: 'amount' },
  journal_events: { key: 'entry_id' },
  exception_events: { key: 'exception_id' },
  stock_events: { key: 'ref', quantity: 'quantity' },
}

const OF_FAMILY: Readonly<Record<string, TableName>> = {
  sale: 'sale_events',
  settlement: 'settlement_events',
  claim: 'claim_events',
  cost: 'cost_events',
  journal: 'journal_events',
  exception: 'exception_events',
  stock: 'stock_events',
}

/** The truth table of a type. */
export function tableOf(type: string): TableName {
  const [family = ''] = type.split('.')
  return OF_FAMILY[family] ?? (type === 'unit.moved.v1' ? 'movement_events' : 'unit_events')
}

/** What of an event of a type is summed. */
export const summedOf = (type: string): Pick<Table, 'quantity' | 'amount'> => TABLES[tableOf(type)]

/**
 * Where an event lives in ClickHouse: the truth table of its kind and the id that leads its sorting key. A correction may move an event
 * from one place to another; the old place then needs a tombstone.
 */
export function routingOf(event: Pick<AnyEvent, 'type' | 'data'>): string {
  const data: Record<string, unknown> = event.data
  const table = tableOf(event.type)
  const key =
    table !== 'stock_events' ? TABLES[table].key : event.type === 'stock.counted.v1' ? 'count_id' : 'adjustment_id'
  return `${table}:${data[key]}`
}
