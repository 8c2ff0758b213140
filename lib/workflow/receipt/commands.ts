import { amendReceipt } from './amend'
import { receiveBlind } from './blind'
import { match } from './match'
import { receive } from './receive'
import { undoReceipt } from './undo'

/** Stage 3: what comes in at the dock. */
export const receiptCommands = [receive, receiveBlind, amendReceipt, match, undoReceipt] as const
