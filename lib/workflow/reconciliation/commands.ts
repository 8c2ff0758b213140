import { assign, settle, wait } from './decide'
import { importPayments, importReceipts } from './import'

/** Holding our books against what others say, and dealing with what does not agree. */
export const reconciliationCommands = [importPayments, importReceipts, wait, assign, settle] as const
