import type { Command } from './command'
import { exceptionCommands } from './exceptions'

/** A command whatever it takes and gives; its input is parsed before it runs. */
export type AnyCommand = Command<unknown, unknown>

/** Inputs differ from command to command; each is parsed by its own schema before it runs. */
const any = (commands: readonly object[]): readonly AnyCommand[] => commands as readonly AnyCommand[]

/** Every command there is, by stage. The API, the pages, the authorisation matrix and the documentation read this list. */
export const COMMANDS: readonly AnyCommand[] = [...any(exceptionCommands)]

const BY_NAME = new Map(COMMANDS.map((each) => [each.name, each]))

export const commandNamed = (name: string): AnyCommand | undefined => BY_NAME.get(name)
