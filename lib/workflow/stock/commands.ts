import { adjust } from './adjust'
import { count } from './count'

/** Stage 6 without a unit: counting what lies in the return zones, and putting the ledger right. */
export const stockCommands = [count, adjust] as const
