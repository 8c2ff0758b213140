import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UserError } from '../lib/errors'

/** Reads a command's arguments; what it does not know is said together with how the command is used. */
export function commandArguments<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UserError('usage', `${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}
