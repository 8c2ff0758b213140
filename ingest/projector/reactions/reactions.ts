import type { Reaction } from '../projector'
import { decideRequests } from './decide-requests'
import { raiseProblems } from './problems'

/** What follows from outside events, in this order, in the transaction in which they were applied. */
export const REACTIONS: readonly Reaction[] = [decideRequests, raiseProblems]
