import { decisionCommands } from './decide'
import { request } from './request'

export const requestCommands = [request, ...decisionCommands] as const
