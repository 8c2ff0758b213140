import type { AnyEvent } from '../contract/event'

/**
 * Where an event lives in ClickHouse: the truth table of its kind and the id that leads its sorting key. A correction may move an event
 * from one place to another; the old place then needs a tombstone.
 */
export function routingOf(event: Pick<AnyEvent, 'type' | 'data'>): string {
  const data: Record<string, unknown> = event.data
  const [family] = event.type.split('.')
  switch (family) {
    case 'sale':
      return `sale_events:${data.order_line_id}`
    case 'settlement':
      return `settlement_events:${data.settlement_id}`
    case 'claim':
      return `claim_events:${data.claim_id}`
    case 'cost':
      return `cost_events:${data.cost_id}`
    case 'journal':
      return `journal_events:${data.entry_id}`
    case 'exception':
      return `exception_events:${data.exception_id}`
    case 'stock':
      return `stock_events:${data.count_id ?? data.adjustment_id}`
    default:
      return event.type === 'unit.moved.v1' ? `movement_events:${data.movement_id}` : `unit_events:${data.unit_id}`
  }
}
