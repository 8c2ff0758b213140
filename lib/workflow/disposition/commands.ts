import { dispose, override } from './decide'
import { move, release } from './move'

/** Stage 4, second half, and stage 6: what becomes of it, and its end. */
export const dispositionCommands = [dispose, override, release, move] as const
