import { open, openEligible } from './open'
import { accept, recover, reject, submit } from './progress'
import { writeOffRest } from './write-off'

/** What is asked of suppliers: from eligible to recovered. */
export const claimCommands = [open, openEligible, submit, accept, reject, recover, writeOffRest] as const
