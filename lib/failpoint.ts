import { env } from './env'

/**
 * A place where a test may kill this process: with FAILPOINT set to its name, the process gets SIGKILL here, as from a power cut. Nothing
 * runs after it. Without the setting it does nothing.
 */
export function failpoint(name: string): void {
  if (env().FAILPOINT === name) process.kill(process.pid, 'SIGKILL')
}

/** The same behind what has been asked for and is not waited for otherwise: it is done before the process dies. */
export async function failpointAfter(name: string, asked: readonly Promise<unknown>[]): Promise<void> {
  if (env().FAILPOINT !== name) return
  for (const each of asked) await each
  failpoint(name)
}
