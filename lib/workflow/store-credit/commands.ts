import { end } from './end'
import { spend } from './spend'

export const storeCreditCommands = [spend, end] as const
