import { open, openEligible } from './open'
import { accept, recover, reject, submit } from './progress'

/** What is asked of suppliers: from eligible to recovered. */
export const claimCommands = [open, openEligible, submit, accept, reject, recover] as const
