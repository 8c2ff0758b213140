import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const ROOT = join(import.meta.dirname, '../..')

/** The bundler that tsx works with; of its own version, whatever others bring along. */
const { build }: { build(options: Record<string, unknown>): Promise<unknown> } = createRequire(
  createRequire(import.meta.url).resolve('tsx'),
)('esbuild')

export interface ShortLived {
  /** Gives a process its job, with FAILPOINT set, and waits for its end. */
  run(failpoint: string, job: unknown): Promise<{ readonly killed: boolean; readonly output: string }>
  close(): void
}

/**
 * Processes that do one job of `entry` each and may be killed at it. The entry is bundled once, so that one is there within a third of a second,
 * and one always waits for its job.
 */
export async function shortLived(entry: string): Promise<ShortLived> {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.cache-short-lived-'))
  const file = join(folder, 'child.mjs')
  await build({
    ...{
      entryPoints: [join(ROOT, entry)],
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    },
    alias: { 'server-only': join(ROOT, 'node_modules/server-only/empty.js') },
    external: ['pg-native', '@node-rs/argon2', 'chdb', 'ffi-rs'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    logLevel: 'error',
  })
  const born = (): ChildProcess => spawn(process.execPath, [file], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
  let next = born()
  return {
    async run(failpoint, job) {
      const child = next
      next = born()
      const ended = once(child, 'exit')
      const output = child.stdout ? text(child.stdout) : Promise.resolve('')
      child.stdin?.end(JSON.stringify({ failpoint, job }))
      const [, signal] = await ended
      return { killed: signal === 'SIGKILL', output: await output }
    },
    close() {
      next.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
