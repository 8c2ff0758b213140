import { prepare, reverse } from './manual'
import { close, lock, reopen, unlock } from './periods'
import { sign, unsign } from './sign'

/** The books beside the cases: entries that people write, and the close of a period. */
export const bookCommands = [prepare, reverse, sign, unsign, lock, unlock, close, reopen] as const
