import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Whether a process with this id exists and has not ended (a zombie has). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return !stat(pid)?.startsWith('Z')
}

/** When the process began, in whatever unit the system counts; tells a process from a later one with the same id. */
export function startMark(pid: number): string | undefined {
  return stat(pid)?.split(' ')[19] ?? ps(pid, 'lstart=')
}

/** Its command line, '' when it is gone. */
export function commandLine(pid: number): string {
  if (!existsSync('/proc/self')) return ps(pid, 'args=') ?? ''
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** /proc/PID/stat from its third field (the state) on; undefined where there is no /proc or no such process. */
function stat(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2)
  } catch {
    return undefined
  }
}

function ps(pid: number, format: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', format, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
