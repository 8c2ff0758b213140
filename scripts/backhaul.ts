/**
 * `npm run backhaul -- COMMAND [arguments]`: one file a command in scripts/commands, which exports
 * `run(args: string[]): Promise<number | void>` (the exit code), `summary` (one line for the list below) and `usage` (for --help).
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeError, UserError } from '../lib/errors'

interface Command {
  readonly summary: string
  readonly usage: string
  readonly run: (args: string[]) => Promise<number | undefined>
}

const FOLDER = join(import.meta.dirname, 'commands')
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))

async function load(name: string): Promise<Command> {
  const command: Command = await import(join(FOLDER, `${name}.ts`))
  return command
}

async function listCommands(): Promise<string> {
  const lines = await Promise.all(names.map(async (name) => `  ${name.padEnd(10)} ${(await load(name)).summary}`))
  return `npm run backhaul -- COMMAND\n\n${lines.join('\n')}`
}

const [name, ...args] = process.argv.slice(2)
try {
  if (name === undefined || name === 'help' || name === '--help') {
    console.log(await listCommands())
  } else if (!/^[a-z-]+$/.test(name) || !existsSync(join(FOLDER, `${name}.ts`))) {
    console.error(`There is no command "${name}".\n\n${await listCommands()}`)
    process.exitCode = 1
  } else if (args.includes('--help') || args.includes('-h')) {
    console.log((await load(name)).usage)
  } else {
    process.exitCode = (await (await load(name)).run(args)) ?? 0
  }
} catch (error) {
  console.error(error instanceof UserError ? error.message : describeError(error))
  process.exitCode = 1
}
