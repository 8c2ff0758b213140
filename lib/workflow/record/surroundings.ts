import type { Transaction } from '../../db/client'
import { forEach, selectFields, selectRows } from '../../db/rows'
import { orderLine, product, returnUnit, rma, settlement } from '../../db/schema'
import { Shelf } from './shelf'
import type { OrderLineRow, ProductRow, RmaRow, SettlementRow, UnitRow } from './types'

/** What of a unit its case is judged by. */
const OF_A_CASE = [
  ...(['id', 'rmaId', 'orderId', 'customerId', 'channel', 'entity', 'facility', 'currency', 'returnType'] as const),
  ...(['status', 'quantity', 'requestedAt', 'authorizedAt', 'rejectedAt', 'cancelledAt', 'inspectedAt'] as const),
  ...(['splitAt', 'dispositionedAt', 'finalAt', 'lastAt'] as const),
]
export type UnitOfCase = Pick<UnitRow, (typeof OF_A_CASE)[number]>

/** What stands around the units of a recording: what was sold, what it is, and their cases. */
export interface Surroundings {
  readonly lines: Shelf<OrderLineRow>
  readonly products: Shelf<ProductRow>
  /** Locked, so that of two recordings on one case the second sees what the first made of it. */
  readonly cases: Shelf<RmaRow>
  readonly units: Shelf<readonly UnitOfCase[]>
  readonly settlements: Shelf<readonly SettlementRow[]>
}

const LINES = forEach('order_line', 'id = wanted.key')
const PRODUCTS = forEach('product', 'sku = wanted.key')
const CASES = forEach('rma', 'id = wanted.key', 'FOR UPDATE')
const UNITS = forEach('return_unit', 'rma_id = wanted.key')
const SETTLEMENTS = forEach('settlement', 'rma_id = wanted.key')

export function surroundings(tx: Transaction): Surroundings {
  return {
    lines: new Shelf(async (ids) => by(await selectRows(tx, orderLine, LINES, [ids]), ({ id }) => id)),
    products: new Shelf(async (skus) => by(await selectRows(tx, product, PRODUCTS, [skus]), ({ sku }) => sku)),
    cases: new Shelf(async (ids) => by(await selectRows(tx, rma, CASES, [ids]), ({ id }) => id)),
    units: new Shelf(async (ids) =>
      grouped(await selectFields(tx, returnUnit, OF_A_CASE, UNITS, [ids]), ({ rmaId }) => rmaId ?? ''),
    ),
    settlements: new Shelf(async (ids) =>
      grouped(await selectRows(tx, settlement, SETTLEMENTS, [ids]), ({ rmaId }) => rmaId),
    ),
  }
}

const by = <Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row> =>
  new Map(rows.map((row) => [key(row), row]))

function grouped<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}
