import type { Way } from '../../returns/reconciliation'
import { ledgerSide } from './ledger'
import { paymentsSide } from './payments'
import { receiptsSide } from './receipts'
import type { Reader, Side, Visible } from './side'
import { stockSide } from './stock'

/** One way of reconciling, as it is now. */
export function compare(tx: Reader, way: Way, visible: Visible, now: Date): Promise<Side> {
  switch (way) {
    case 'stock':
      return stockSide(tx, visible, now)
    case 'payments':
      return paymentsSide(tx, visible, now)
    case 'ledger':
      return ledgerSide(tx, visible)
    case 'receipts':
      return receiptsSide(tx, visible, now)
  }
}
