import { join } from 'node:path'
import { launch, ROOT, sleep } from '../servers/child'
import type { Running, Service } from './supervisor'

const READY_MS = 90_000
const STOP_MS = 15_000
const WITH_PARENT = `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`

interface NodeService {
  readonly name: string
  /** A TypeScript file of ours, or a JavaScript file of a package, with its arguments. */
  readonly script: string
  readonly args: readonly string[]
  readonly env: Record<string, string | undefined>
  readonly logFile: string
  /** Answers 200 once it serves; without it the service counts as up when it runs. */
  readonly health?: string
}

/** One of our Node processes as a service: it ends when we do, and counts as started when its health check says so. */
export const nodeService = ({ name, script, args, env, logFile, health }: NodeService): Service => ({
  name,
  start: async (stopping): Promise<Running> => {
    const loader = script.endsWith('.ts') ? ['--import=tsx'] : []
    const child = await launch({
      command: process.execPath,
      // A larger nursery: short-lived events are most of what these processes allocate (a tenth less CPU for the door).
      args: ['--max-semi-space-size=64', ...loader, WITH_PARENT, join(ROOT, script), ...args],
      env,
      logFile,
    })
    const stop = () => child.stop('SIGTERM', STOP_MS)
    const failure = health ? await becomesHealthy(health, () => child.running() && !stopping.aborted) : undefined
    if (failure === undefined) return { ...child, stop }
    await stop()
    throw new Error(child.tail() || failure)
  },
})

/** Undefined when `url` answers 200; else why it did not in time, or that `worthwhile` ceased to hold. */
async function becomesHealthy(url: string, worthwhile: () => boolean): Promise<string | undefined> {
  let last = 'it ended without a word'
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline && worthwhile(); await sleep(50)) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      const text = await answer.text()
      if (answer.ok) return undefined
      last = `${url} answers ${answer.status}: ${text.slice(0, 500)}`
    } catch (error) {
      last = `${url}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return last
}
