import { spawn } from 'node:child_process'
import { ROOT } from '../servers/child'

interface CommandOptions {
  readonly env?: Record<string, string>
  /** Shows its output only when it fails. */
  readonly quiet?: boolean
}

/** Runs a program of the repository to its end; its exit code (128 and more: ended by a signal). */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const stdio = options.quiet ? 'pipe' : 'inherit'
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', stdio, stdio],
      env: { ...process.env, ...options.env },
    })
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', (error) => {
      console.error(`${command} cannot be started: ${error.message}`)
      resolve(127)
    })
    child.once('close', (code) => {
      if (options.quiet && code !== 0) process.stdout.write(Buffer.concat(output))
      resolve(code ?? 128)
    })
  })
}
