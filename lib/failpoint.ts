import { env } from './env'

/**
 * A place where a test may kill this process: with FAILPOINT set to its name, the process gets SIGKILL here, as from a power cut. Nothing
 * runs after it. Without the setting it does nothing.
 */
export function failpoint(name: string): void {
  if (env().FAILPOINT === name) process.kill(process.pid, 'SIGKILL')
}
