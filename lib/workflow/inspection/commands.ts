import { inspect, regrade } from './inspect'
import { skip } from './skip'
import { split } from './split'

/** Stage 4, first half: what it is, and in which state. */
export const inspectionCommands = [inspect, regrade, split, skip] as const
