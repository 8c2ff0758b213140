import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../lib/errors'
import { launch, ROOT, sleep } from '../servers/child'
import { lockDataFolder } from './lock'

/** What the pages are made of. */
const FOLDERS = ['app', 'components', 'lib', 'clickhouse', 'ingest', 'public']
const FILES = [
  'package-lock.json',
  'next.config.js',
  'tsconfig.json',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
]
const STAMP = join(ROOT, '.next', 'backhaul-stamp')
const LOCK_FOLDER = join(ROOT, 'node_modules', '.cache', 'backhaul-build')
const BUILD_MS = 600_000

/** Whether the pages have to be built: there are none, or a source changed since. */
export const needsBuild = (): boolean => !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== sourceHash()

/** Builds the pages when needed. Two starts at once build once. Throws with the end of the compiler's output. */
export async function buildPages(env: Record<string, string | undefined>, stopping: AbortSignal): Promise<void> {
  const unlock = await takeTurn(stopping)
  try {
    const hash = sourceHash()
    if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return
    const child = await launch({
      command: process.execPath,
      args: [
        `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`,
        join(ROOT, 'node_modules/next/dist/bin/next'),
        'build',
      ],
      env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    })
    const end = () => void child.stop('SIGTERM', 3_000)
    stopping.addEventListener('abort', end)
    const timer = setTimeout(end, BUILD_MS)
    const { code } = await child.exited
    clearTimeout(timer)
    stopping.removeEventListener('abort', end)
    if (stopping.aborted) throw new Error('Backhaul is stopping.')
    if (code !== 0) throw new UserError('build_failed', `The pages could not be built:\n${child.tail()}`, 500)
    writeFileSync(STAMP, hash)
  } finally {
    unlock()
  }
}

async function takeTurn(stopping: AbortSignal): Promise<() => void> {
  for (;;) {
    stopping.throwIfAborted()
    try {
      return lockDataFolder(LOCK_FOLDER)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      await sleep(300)
    }
  }
}

/** One hash over the content of every source; tests and what is written for people do not count. */
function sourceHash(): string {
  const hash = createHash('sha256').update(process.version)
  const add = (path: string) => hash.update(`\n${path}\n`).update(readFileSync(join(ROOT, path)))
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true }).sort(byName)) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (!/\.test\.tsx?$|\.md$/.test(entry.name)) add(path)
    }
  }
  for (const folder of FOLDERS) if (existsSync(join(ROOT, folder))) walk(folder)
  for (const file of FILES) if (existsSync(join(ROOT, file))) add(file)
  return hash.digest('hex')
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
