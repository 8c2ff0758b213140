import { join } from 'node:path'
import { closeDatabase, pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { readRecord } from '../demo/record'
import { launch, ROOT } from '../servers/child'

/** `fill`: to be filled, or to be gone on with; `live`: it is there and goes on; `none`: the data is somebody's own. */
export type DemoState = 'fill' | 'live' | 'none'

/** What is to be done about the demo company in the database at `databaseUrl`. */
export async function demoState(databaseUrl: string): Promise<DemoState> {
  try {
    const record = await readRecord(databaseUrl)
    if (record) return record.state === 'done' ? 'live' : 'fill'
    const { rows } = await pool(databaseUrl).query<{ used: boolean }>(
      'SELECT EXISTS (SELECT FROM event_log) OR EXISTS (SELECT FROM import_run) AS used',
    )
    return rows[0]?.used ? 'none' : 'fill'
  } finally {
    await closeDatabase()
  }
}

interface FillProcess {
  readonly env: Record<string, string | undefined>
  readonly logFile: string
  /** Gets each line that it writes on standard output. */
  readonly detail: (text: string) => void
  readonly stopping: AbortSignal
}

/** Fills the demo company in a process of its own: it takes much memory for a minute, and the supervisor lives long. */
export async function fillDemoCompany({ env, logFile, detail, stopping }: FillProcess): Promise<void> {
  const child = await launch({
    command: process.execPath,
    args: [
      '--import=tsx',
      `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`,
      join(ROOT, 'scripts/start/fill-demo.ts'),
    ],
    env,
    logFile,
    onLine: detail,
  })
  const end = () => void child.stop('SIGTERM', 3_000)
  stopping.addEventListener('abort', end)
  const { code } = await child.exited
  stopping.removeEventListener('abort', end)
  stopping.throwIfAborted()
  if (code !== 0) throw new UserError('demo_failed', `The demo company could not be filled:\n${child.tail()}`, 500)
}
