import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { closeDatabase, pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { launch, ROOT } from '../servers/child'

const shape = z.object({ state: z.enum(['filling', 'filled']), today: z.string(), scale: z.number() })

/**
 * How far the demo company is. `today` and `scale` are written down before the filling begins: an interrupted one starts
 * again with the same, so that the same events come out and the contract's identity keeps them single.
 */
export type DemoState = z.infer<typeof shape>

const pathOf = (dataDir: string) => join(dataDir, 'demo.json')

export function readDemoState(dataDir: string): DemoState | undefined {
  const file = pathOf(dataDir)
  return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

export function writeDemoState(dataDir: string, state: DemoState): void {
  const file = pathOf(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

/** Whether this start has to fill the demo company: never done here, and the database holds nothing of anyone's. */
export async function demoToFill(dataDir: string, databaseUrl: string, scale: number): Promise<DemoState | undefined> {
  const state = readDemoState(dataDir)
  if (state) return state.state === 'filling' ? state : undefined
  try {
    const { rows } = await pool(databaseUrl).query(
      'SELECT EXISTS (SELECT FROM event_log) OR EXISTS (SELECT FROM import_run) AS used',
    )
    return rows[0]?.used ? undefined : { state: 'filling', today: new Date().toISOString(), scale }
  } finally {
    await closeDatabase()
  }
}

/**
 * Fills the demo company in a process of its own: it takes much memory for a minute, and the supervisor lives long.
 * `detail` gets each line that it writes on standard output.
 */
export async function fillDemoCompany(
  dataDir: string,
  state: DemoState,
  env: Record<string, string | undefined>,
  detail: (text: string) => void,
  stopping: AbortSignal,
): Promise<void> {
  writeDemoState(dataDir, state)
  const child = await launch({
    command: process.execPath,
    args: [
      '--import=tsx',
      `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`,
      join(ROOT, 'scripts/start/fill-demo.ts'),
      state.today,
      String(state.scale),
    ],
    env,
    logFile: join(dataDir, 'logs', 'demo.log'),
    onLine: detail,
  })
  const end = () => void child.stop('SIGTERM', 3_000)
  stopping.addEventListener('abort', end)
  const { code } = await child.exited
  stopping.removeEventListener('abort', end)
  stopping.throwIfAborted()
  if (code !== 0) throw new UserError('demo_failed', `The demo company could not be filled:\n${child.tail()}`, 500)
  writeDemoState(dataDir, { ...state, state: 'filled' })
}
