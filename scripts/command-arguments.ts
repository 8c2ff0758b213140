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

/** For a command that takes no arguments: a mistyped one must not be carried out as if it were not there. */
export function noArguments(args: readonly string[], usage: string): void {
  const [first] = args
  if (first !== undefined) throw new UserError('usage', `Unexpected argument "${first}".\n\n${usage}`)
}
