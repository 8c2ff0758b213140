import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The Chromium that the browser tests run in: the system's, else the one Playwright keeps; undefined when there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, chromium.executablePath()].find(runnable)
}

/** Installs a Chromium when there is none, with what it needs of the system. Throws with what to do when neither way works. */
export function ensureChromium(say: (line: string) => void): string {
  const found = findChromium()
  if (found) return found
  const attempts: [string, string[]][] = [
    [process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']],
    ['apt-get', ['update', '-q']],
    ['apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium']],
  ]
  for (const [command, args] of attempts) {
    say(`Installing Chromium: ${command} ${args.join(' ')}`)
    try {
      execFileSync(command, args, { stdio: ['ignore', 2, 2], timeout: 600_000 })
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
    }
    const installed = findChromium()
    if (installed && starts(installed)) return installed
  }
  throw new Error(
    'The browser tests need Chromium, and it could not be installed (see above). Install it, for example: apt-get install chromium',
  )
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return existsSync(path)
  } catch {
    return false
  }
}

/** A downloaded browser may lack libraries of the system. */
function starts(path: string): boolean {
  try {
    execFileSync(path, ['--version', '--no-sandbox'], { stdio: 'ignore', timeout: 30_000 })
    return true
  } catch {
    return false
  }
}
