import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The ingest service as a process of its own, which a test may kill or let kill itself. */
export interface ServiceProcess {
  readonly url: string
  readonly child: ChildProcess
  /** The signal or code it ended with. */
  readonly ended: Promise<NodeJS.Signals | number | null>
  /** Resident memory, in bytes. */
  memory(): number
}

export async function startServiceProcess(env: Record<string, string> = {}): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'ingest/main.ts', 'service'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, INGEST_PORT: '0', BACKHAUL_HOST: '127.0.0.1', BACKHAUL_LOG: 'info', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  )
  const heard: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    void ended.then(() => reject(new Error(`The service ended:\n${heard.join('\n')}`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      heard.push(line)
      const found = /"port":(\d+)/.exec(line)
      if (found) resolve(Number(found[1]))
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    ended,
    memory: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
  }
}
