import { env } from './env'

/**
 * A named place where a test may kill this process: when the setting FAILPOINT is this name, the process ends at once with SIGKILL, as a
 * power cut would end it. Without the setting it costs a comparison.
 */
export function failpoint(name: string): void {
  if (env().FAILPOINT === name) process.kill(process.pid, 'SIGKILL')
}
