import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The repository's root: every child runs there, so that `--import tsx` and relative paths mean the same everywhere. */
export const ROOT = resolve(import.meta.dirname, '../..')

const TAIL_LINES = 40
const LOG_BYTES = 20_000_000

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly pid: number
  /** Resolves once when the process has ended; never rejects. */
  readonly exited: Promise<Exit>
  readonly running: () => boolean
  /** The last lines it wrote, for the reason shown when it fails. */
  readonly tail: () => string
  /** Sends `signal`, then SIGKILL when it has not ended within `patienceMs`. */
  readonly stop: (signal: NodeJS.Signals, patienceMs: number) => Promise<Exit>
}

export interface LaunchOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Record<string, string | undefined>
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** Everything it writes is appended here. */
  readonly logFile?: string | undefined
  /** Each line it writes, as it comes. */
  readonly onLine?: (line: string) => void
}

/**
 * Starts a process in a session of its own, so that Ctrl-C reaches the supervisor alone and it can end its children in
 * order. Its standard input is a pipe that closes with us: children that watch it end when we are killed.
 */
export async function launch(options: LaunchOptions): Promise<Child> {
  const child = spawn(options.command, options.args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env, BACKHAUL_SUPERVISOR: String(process.pid) },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  })
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new Error(`${options.command} cannot be started: ${error.message}`)))
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  const tail = collectOutput(child, options)
  const running = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid ?? 0,
    exited,
    running,
    tail,
    stop: async (signal, patienceMs) => {
      if (!running()) return exited
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      const exit = await exited
      clearTimeout(timer)
      return exit
    },
  }
}

function collectOutput(child: ChildProcess, { logFile, onLine }: LaunchOptions): () => string {
  const lines: string[] = []
  if (logFile) makeRoom(logFile)
  const file = logFile ? createWriteStream(logFile, { flags: 'a', mode: 0o600 }) : undefined
  file?.on('error', () => undefined)
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      file?.write(text)
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        lines.push(line)
        if (lines.length > TAIL_LINES) lines.shift()
        onLine?.(line)
      }
    })
    stream?.on('end', () => {
      if (rest) lines.push(rest)
    })
  }
  child.once('close', () => file?.end())
  return () => lines.join('\n')
}

/** One older log is kept, so that logs do not fill the disk. */
function makeRoom(logFile: string) {
  mkdirSync(dirname(logFile), { recursive: true })
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES) renameSync(logFile, `${logFile}.1`)
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
