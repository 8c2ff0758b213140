import { type Logger, pino } from 'pino'
import { env } from './env'

let root: Logger | undefined

/** Structured log lines on standard error, so that standard output stays for what a command answers. */
export function log(part: string): Logger {
  root ??= pino(
    { level: env().BACKHAUL_LOG, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  )
  return root.child({ part })
}
